from __future__ import annotations

from lowered import body, code, facts


def test_locals_cells_and_free_names():
    source = """
    g = 1
    def outer(a, b):
        c = a
        def middle():
            def inner(): return b, g
            return inner
        return middle, c
    """
    outer, middle, inner = (code(source, name) for name in ("outer", "outer.middle", "outer.middle.inner"))
    assert (outer.locals, outer.cells, outer.free) == (("a", "c", "middle"), ("b",), ())
    assert (middle.locals, middle.cells, middle.free) == (("inner",), (), ("b",))
    assert inner.free == ("b",)
    assert body(source, "outer.middle.inner") == "Return(Display(tuple, [b:free, g]))"


def test_module_names_are_global_and_listed():
    source = "x = [y for y in z]\ndef f(): return x"
    module = code(source, "<module>")
    assert (module.locals, module.cells) == (("f", "x", "y.1"), ())
    assert body(source, "f") == "Return(x)"


def test_a_class_body_is_invisible_to_its_functions():
    source = """
    def f(x):
        class A:
            x = x
            y = x
            z = [x for _ in x]
            def m(self): return x, y
    """
    assert body(source, "f.A.m") == "Return(Display(tuple, [x:free, y]))"
    assert body(source, "f.A").startswith("Assign([x:local], x:local); Assign([y:local], x:local)")
    assert "Comprehension(list, x:free, None, [Clause(_.1:local, x:local)])" in body(source, "f.A")
    assert code(source, "f").cells == ("x",)


def test_global_and_nonlocal():
    source = """
    def f():
        global g, unbound
        g = x = 1
        def h():
            nonlocal x
            x = g
            def i():
                global x
                return x
    """
    assert body(source, "f").startswith("Assign([g, x:cell], 1)")
    assert body(source, "f.h").startswith("Assign([x:free], g)")
    assert body(source, "f.h.i") == "Return(x)"
    assert (code(source, "f").globals, code(source, "f").locals) == (("g",), ("h",))
    assert code(source, "f.h").locals == ("i",)


def test_a_walrus_in_a_comprehension_binds_in_the_function():
    source = "def f(a):\n    b = [y := x for x in a]\n    return y, x\n"
    assert code(source, "f").locals == ("a", "b", "x.1", "y")
    assert body(source, "f").endswith("Return(Display(tuple, [y:local, x]))")


def test_a_lambda_captures_a_comprehension_variable():
    source = "def f(a):\n    return [lambda y: (x, y) for x in a]\n"
    assert body(source, "f.<lambda>") == "Return(Display(tuple, [x.1:free, y:local]))"
    assert (code(source, "f").cells, code(source, "f").locals) == (("x.1",), ("a",))


def test_every_binding_form_makes_a_local():
    source = """
    def f():
        import a.b
        from m import c
        with o as d: pass
        for e in o: pass
        try: pass
        except E as g: pass
        match o:
            case {"k": h, **i}: pass
            case [*j]: pass
            case C(k=k) as l: pass
        n: int
        p += 1
        del q
        class R: pass
        def s(): pass
        (t, [u, *v]) = o
    """
    assert code(source, "f").locals == tuple("Racdeghijklnpqstuv")


def test_annotations_and_defaults_belong_to_the_place_around():
    source = "def f(a):\n    def g(x: a = a) -> a: return x\n"
    assert code(source, "f").cells == ()
    assert body(source, "f") == "DefineFunction(g:local, 2, [Default(x, a:local)])"


def test_private_names_are_mangled():
    source = """
    class _Tree:
        __x = 1
        def __m(self, __p, __q__):
            return self.__x, __p, __q__, f(__k=1)
    """
    assert body(source, "_Tree").startswith("Assign([_Tree__x:local], 1); DefineFunction(_Tree__m:local")
    assert body(source, "_Tree.__m") == (
        "Return(Display(tuple, [self:local._Tree__x, _Tree__p:local, __q__:local, Call(f, [_Tree__k=1])]))"
    )
    assert facts("class C:\n    __x = 1\n__x = 2\n").codes[0].locals == ("C", "__x")
