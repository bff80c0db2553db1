from __future__ import annotations

from textwrap import dedent

import pytest
from lowered import cut, facts


def marks(source):
    return [(mark.label, mark.origin, mark.target_kind, mark.target) for mark in facts(source).marks]


def commented(source):
    """Kind and target of what the comments mark."""
    return [(kind, target) for _, origin, kind, target in marks(source) if origin == "comment"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("class U:\n    p: str  # flowcheck: X", [("field", "U.p")]),
        ("class U:\n    p = f(\n        1,\n    )  # flowcheck: X", [("field", "U.p")]),
        ("class U:\n    # flowcheck: X\n    p = 1\n    q = 2", [("field", "U.p")]),
        ("class U:\n    def m(self):\n        self.p = 1  # flowcheck: X", [("field", "U.p")]),
        ("class A:\n    class U:\n        p = 1  # flowcheck: X", [("field", "A.U.p")]),
        ("TOKEN = 1  # flowcheck: X", [("variable", "TOKEN")]),
        ("a = b = 1  # flowcheck: X", [("variable", "a"), ("variable", "b")]),
        ("a, (b, *c) = d  # flowcheck: X", [("variable", "a"), ("variable", "b"), ("variable", "c")]),
        ("def f():\n    p = 1  # flowcheck: X", [("variable", "f.p")]),
        ("def f():\n    global p\n    p = 1  # flowcheck: X", [("variable", "p")]),
        ("for p in q:  # flowcheck: X\n    pass", [("variable", "p")]),
        ("with o as p:  # flowcheck: X\n    pass", [("variable", "p")]),
        ("user.phone = 1  # flowcheck: X", [("none", "")]),
        ("f(x)  # flowcheck: X", [("none", "")]),
        ("# flowcheck: X\n\nx = 1", [("none", "")]),
        ("# flowcheck: X\n# more\nx = 1", [("variable", "x")]),
        ("x = '# flowcheck: X'", []),
        ("x = f'# flowcheck: X'", []),
    ],
)
def test_comments_on_fields_and_variables(source, expected):
    assert commented(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(a, b):  # flowcheck: X\n    pass", [("function", "f")]),
        ("def f(a): return a  # flowcheck: X", [("function", "f")]),
        ("# flowcheck: X\ndef f(a,\n      b): pass", [("function", "f")]),
        ("def f(a,\n      b):  # flowcheck: X\n    pass", [("function", "f")]),
        ("def f(\n    a,\n    b,\n) -> T:  # flowcheck: X\n    pass", [("function", "f")]),
        ("def f(  # flowcheck: X\n    a,\n): pass", [("function", "f")]),
        ("# flowcheck: X\n@d\ndef f(a): pass", [("function", "f")]),
        ("@d\n# flowcheck: X\ndef f(a): pass", [("function", "f")]),
        ("@d  # flowcheck: X\ndef f(a): pass", [("function", "f")]),
        ("def f(\n    a,  # flowcheck: X\n    b,\n): pass", [("parameter", "f:a")]),
        ("def f(\n    # flowcheck: X\n    a,\n    b,\n): pass", [("parameter", "f:a")]),
        ("def f(a,  # flowcheck: X\n      b): pass", [("parameter", "f:a")]),
        ("def f(\n    a, *b,  # flowcheck: X\n): pass", [("parameter", "f:a"), ("parameter", "f:b")]),
        ("def f(\n    a: T = (\n        1  # flowcheck: X\n    ),\n): pass", [("parameter", "f:a")]),
        ("def f(a):\n    # flowcheck: X\n    pass", [("none", "")]),
        ("class C:  # flowcheck: X\n    a = 1", [("class", "C")]),
        ("# flowcheck: X\nclass C(B): a = 1", [("class", "C")]),
        ("class C:\n    def m(self, a):  # flowcheck: X\n        pass", [("function", "C.m")]),
    ],
)
def test_comments_on_definitions(source, expected):
    assert commented(source) == expected


@pytest.mark.parametrize(
    ("comment", "labels"),
    [
        ("# flowcheck: security-collected  # SOURCE", ["security-collected"]),
        ("# noqa  # flowcheck: used-for=analytics", ["used-for=analytics"]),
        ("#flowcheck:X", ["X"]),
        ("# flowcheck: A  # flowcheck: B", ["A", "B"]),
        ("# flowcheck:", []),
        ("# see flowcheck: X", []),
        ("# flowcheck: ignore[FC001] why", []),
    ],
)
def test_labels_of_comments(comment, labels):
    assert [mark.label for mark in facts(f"x = 1  {comment}\n").marks] == labels


def test_places_of_a_mark():
    source = "class U:\n    phone: str  # noqa # flowcheck: X  # SOURCE\n"
    (mark,) = facts(source).marks
    assert cut(source, mark.target_at) == "phone"
    assert cut(source, mark.at).startswith("# flowcheck: X")


def test_annotated_texts():
    source = """
    from typing import Annotated, Optional
    import typing as t
    class User:
        phone: Annotated[str, "A", 1, "B"]
        email: Optional["t.Annotated[str, 'C']"] = None
        name: Annotated[str]
    def f(a: Annotated[str, "D"], b: "Annotated[str, 'E'] | None") -> Annotated[str, "F"]:
        c: Annotated[str, "G"] = 1
    """
    assert marks(source) == [
        ("A", "annotated", "field", "User.phone"),
        ("B", "annotated", "field", "User.phone"),
        ("D", "annotated", "parameter", "f:a"),
        ("E", "annotated", "parameter", "f:b"),
        ("F", "annotated", "return", "f"),
        ("G", "annotated", "variable", "f.c"),
    ]


def test_markers_and_decorators():
    source = """
    from typing import Annotated
    import flowcheck.marks
    from flowcheck import marks as m
    from flowcheck.marks import CollectedFor as C, used_for
    class User:
        phone: Annotated[str, C("security"), m.UsedFor(purpose="b")]
    @used_for("advertising")
    def f(): pass
    @flowcheck.marks.supplied_for("advertising")
    @m.collected_for("security")
    @other("security")
    class G: pass
    """
    assert marks(source) == [
        ("collected-for=security", "marker", "field", "User.phone"),
        ("used-for=b", "marker", "field", "User.phone"),
        ("used-for=advertising", "decorator", "function", "f"),
        ("supplied-for=advertising", "decorator", "class", "G"),
        ("collected-for=security", "decorator", "class", "G"),
    ]


def test_decorators_of_other_modules_are_no_marks():
    assert marks("from other import used_for\n@used_for('x')\ndef f(): pass\n") == []
    assert marks("@used_for('x')\ndef f(): pass\n") == []


def test_a_star_import_brings_the_markers():
    source = "from flowcheck.marks import *\n@used_for('x')\ndef f(): pass\n"
    assert marks(source) == [("used-for=x", "decorator", "function", "f")]


def test_metadata_of_fields():
    source = """
    class User:
        a: Mapped[str] = mapped_column(String(20), info={"collected_for": "A", "note": 1})
        b: str = field(metadata={"used_for": "B"})
        c: Annotated[str, Field(json_schema_extra={"supplied_for": "C"})]
        d = Column(other={"collected_for": "D"})
    e = field(metadata={"used_for": "E"})
    """
    assert marks(source) == [
        ("collected-for=A", "metadata", "field", "User.a"),
        ("used-for=B", "metadata", "field", "User.b"),
        ("supplied-for=C", "metadata", "field", "User.c"),
    ]


def test_metadata_of_the_columns_of_a_table():
    source = """
    people = Table("People", metadata, Column("phone", String, info={"collected_for": "A"}), Column("city", String))
    others = Table(NAME, metadata, Column("phone", String, info={"collected_for": "B"}))
    index = Index("People", Column("mail", String, info={"collected_for": "C"}))
    """
    assert marks(source) == [("collected-for=A", "metadata", "column", "people.phone")]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f(x)  # flowcheck: ignore[FC001] agreed", (("FC001",), "agreed", None, 1)),
        ("f(x)  # flowcheck: ignore[FC001,FC002]", (("FC001", "FC002"), "", None, 1)),
        ("f(x)  # flowcheck: ignore for tests", ((), "for tests", None, 1)),
        ("f(x)  # flowcheck: ignore", ((), "", None, 1)),
        ("f(x)  # flowcheck: ignore[A] why until=2027-01-31  # LEAK", (("A",), "why", "2027-01-31", 1)),
        ("f(x)  # flowcheck: ignore[A] until=2027-01-31 see #12", (("A",), "see #12", "2027-01-31", 1)),
        ("# flowcheck: ignore[A] why\n# more\nf(x)", (("A",), "why", None, 3)),
        ("f(\n    x,  # flowcheck: ignore[A] why\n)", (("A",), "why", None, 2)),
    ],
)
def test_suppressions(source, expected):
    (found,) = facts(source).suppressions
    assert (found.policies, found.reason, found.until, found.line) == expected
    assert facts(source).marks == ()


def test_a_file_without_signs_has_no_marks():
    lowered = facts(dedent("class U:\n    phone: str  # a comment\n"))
    assert (lowered.marks, lowered.suppressions) == ((), ())
