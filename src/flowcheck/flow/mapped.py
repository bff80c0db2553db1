"""Mapped classes: which classes of the code base are rows of a table, and what their fields relate to.

    class Profile(models.Model):
        user = models.OneToOneField(User, related_name="profile")      profile.user is a User, user.profile a Profile

The library need not be installed: a class with a base outside the code base, or with a `__tablename__`, is
mapped; relations are read from the class bodies as they are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flowcheck.facts import tree
from flowcheck.facts.files import Code
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.objects import class_lookup, class_name, external_base, mro
from flowcheck.flow.schemas import Schemas, last_name, table_id
from flowcheck.flow.values import Atom, Content, External, Path, Ref, Value, attr
from flowcheck.program.program import CodeRef
from flowcheck.rules.model import FieldTarget

TO_ONE = frozenset({"ForeignKey", "OneToOneField", "ParentalKey", "ForeignKeyField", "OneToOneRelation"})
TO_MANY = frozenset({"ManyToManyField", "GenericRelation", "ParentalManyToManyField"})
EITHER = frozenset({"relationship", "Relationship"})
RELATIONS = TO_ONE | TO_MANY | EITHER


@dataclass(frozen=True, slots=True)
class Relation:
    """A field that leads to rows of another class."""

    owner: str  # the class that declares it, by its dotted name
    field: str
    kind: str
    target: str  # as written: a class's name, perhaps dotted; "" when it is not known
    related_name: str


def table_of(frame: Frame, cls: Atom | None) -> str | None:
    """The table of a class; None for one that is mapped to none."""
    schemas: Schemas = frame.machine.schemas
    for each in mro(frame, cls):
        if isinstance(each, Ref):
            table = schemas.table_of_class(class_name(frame, each))
            if table is not None:
                return table
    if not isinstance(cls, Ref) or not is_mapped(frame, cls):
        return None
    return schemas.default_table(class_name(frame, cls))


def is_mapped(frame: Frame, cls: Ref) -> bool:
    """Whether a class is a row of some table, by what it extends or declares."""
    base = external_base(frame, cls)
    if base is not None and not base.startswith(("builtins.", "enum.", "typing.", "abc.", "collections.")):
        return base.endswith(MAPPED_BASES) or ".models." in base
    return class_lookup(frame, cls, "__tablename__") is not None


MAPPED_BASES = ("Model", "DeclarativeBase", "SQLModel", "AbstractUser", "AbstractBaseUser", "Base")


def row_path(frame: Frame, cls: Atom | None) -> Path | None:
    """Where the rows of a class rest."""
    table = table_of(frame, cls)
    return (Content("obj", table_id(table)),) if table is not None else None


def made_instance(frame: Frame, cls: Ref | External, at: tree.Span, detail: object = None) -> Value:
    """A row of a class, read from its table."""
    path = row_path(frame, cls) or (Content("obj", table_id(class_name(frame, cls))),)
    return frame.make(at, Obj("instance", type=cls, origin=path, detail=detail), f"row:{class_name(frame, cls)}")


# --- relations --------------------------------------------------------------------------------------


def relation_of(frame: Frame, cls: Atom | None, name: str) -> tuple[Ref | External, bool] | None:
    """Where a field leads: the class, and whether to many of its rows. None for a field that is no relation."""
    for each in mro(frame, cls):
        if isinstance(each, Ref):
            own = [relation for relation in relations_of(frame, each) if relation.field == name]
            for relation in own:
                target = class_written(frame, relation.target, relation.owner, each)
                return (target, is_to_many(relation)) if target is not None else None
    return reverse_relation(frame, cls, name)


def is_to_many(relation: Relation) -> bool:
    """Whether a relation leads to several rows."""
    return relation.kind in TO_MANY or (relation.kind in EITHER and relation.field.endswith("s"))


def relations_of(frame: Frame, cls: Ref) -> list[Relation]:
    """The relations that a class declares itself."""
    obj = frame.object(cls)
    if not isinstance(obj.detail, CodeRef):
        return []
    return list(declared(obj.detail.module, frame.machine.program.code(obj.detail)))


def declared(module: str, code: Code) -> Iterator[Relation]:
    """`user = models.ForeignKey("accounts.User", related_name="phones")`, `user: Mapped["User"] = relationship()`"""
    for statement in code.body:
        if not isinstance(statement, tree.Assign) or not isinstance(statement.value, tree.Call):
            continue
        call, target = statement.value, statement.targets[0]
        kind = last_name(call.func)
        if kind not in RELATIONS or not isinstance(target, tree.Name):
            continue
        named = {argument.name: argument.value for argument in call.arguments if argument.name}
        first = next((each.value for each in call.arguments if not each.name), named.get("to") or named.get("argument"))
        written = written_class(first) or written_class(inner_annotation(statement.annotation))
        related = named.get("related_name") or named.get("back_populates") or named.get("backref")
        shown = related.value if isinstance(related, tree.Constant) and isinstance(related.value, str) else ""
        yield Relation(f"{module}.{code.qualname}", target.id, kind, written, shown)


AUTH_USER = "AUTH_USER_MODEL"
"""Stands in a relation for the class of the people who log in."""

USER_BASES = ("AbstractUser", "AbstractBaseUser", "PermissionsMixin", "UserMixin", "FsUserMixin")


def user_class(frame: Frame) -> Ref | None:
    """The class of the people who log in: the one that extends a framework's user."""
    machine = frame.machine
    if machine.user_class is None:
        found = [cls for base in USER_BASES for cls in classes_extending(frame, base)]
        machine.user_class = tuple(found[:1])
    known: tuple[Ref, ...] = machine.user_class
    return known[0] if known else None


def classes_extending(frame: Frame, base: str) -> Iterator[Ref]:
    """The classes at module level whose statement names a base, by path."""
    program = frame.machine.program
    for module in program.modules_with(base):
        for statement in program.facts(module).codes[0].body:
            if isinstance(statement, tree.DefineClass) and any(last_name(a.value) == base for a in statement.arguments):
                cls = class_in(frame, module, statement.target.id)
                if cls is not None:
                    yield cls


def written_class(expression: tree.Expression | None) -> str:
    """A class as it is written, or as the text of its name."""
    match expression:
        case tree.Constant(value=str() as text):
            return text
        case tree.Name(id=name):
            return name
        case tree.Attribute(attr=name):
            return AUTH_USER if name == "AUTH_USER_MODEL" else name
        case tree.Call(func=function) if last_name(function) == "get_user_model":
            return AUTH_USER
    return ""


def inner_annotation(annotation: tree.Expression | None) -> tree.Expression | None:
    """`User` of `Mapped[list["User"]]`"""
    while isinstance(annotation, tree.Subscript):
        annotation = annotation.index
    return annotation


def class_written(frame: Frame, written: str, owner: str, cls: Ref) -> Ref | None:
    """The class that a relation names: beside its owner, else anywhere by its last name."""
    if written == "self":
        return cls
    if written == AUTH_USER:
        return user_class(frame)
    name = written.rpartition(".")[2]
    if not name:
        return None
    module = owner_module(frame, owner)
    program = frame.machine.program
    app = written.partition(".")[0]
    others = sorted(program.modules_with(name), key=lambda each: (app not in each, program.path_of(each)))
    for each in (module, *others):
        found = class_in(frame, each, name)
        if found is not None:
            return found
    return None


def owner_module(frame: Frame, name: str) -> str:
    """The module of a class's dotted name."""
    while name and not frame.machine.program.has_module(name):
        name = name.rpartition(".")[0]
    return name


def class_in(frame: Frame, module: str, name: str) -> Ref | None:
    """A class that a module defines at its level."""
    if not module or frame.machine.program.code_named(module, name) is None:
        return None
    for atom in frame.look(frame.machine.module_member(frame, module, name)).atoms:
        if isinstance(atom, Ref) and frame.object(atom).kind == "class":
            return atom
    return None


def reverse_relation(frame: Frame, cls: Atom | None, name: str) -> tuple[Ref | External, bool] | None:
    """`user.profile`, `user.phonedevice_set`, `user.phones`: a relation that another class declares."""
    names = {class_name(frame, each).rpartition(".")[2] for each in mro(frame, cls)}
    plain = name.removesuffix("_set")
    for relation in every_relation(frame):
        if not is_related_to(frame, relation, names):
            continue
        short = relation.owner.rpartition(".")[2].lower()
        is_default = not relation.related_name and short == plain
        if relation.related_name == name or is_default:
            found = plain_class(frame, relation.owner)
            if found is not None:
                return found, relation.kind != "OneToOneField"
    model = ruled_model(frame, plain) if is_person(names) else None
    return (External(model), True) if model is not None else None


def is_person(names: set[str]) -> bool:
    """Whether a class is that of the people who log in, to which the rows of packages for login lead."""
    return any(name.endswith("User") for name in names)


def is_related_to(frame: Frame, relation: Relation, names: set[str]) -> bool:
    """Whether a relation leads to a class of one of these names."""
    if relation.target != AUTH_USER:
        return relation.target.rpartition(".")[2] in names
    user = user_class(frame)
    return user is not None and class_name(frame, user).rpartition(".")[2] in names


def plain_class(frame: Frame, name: str) -> Ref | None:
    """The class of a dotted name, where it stands at the level of a module."""
    return class_in(frame, owner_module(frame, name), name.rpartition(".")[2])


def every_relation(frame: Frame) -> list[Relation]:
    """All relations that the code base declares, in order of paths and lines."""
    machine = frame.machine
    if machine.relations is None:
        found: dict[Relation, None] = {}
        for word in sorted(RELATIONS):
            for module in machine.program.modules_with(word):
                for code in machine.program.facts(module).codes:
                    if code.kind == "class" and word in code.mentions:
                        found.update(dict.fromkeys(declared(module, code)))
        machine.relations = list(found)
    relations: list[Relation] = machine.relations
    return relations


def ruled_model(frame: Frame, name: str) -> str | None:
    """The model of a library in use whose fields a rule speaks of, by its name in lower case."""
    return models_of_rules(frame).get(name)


def models_of_rules(frame: Frame) -> dict[str, str]:
    """The classes of libraries in use whose fields source rules name, by their names in lower case."""
    machine = frame.machine
    if machine.ruled_models is None:
        found: dict[str, str] = {}
        for rule in machine.labels.rules.sources:
            target = rule.target
            for parts in target.pattern.alternatives if isinstance(target, FieldTarget) else ():
                words = [part.word for part in parts]
                if len(words) > 2 and not any("*" in word for word in words) and machine.program.knows(words[0]):
                    found.setdefault(words[-2].lower(), ".".join(words[:-1]))
        machine.ruled_models = found
    models: dict[str, str] = machine.ruled_models
    return models


def field_named_by(frame: Frame, atom: Atom) -> tuple[str, str] | None:
    """The class and name of a field that was read from the class itself: `User.phone`."""
    if not isinstance(atom, Ref):
        return None
    obj = frame.object(atom)
    if obj.kind == "method" and isinstance(obj.detail, str):
        for receiver in frame.look(obj.get(attr("__self__"))).atoms:
            if isinstance(receiver, Ref) and frame.object(receiver).kind == "class":
                return class_name(frame, receiver), obj.detail.rpartition(".")[2]
    if atom.id[0] != "G" or len(atom.id) < 6 or not isinstance(atom.id[2], int):
        return None
    module = str(atom.id[1])
    if not frame.machine.program.has_module(module):
        return None
    code = frame.machine.program.code(CodeRef(module, atom.id[2]))
    for statement in code.body if code.kind == "class" else ():
        if isinstance(statement, tree.Assign) and isinstance(statement.value, tree.Call):
            target, at = statement.targets[0], statement.value.at
            if isinstance(target, tree.Name) and (at.line, at.column) == atom.id[3:5]:
                return f"{module}.{code.qualname}", target.id
    return None
