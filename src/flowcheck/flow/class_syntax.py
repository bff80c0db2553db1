"""What is written about the attributes of a class: in its body, on its receiver, on the class itself.

class Mailer:
    to: Address                         annotation_of(body, "to")
    def __init__(self):
        self.via: Channel = post()      annotation_on_receiver(method, "via")
        Mailer.made += 1                class_attribute_writes
"""

from __future__ import annotations

from flowcheck.facts import tree
from flowcheck.facts.files import Code
from flowcheck.flow import bindings


def class_attribute_writes(codes: tuple[Code, ...]) -> frozenset[str]:
    """The attributes assigned on `cls`, on classes of the module, on `type(self)` or `self.__class__`."""
    classes_here = {code.name for code in codes if code.kind == "class"} | {"cls"}
    found: set[str] = set()
    for code in codes[1:]:
        for statement in bindings.all_statements(code.body):
            targets = (
                statement.targets
                if isinstance(statement, tree.Assign)
                else (statement.target,)
                if isinstance(statement, tree.AugmentedAssign)
                else ()
            )
            for target in targets:
                if isinstance(target, tree.Attribute) and is_class_expression(target.value, classes_here):
                    found.add(target.attr)
    return frozenset(found)


def is_class_expression(owner: tree.Expression, classes_here: set[str]) -> bool:
    """Whether an expression names a class."""
    match owner:
        case tree.Name(id=name):
            return name in classes_here
        case tree.Attribute(attr=name):
            return name == "__class__"
        case tree.Call(func=tree.Name(id="type")):
            return True
        case _:
            return False


def annotation_of(code: Code, name: str) -> tree.Expression | None:
    """The annotation of a field in a class body."""
    for statement in code.body:
        if (
            isinstance(statement, tree.Declare)
            and isinstance(statement.target, tree.Name)
            and statement.target.id == name
        ):
            return statement.annotation
        if (
            isinstance(statement, tree.Assign)
            and statement.annotation is not None
            and statement.targets
            == (
                tree.Name(name, tree.LOCAL, statement.targets[0].at),  # type: ignore[union-attr]
            )
        ):
            return statement.annotation
    return None


def annotation_on_receiver(code: Code, name: str) -> tree.Expression | None:
    """The annotation of `self.name: T = value` in a method."""
    receiver = code.parameters[0].name
    for statement in bindings.all_statements(code.body):
        if isinstance(statement, tree.Assign) and statement.annotation is not None:
            target = statement.targets[0]
        elif isinstance(statement, tree.Declare):
            target = statement.target
        else:
            continue
        if (
            isinstance(target, tree.Attribute)
            and target.attr == name
            and isinstance(target.value, tree.Name)
            and target.value.id == receiver
        ):
            return statement.annotation
    return None
