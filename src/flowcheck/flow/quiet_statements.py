"""Statements that cannot raise: what they leave behind does not reach the handlers of a `try`.

try:
    number = user.phone         may raise, if nobody knows what `user` is
    number = "+1"               cannot: the handler starts from the phone, or from what was there before
    row = {"to": number}["to"]  cannot: the key is there
except ValueError: ...
"""

from __future__ import annotations

from flowcheck.facts import tree
from flowcheck.flow.frames import Frame
from flowcheck.flow.inputs import scalar_type
from flowcheck.flow.names import read_name
from flowcheck.flow.objects import class_lookup, external_base
from flowcheck.flow.values import ABSENT, External, Ref, Value, attr, key
from flowcheck.program.program import CodeRef


def may_raise(frame: Frame, statement: tree.Statement) -> bool:
    """Whether a statement may raise before it has done anything: compound ones ask their parts themselves."""
    match statement:
        case tree.Assign(targets=targets, value=value):
            return not all(is_quiet_target(frame, each) for each in targets) or not is_quiet(frame, value)
        case tree.AugmentedAssign(target=tree.Name() as target, operator="+", value=value):
            return scalar_of(frame, target) is None or scalar_of(frame, target) != scalar_of(frame, value)
        case tree.Evaluate(value=value):
            return not is_quiet(frame, value)
        case tree.Return(value=value):
            return value is not None and not is_quiet(frame, value)
        case tree.Import(module=module):
            return not surely_imports(frame, module, None)
        case tree.ImportFrom(module=module, level=level, name=name):
            return not surely_imports(frame, frame.machine.program.absolute(frame.module, level, module), name)
        case tree.Break() | tree.Continue() | tree.Raise() | tree.Try() | tree.Declare() | tree.DefineFunction():
            return False
        case tree.If(test=test) | tree.While(test=test):
            return not is_quiet(frame, test)
        case _:
            return True


ALWAYS_THERE = frozenset(
    {
        "abc", "argparse", "ast", "base64", "collections", "contextlib", "copy", "csv", "datetime", "decimal", "enum",
        "functools", "hashlib", "html", "inspect", "io", "itertools", "json", "logging", "math", "operator", "os",
        "pathlib", "pickle", "random", "re", "shutil", "socket", "string", "struct", "subprocess", "sys", "tempfile",
        "textwrap", "threading", "time", "traceback", "types", "typing", "urllib", "uuid", "warnings", "weakref",
    }
)  # fmt: skip
"""Modules of the standard library that every Python has, in every version."""


def surely_imports(frame: Frame, module: str, name: str | None) -> bool:
    """Whether an import finds what it names: a module that is always there, or what a module of the program binds."""
    program = frame.machine.program
    if not program.has_module(module):
        return name is None and module in ALWAYS_THERE
    return name is None or name in frame.machine.module_names(program.canonical(module))


QUIET = (tree.Constant, tree.Bytes, tree.Opaque, tree.Name, tree.Lambda)
"""Expressions whose evaluation raises nothing, names taken to be bound."""


def is_quiet(frame: Frame, expression: tree.Expression) -> bool:
    """Whether an expression surely raises nothing."""
    match expression:
        case tree.Display(kind=kind, items=items):
            return kind != "set" and all(is_quiet(frame, item) for item in items)
        case tree.DictDisplay(items=items):
            return all(isinstance(item.key, tree.Constant) and is_quiet(frame, item.value) for item in items)
        case tree.Comparison(operator="is" | "is not", left=left, right=right):
            return is_quiet(frame, left) and is_quiet(frame, right)
        case tree.Unary(operator="not", operand=operand):
            return is_quiet(frame, operand)
        case tree.Boolean(values=values):
            return all(is_quiet(frame, value) for value in values)
        case tree.Conditional(test=test, body=body, orelse=orelse):
            return all(is_quiet(frame, part) for part in (test, body, orelse))
        case tree.Subscript(value=tree.Name() as owner, index=tree.Constant(value=name)):
            return has_item(frame, read_name(frame, owner), name)
        case tree.Attribute(value=tree.Name() as owner, attr=name):
            return has_field(frame, read_name(frame, owner), name)
        case tree.Call(func=tree.Name() as function, arguments=arguments):
            return all(is_quiet(frame, each.value) for each in arguments) and is_quiet_call(frame, function)
        case tree.Call(func=tree.Attribute(value=tree.Name() as owner, attr=name), arguments=arguments):
            return all(is_quiet(frame, each.value) for each in arguments) and is_quiet_method(frame, owner, name)
        case tree.Binary(operator="+", left=left, right=right):
            return scalar_of(frame, left) is not None and scalar_of(frame, left) == scalar_of(frame, right)
        case tree.Format(parts=parts):
            shown = [each for each in parts if isinstance(each, tree.Interpolation)]
            return all(each.spec is None and scalar_of(frame, each.value) is not None for each in shown)
        case _:
            return isinstance(expression, QUIET)


def scalar_of(frame: Frame, expression: tree.Expression) -> str | None:
    """The type of a text or a number that a name or constant surely is."""
    if isinstance(expression, tree.Constant):
        return type(expression.value).__name__ if isinstance(expression.value, str | int) else None
    if not isinstance(expression, tree.Name):
        return None
    kinds = {scalar_type(atom) for atom in frame.look(read_name(frame, expression)).atoms}
    kind = kinds.pop() if len(kinds) == 1 else None
    return kind if kind in {"str", "int"} else None


def is_quiet_target(frame: Frame, target: tree.Expression) -> bool:
    """Whether an assignment to a name, an attribute or an item surely raises nothing."""
    match target:
        case tree.Name():
            return True
        case tree.Attribute(value=tree.Name() as owner, attr=name):
            return sets_plainly(frame, read_name(frame, owner), name)
        case tree.Subscript(value=tree.Name() as owner, index=tree.Constant(value=name)):
            value = read_name(frame, owner)
            is_dict = all(obj.kind == "dict" and obj.type is None for _, obj in frame.objects(value))
            return is_all_objects(frame, value) and (is_dict or has_item(frame, value, name))
        case _:
            return False


def is_all_objects(frame: Frame, value: Value) -> bool:
    """Whether all that a value may be is known as objects."""
    return 0 < len(frame.objects(value)) == len(frame.look(value).atoms)


def sets_plainly(frame: Frame, owner: Value, name: str) -> bool:
    """Whether an attribute is just stored: no property, no `__setattr__`, no base outside the code base."""
    return is_all_objects(frame, owner) and all(
        obj.kind == "instance" and isinstance(obj.type, Ref) and keeps(frame, obj.type, name)
        for _, obj in frame.objects(owner)
    )


def keeps(frame: Frame, cls: Ref, name: str) -> bool:
    """Whether instances of a class simply keep an attribute."""
    if external_base(frame, cls) is not None or frame.machine.is_frozen(frame, cls, name):
        return False
    if any(class_lookup(frame, cls, each) is not None for each in ("__setattr__", "__slots__")):
        return False
    held = class_lookup(frame, cls, name)
    return held is None or all(obj.kind not in {"wrapper", "instance", "unknown"} for _, obj in frame.objects(held))


QUIET_BUILTINS = frozenset(f"builtins.{name}" for name in ("print", "isinstance", "id", "type", "callable"))
QUIET_METHODS = {"list": {"append", "clear", "copy"}, "dict": {"get", "clear", "copy", "items", "keys", "values"}}


def is_quiet_call(frame: Frame, function: tree.Name) -> bool:
    """Whether a call raises nothing, what it is given being there: of a builtin, of a function that does next to
    nothing.
    """
    atoms = frame.look(read_name(frame, function)).atoms
    return bool(atoms) and all(
        atom.name in QUIET_BUILTINS if isinstance(atom, External) else isinstance(atom, Ref) and is_plain(frame, atom)
        for atom in atoms
    )


def is_plain(frame: Frame, ref: Ref) -> bool:
    """Whether a function of the program only puts names, constants and displays of them into names, and returns."""
    obj = frame.object(ref)
    if obj.kind != "function" or not isinstance(obj.detail, CodeRef):
        return False
    code = frame.machine.program.code(obj.detail)
    return not code.is_generator and not code.is_async and all(map(is_plain_statement, code.body))


def is_plain_method(frame: Frame, receiver: Ref, name: str) -> bool:
    """Whether a method of the program does no more than a plain function, and keeps such things in its receiver."""
    method = class_lookup(frame, frame.object(receiver).type, name)
    functions = frame.objects(method) if method is not None else []
    if len(functions) != 1 or not isinstance(functions[0][1].detail, CodeRef) or functions[0][1].kind != "function":
        return False
    code = frame.machine.program.code(functions[0][1].detail)
    if code.is_generator or code.is_async or not code.parameters:
        return False
    own = code.parameters[0].name
    return all(is_plain_statement(each) or is_kept(frame, receiver, own, each) for each in code.body)


def is_kept(frame: Frame, receiver: Ref, own: str, statement: tree.Statement) -> bool:
    """`self.rows = []`, `self.rows.append(row)`"""
    match statement:
        case tree.Assign(targets=(tree.Attribute(value=tree.Name(id=owner), attr=name),), value=value):
            return owner == own and is_plain_expression(value) and sets_plainly(frame, Value((receiver,)), name)
        case tree.Evaluate(
            value=tree.Call(
                func=tree.Attribute(value=tree.Attribute(value=tree.Name(id=owner), attr=name), attr=method),
                arguments=arguments,
            )
        ):
            held = frame.content(Value((receiver,)), attr(name))
            is_plain_call = all(is_plain_expression(each.value) for each in arguments)
            return owner == own and is_plain_call and is_method_of_container(frame, held, method)
        case _:
            return False


def is_plain_statement(statement: tree.Statement) -> bool:
    """`number = [1, name]`, `return number`"""
    match statement:
        case tree.Assign(targets=targets, value=value):
            return all(isinstance(each, tree.Name) for each in targets) and is_plain_expression(value)
        case tree.Return(value=value):
            return value is None or is_plain_expression(value)
        case tree.Evaluate(value=value):
            return is_plain_expression(value)
        case _:
            return False


def is_plain_expression(expression: tree.Expression) -> bool:
    """Names, constants, and displays of them."""
    if isinstance(expression, tree.Display):
        return expression.kind != "set" and all(map(is_plain_expression, expression.items))
    return isinstance(expression, QUIET)


def is_quiet_method(frame: Frame, owner: tree.Name, name: str) -> bool:
    """Whether a method of containers raises nothing, or one of the program that does next to nothing."""
    value = read_name(frame, owner)
    found = frame.objects(value)
    if found and all(obj.kind == "instance" for _, obj in found):
        return is_all_objects(frame, value) and all(is_plain_method(frame, ref, name) for ref, _ in found)
    return is_method_of_container(frame, value, name)


def is_method_of_container(frame: Frame, value: Value, name: str) -> bool:
    """Whether a value is surely a container of Python's own, and the method one that raises nothing."""
    found = frame.objects(value)
    return (
        bool(found)
        and len(found) == len(frame.look(value).atoms)
        and all(obj.type is None and name in QUIET_METHODS.get(obj.kind, ()) for _, obj in found)
    )


def has_item(frame: Frame, owner: Value, name: object) -> bool:
    """Whether all that a value may be are containers with an item under a constant."""
    found = frame.objects(owner)
    if not found or len(found) < len(frame.look(owner).atoms):
        return False
    for _, obj in found:
        if obj.kind in {"list", "tuple"}:
            if not isinstance(name, int) or obj.type is not None or not -obj.length <= name < obj.length:
                return False
            if name < 0 and obj.rest is not None:
                return False
        elif obj.kind != "dict" or obj.type is not None or ABSENT in obj.fields.get(key(name), MISSING).atoms:
            return False
    return True


MISSING = Value((ABSENT,))


def has_field(frame: Frame, owner: Value, name: str) -> bool:
    """Whether all that a value may be are objects made here, with a field of that name."""
    found = frame.objects(owner)
    return (
        bool(found)
        and len(found) == len(frame.look(owner).atoms)
        and all(
            obj.kind == "instance" and obj.origin is None and ABSENT not in obj.fields.get(attr(name), MISSING).atoms
            for _, obj in found
        )
    )
