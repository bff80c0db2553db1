"""What frameworks hand to the functions that they call, where nobody else does.

def me(user=Depends(current_user))                          what `current_user` returns
@receiver(post_save, sender=Device)
def on_device(sender, instance, **kwargs)                   instance: a row of Device
def form_valid(self, form)                                  form: an instance of the view's `form_class`
"""

from __future__ import annotations

from collections.abc import Iterator

from flowcheck.facts import tree
from flowcheck.facts.files import Code, Parameter
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_value, make_instance
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.handlers import handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.library_rows import row_of
from flowcheck.flow.mapped import classes_extending, made_instance
from flowcheck.flow.objects import class_lookup, external_base
from flowcheck.flow.oracle import last_name
from flowcheck.flow.query_values import query_yielding
from flowcheck.flow.values import NOTHING, UNKNOWN_VALUE, External, Ref, Value, attr, derived, join, join_all, key
from flowcheck.flow.web_forms import field_of, is_form, mapping_of
from flowcheck.program.program import CodeRef

DEPENDENCIES = ("fastapi.Depends", "fastapi.params.Depends", "fastapi.Security", "fastapi.param_functions.Depends")
DEPENDENCY = attr("dependency")
INJECTING = ("Depends", "Security")
"""The words by which a parameter says that a function's result fills it."""


@handles(*DEPENDENCIES)
def call_depends(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`Depends(current_user)`: calls nothing yet."""
    given = arguments.get(0, "dependency") or NOTHING
    return frame.make(at, Obj("external", {DEPENDENCY: given}, detail="fastapi.Depends()"), "depends")


def injected(frame: Frame, value: Value, at: Span) -> Value:
    """A default that a framework replaces by what a dependency gives; any other default as it is."""
    for _, obj in frame.objects(value):
        if obj.detail == "fastapi.Depends()":
            return result_of(frame, obj.get(DEPENDENCY).present(), at)
    return value


def result_of(frame: Frame, dependency: Value, at: Span) -> Value:
    """What a dependency gives: of a generator, what it yields."""
    given = call_value(frame, dependency, sent_with_request(frame, dependency, at), at)
    if any(obj.kind == "generator" for _, obj in frame.objects(given)):
        return frame.machine.iterate(frame, given, at).any()
    return frame.machine.awaited(frame, given, at)


def sent_with_request(frame: Frame, dependency: Value, at: Span) -> Arguments:
    """What a framework fills the parameters of a dependency with that have no default."""
    given = Arguments()
    for ref, obj in frame.objects(dependency):
        makers = frame.objects(class_lookup(frame, ref, "__init__") or NOTHING) if obj.kind == "class" else [(ref, obj)]
        for _, made in makers:
            if isinstance(made.detail, CodeRef) and made.kind == "function":
                parameters = frame.machine.program.code(made.detail).parameters[1 if obj.kind == "class" else 0 :]
                scratch = frame.machine.scratch_frame(made.detail.module)
                filled = [each for each in parameters if not each.has_default and each.kind in {"plain", "keyword"}]
                given.keywords.update((each.name, filled_value(frame, scratch, each, at)) for each in filled)
    return given


def filled_value(frame: Frame, scratch: Frame, parameter: Parameter, at: Span) -> Value:
    """What a parameter of a dependency gets: another dependency's result, an instance of a class, else anything."""
    if parameter.annotation is None:
        return UNKNOWN_VALUE
    dependency = dependency_of_annotation(parameter.annotation)
    inner = dependency.arguments if isinstance(dependency, tree.Call) else ()
    named = scratch.evaluate(inner[0].value if inner else plain_annotation(parameter.annotation))
    refs = [each for each in named.atoms if isinstance(each, Ref)]
    if dependency is not None and refs:
        return join_all(result_of(frame, Value((each,)), at) for each in refs)
    classes = [each for each in refs if frame.object(each).kind == "class"]
    return join_all(made_instance(frame, cls, at) for cls in classes) if classes else UNKNOWN_VALUE


def supply(frame: Frame) -> None:
    """Bind the parameters of an entry that a framework fills."""
    for parameter in frame.code.parameters:
        before = frame.state.fork()
        try:
            value = supplied_value(frame, parameter)
        except Diverges:  # what a framework makes need not do with what little is given to it here
            frame.state = before
            value = bare_value(frame, parameter)
        if value is None or not (value.atoms or value.taints):
            continue
        if parameter.name in frame.code.cells and frame.scope is not None:
            frame.state.write(frame.scope.id, attr(parameter.name), value, is_strong=True)
        else:
            frame.state.variables[parameter.name] = value


def supplied_value(frame: Frame, parameter: Parameter) -> Value | None:
    """What a framework passes for a parameter; None where none is known to."""
    dependency = dependency_of(frame, parameter)
    if dependency is not None:
        given = frame.evaluate(dependency)
        if isinstance(dependency, tree.Call) and not dependency.arguments and parameter.annotation is not None:
            return result_of(frame, frame.evaluate(plain_annotation(parameter.annotation)), parameter.at)
        return injected(frame, given, parameter.at)
    if parameter.annotation is not None:
        return None
    if parameter.name in {"instance", "target"}:
        return join_all(rows_of_sender(frame, parameter.at))
    cls = frame.machine.class_around(frame.ref)
    if cls is None:
        return rows_of_action(frame, parameter)
    return value_for_method(frame, cls, parameter)


def dependency_of(frame: Frame, parameter: Parameter) -> tree.Expression | None:
    """`Depends(f)` as it is written: the parameter's default, or part of its annotation."""
    return written_dependency(frame.machine.definition_of(frame.ref), parameter)


def written_dependency(statement: tree.Statement | None, parameter: Parameter) -> tree.Expression | None:
    """Likewise, of a function that a statement defines."""
    if parameter.has_default:
        for default in statement.defaults if isinstance(statement, tree.DefineFunction) else ():
            if default.parameter == parameter.name and is_depends(default.value):
                return default.value
    return dependency_of_annotation(parameter.annotation)


def depends_on(statement: tree.Statement | None, code: Code, word: str) -> bool:
    """Whether a parameter of a function is filled by a dependency of that name."""
    given = (written_dependency(statement, parameter) for parameter in code.parameters)
    calls = [each for each in given if isinstance(each, tree.Call)]
    return any(last_name(argument.value) == word for call in calls for argument in call.arguments[:1])


def dependency_of_annotation(annotation: tree.Expression | None) -> tree.Expression | None:
    """The `Depends(f)` of `Annotated[User, Depends(f)]`."""
    if isinstance(annotation, tree.Subscript) and last_name(annotation.value) == "Annotated":
        parts = annotation.index.items if isinstance(annotation.index, tree.Display) else ()
        return next((part for part in parts[1:] if is_depends(part)), None)
    return None


def plain_annotation(annotation: tree.Expression) -> tree.Expression:
    """The type that `Annotated[Contact, Depends()]` speaks of."""
    if isinstance(annotation, tree.Subscript) and last_name(annotation.value) == "Annotated":
        return annotation.index.items[0] if isinstance(annotation.index, tree.Display) else annotation.index
    return annotation


def is_depends(expression: tree.Expression) -> bool:
    """Whether an expression is a call of `Depends` or `Security`."""
    return isinstance(expression, tree.Call) and last_name(expression.func) in INJECTING


def bare_value(frame: Frame, parameter: Parameter) -> Value | None:
    """An instance of the class that a framework makes for a parameter, as it is before its constructor runs."""
    cls = frame.machine.class_around(frame.ref)
    made = class_lookup(frame, cls, GIVEN_BY.get(parameter.name, "")) if cls is not None else None
    classes = [ref for ref, obj in frame.objects(made) if obj.kind == "class"] if made is not None else []
    return join_all(make_instance(frame, each, parameter.at) for each in classes)


# --- signals ---------------------------------------------------------------------------------------


def rows_of_sender(frame: Frame, at: Span) -> Iterator[Value]:
    """`@receiver(post_save, sender=Device)`, `@listens_for(Device, "after_insert")`: a row of that class."""
    for decorator in frame.machine.decorators(frame.ref):
        if not isinstance(decorator, tree.Call):
            continue
        name = last_name(decorator.func)
        for place, argument in enumerate(decorator.arguments):
            is_sender = argument.name == "sender" or (name == "listens_for" and place == 0)
            if is_sender and name in {"receiver", "listens_for", "connect", "connect_via"}:
                yield rows_of_classes(frame, frame.evaluate(argument.value), at)


def rows_of_classes(frame: Frame, value: Value, at: Span) -> Value:
    """A row of each class that a value may be, or that a list of it holds."""
    found = NOTHING
    for atom in frame.look(value).atoms:
        if isinstance(atom, External):
            found = join(found, row_of(frame, atom.name, at))
        elif isinstance(atom, Ref) and frame.object(atom).kind == "class":
            found = join(found, made_instance(frame, atom, at))
        elif isinstance(atom, Ref) and frame.object(atom).kind in {"list", "tuple"}:
            found = join(found, rows_of_classes(frame, join_all(frame.object(atom).elements()), at))
    return found


# --- methods that a framework calls ----------------------------------------------------------------

GIVEN_BY = {"form": "form_class", "serializer": "serializer_class"}


def value_for_method(frame: Frame, cls: Ref, parameter: Parameter) -> Value | None:
    """`form`, `serializer`, `validated_data`, `queryset`, `obj` of the methods that have them by convention."""
    checked = value_to_check(frame, cls, parameter)
    if checked is not None:
        return checked
    base = external_base(frame, cls)
    if base is None or parameter.name not in {*GIVEN_BY, "validated_data", "attrs", "queryset", "obj"}:
        return None
    if parameter.name == "form" and "Admin" in base:
        return form_of_rows(frame, rows_of_admin(frame, cls, parameter.at), parameter.at)
    if parameter.name in GIVEN_BY:
        made = class_lookup(frame, cls, GIVEN_BY[parameter.name])
        return call_value(frame, made, Arguments(), parameter.at) if made is not None else None
    if parameter.name in {"validated_data", "attrs"}:
        return mapping_for(frame, parameter) if is_form(frame, cls) else None
    if "Admin" in base:
        rows = rows_of_admin(frame, cls, parameter.at)
        return rows if parameter.name == "obj" or not rows.atoms else query_yielding(frame, rows, parameter.at)
    return None


CHECKS = frozenset({"field_validator", "validator", "validates", "field_serializer"})


def value_to_check(frame: Frame, cls: Ref, parameter: Parameter) -> Value | None:
    """`@field_validator("phone") def check(cls, value)`, `def validate_phone(self, value)`: the field's value."""
    parameters = [each.name for each in frame.code.parameters]
    place = parameters.index(parameter.name) if parameter.name in parameters else 0
    if place == 0:
        return None
    names: list[str] = []
    for decorator in frame.machine.decorators(frame.ref):
        if isinstance(decorator, tree.Call) and last_name(decorator.func) in CHECKS and place == 1:
            given = [each.value for each in decorator.arguments if each.name is None]
            names += [each.value for each in given if isinstance(each, tree.Constant) and isinstance(each.value, str)]
        if isinstance(decorator, tree.Attribute) and decorator.attr == "validator" and place == len(parameters) - 1:
            names.append(last_name(decorator.value))
    checked = frame.code.name.removeprefix("validate_")
    is_of_form = checked != frame.code.name and place == 1 and is_form(frame, cls)
    row = made_instance(frame, cls, parameter.at)
    values = [field_of(frame, row, name, parameter.at) for name in (*names, *([checked] if is_of_form else []))]
    if is_of_form and frame.code.parameters:
        filled = mapping_for(frame, parameter)
        values.append(derived(frame.deep_taints(frame.content(filled, key(checked)).present())))
    if not values:
        return None
    value = join_all(values)
    if not is_of_form or "serializers" in (external_base(frame, cls) or ""):
        return value
    return frame.make(parameter.at, Obj("external", {attr("data"): value}, detail="wtforms.Field()"), "form:field")


def form_of_rows(frame: Frame, rows: Value, at: Span) -> Value | None:
    """The form that an admin makes of its class."""
    if not rows.atoms:
        return None
    fields = {
        attr("cleaned_data"): frame.machine.row_as_mapping(frame, rows, at),
        attr("instance"): rows,
    }
    return frame.make(at, Obj("external", fields, detail="django.forms.ModelForm()"), "admin:form")


def mapping_for(frame: Frame, parameter: Parameter) -> Value:
    """What a person filled in, for a method of a serializer."""
    receiver = frame.look(frame.state.variables.get(frame.code.parameters[0].name, NOTHING))
    return join_all(mapping_of(frame, Value((ref,)), obj, None, parameter.at) for ref, obj in frame.objects(receiver))


def rows_of_admin(frame: Frame, cls: Ref, at: Span) -> Value:
    """`@admin.register(User)`: rows of the class that an admin is about."""
    statement = frame.machine.statement_of_class(cls)
    found = NOTHING
    for decorator in statement.decorators if statement is not None else ():
        if isinstance(decorator, tree.Call) and last_name(decorator.func) == "register":
            for argument in decorator.arguments:
                if argument.name is None:
                    found = join(found, rows_of_classes(frame, frame.evaluate(argument.value), at))
    return found


def rows_of_action(frame: Frame, parameter: Parameter) -> Value | None:
    """The query set of an action, where the code base has an admin that lists it."""
    if parameter.name != "queryset":
        return None
    for cls in classes_extending(frame, "ModelAdmin"):
        statement = frame.machine.statement_of_class(cls)
        code = frame.machine.program.code(CodeRef(str(cls.id[1]), statement.code)) if statement is not None else None
        rows = rows_of_admin(frame, cls, parameter.at)
        if code is not None and frame.code.name in code.mentions and rows.atoms:
            return query_yielding(frame, rows, parameter.at)
    return None
