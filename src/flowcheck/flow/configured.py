"""Fields that a program's own settings name: where a package for login finds the number or address that it uses.

    TRENCH_AUTH = {"MFA_METHODS": {"sms": {"SOURCE_FIELD": "phone_number"}}}      User.phone_number: authentication
    PASSWORDLESS_AUTH = {"PASSWORDLESS_USER_MOBILE_FIELD_NAME": "mobile"}         User.mobile, likewise

The field is that of the class of the people who log in; a dotted path (`profile.phone`) leads to a field of any model.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowcheck.facts import tree
from flowcheck.facts.files import Code, FileFacts
from flowcheck.facts.traversal import records_in
from flowcheck.flow.labels import SourceLabel
from flowcheck.flow.mapped import USER_BASES
from flowcheck.flow.schemas import MODEL_BASES, last_name
from flowcheck.program.program import Program

AUTHENTICATION = "essential.service.authentication"

SETTINGS = {
    "SOURCE_FIELD": "MFA_METHODS",  # django-trench
    "PASSWORDLESS_USER_MOBILE_FIELD_NAME": "PASSWORDLESS_USER_MOBILE_FIELD_NAME",  # drfpasswordless
    "PASSWORDLESS_USER_EMAIL_FIELD_NAME": "PASSWORDLESS_USER_EMAIL_FIELD_NAME",
}
"""Settings that name a field, each with a word that must stand in the same file."""


def configured_fields(program: Program) -> Iterator[tuple[str, str, SourceLabel]]:
    """The fields that settings name: field, class by its dotted name, label."""
    for setting, word in SETTINGS.items():
        modules = set(program.modules_with(word))
        for module in program.modules_with(setting):
            for code in program.facts(module).codes if module in modules else ():
                for path in sorted(set(texts_under(code.body, setting))):
                    yield from fields_at(program, path)


def texts_under(node: object, setting: str) -> Iterator[str]:
    """The constant texts that stand under a key, or are assigned to a name."""
    for record in records_in(node):
        match record:
            case tree.DictItem(key=tree.Constant(value=key), value=tree.Constant(value=str(text))) if key == setting:
                yield text
            case tree.Assign(targets=(tree.Name(id=name),), value=tree.Constant(value=str(text))) if name == setting:
                yield text
            case _:
                pass


def fields_at(program: Program, path: str) -> Iterator[tuple[str, str, SourceLabel]]:
    """The fields of people's classes that a path ends in."""
    above, _, field = path.rpartition(".")
    bases = (*USER_BASES, *MODEL_BASES) if above else USER_BASES
    category = "user.contact.email" if "mail" in field else "user.contact.phone_number"
    for module in program.modules_with(field):
        facts = program.facts(module)
        for code in facts.codes:
            if code.kind == "class" and field in (*code.locals, *code.cells) and extends(facts, code, bases):
                cls = f"{module}.{code.qualname}"
                label = SourceLabel(f"{cls}.{field}", "collected_for", AUTHENTICATION, category, -1, by_name_only=True)
                yield field, cls, label


def extends(facts: FileFacts, code: Code, bases: tuple[str, ...]) -> bool:
    """Whether a class statement names one of the bases."""
    for statement in facts.codes[code.parent].body:
        if isinstance(statement, tree.DefineClass) and statement.code == code.index:
            return any(last_name(argument.value) in bases for argument in statement.arguments)
    return False
