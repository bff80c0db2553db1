"""Names that are set from outside: of a module by whoever imports it, of a class by any code.

import settings                         from shop.models import Shop
settings.phone = user.phone             Shop.contact = user.phone           Shop.greet = other_greeting

Such a name is no constant, function or field for good: what it holds is asked of whoever calls. The word index tells
which files assign an attribute of that name at all, so that only those are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from flowcheck.facts import tree
from flowcheck.facts.files import Code
from flowcheck.flow.bindings import all_statements
from flowcheck.flow.oracle import last_name
from flowcheck.program.program import CodeRef, Program

MOST_BINDERS = 12
"""Files that may both mention a module or class and assign such an attribute for them to be looked through."""

IsOwner: TypeAlias = Callable[[str, Code, tree.Expression], bool]
"""Whether an expression, in a code of a module, may be the module or class that is asked about."""

NAMESPACES = frozenset({"globals", "vars", "__dict__"})
"""By which a module's names can be set as the items of a mapping."""


# --- modules -------------------------------------------------------------------------------------


def binders_of_module(program: Program, module: str, name: str) -> list[str]:
    """The modules that seem to assign `module.name`, or do so by `setattr`, by `globals()` or by `vars`."""
    leaf = module.rpartition(".")[2]

    def is_owner(other: str, code: Code, owner: tree.Expression) -> bool:
        return may_be_module(program, other, code, owner, module)

    found = [other for other in candidates(program, module, leaf, name) if assigns(program, other, name, is_owner)]
    found += [
        other
        for other in namespace_users(program, module, leaf)
        if other not in found and sets_item(program, other, name)
    ]
    return sorted(found, key=program.path_of)


def candidates(program: Program, home: str, word: str, name: str) -> list[str]:
    """The modules that mention a word and assign an attribute of this name; the home need not mention itself."""
    assigning = program.modules_assigning(name)
    if not assigning:
        return []
    around = {home, *program.modules_with(word)}
    found = [other for other in assigning if other in around]
    return found if len(found) <= MOST_BINDERS else []


def may_be_module(program: Program, other: str, code: Code, owner: tree.Expression, module: str) -> bool:
    """Whether what is assigned to may be the module."""
    match owner:
        case tree.Name(id=name):
            imported = imports_of(program, other, code, name)
            if imported:
                return any(names_module(program, other, each, module) for each in imported)
            return not is_receiver(program, other, code, name) and not is_defined(program, other, name)
        case tree.Attribute(attr=name):
            return name == module.rpartition(".")[2]
        case _:
            return True


def imports_of(program: Program, module: str, code: Code, name: str) -> list[tree.Import | tree.ImportFrom]:
    """The imports that bind a name for a code: its own, else those of its module."""
    codes = program.facts(module).codes
    for each in (code, codes[0]):
        found = [
            statement
            for statement in all_statements(each.body)
            if isinstance(statement, tree.Import | tree.ImportFrom) and statement.target.id == name
        ]
        if found:
            return found
    return []


def names_module(program: Program, other: str, statement: tree.Import | tree.ImportFrom, module: str) -> bool:
    """Whether an import brings the module itself."""
    if isinstance(statement, tree.Import):
        named = statement.module if statement.is_alias else statement.module.partition(".")[0]
    else:
        named = f"{program.absolute(other, statement.level, statement.module)}.{statement.name}"
    if not program.has_module(named):
        return statement_names(statement) == module.rpartition(".")[2]
    return program.is_same(named, module)


def statement_names(statement: tree.Import | tree.ImportFrom) -> str:
    """The last word of what is imported, whatever it is called here."""
    return statement.module.rpartition(".")[2] if isinstance(statement, tree.Import) else statement.name


def is_receiver(program: Program, module: str, code: Code, name: str) -> bool:
    """Whether a name is the first parameter of a method: an object of its own class."""
    codes = program.facts(module).codes
    return (
        bool(code.parameters)
        and code.parameters[0].name == name
        and code.parent >= 0
        and codes[code.parent].kind == "class"
    )


def is_defined(program: Program, module: str, name: str) -> bool:
    """Whether a name is that of a class or function of the module."""
    return any(
        isinstance(statement, tree.DefineClass | tree.DefineFunction) and statement.target.id == name
        for statement in all_statements(program.facts(module).codes[0].body)
    )


# --- the names of a module as a mapping ------------------------------------------------------------


def namespace_users(program: Program, module: str, leaf: str) -> list[str]:
    """The modules that look at the names of a module as a mapping."""
    own = [module] if any(module in program.modules_with(word) for word in sorted(NAMESPACES)) else []
    others = {other for word in ("vars", "__dict__") for other in program.modules_with(word) if other != module}
    around = others.intersection(program.modules_with(leaf)) if others else others
    return [*own, *sorted(around, key=program.path_of)] if len(around) <= MOST_BINDERS else own


def sets_item(program: Program, module: str, name: str) -> bool:
    """Whether a code sets an item of this name in a namespace, by subscript or as a keyword."""
    if module not in program.modules_with(name):
        return False
    return any(
        name in code.mentions
        and not NAMESPACES.isdisjoint(code.mentions)
        and any(is_item_set(statement, name) for statement in all_statements(code.body))
        for code in program.facts(module).codes
    )


def is_item_set(statement: tree.Statement, name: str) -> bool:
    """`globals()["name"] = x`, `names["name"] = x`, `globals().update(name=x)`"""
    if isinstance(statement, tree.Evaluate) and isinstance(statement.value, tree.Call):
        call = statement.value
        return any(argument.name == name or mentions_key(argument.value, name) for argument in call.arguments)
    return any(
        isinstance(target, tree.Subscript)
        and (not isinstance(target.index, tree.Constant) or target.index.value == name)
        for target in targets_of(statement)
    )


def mentions_key(expression: tree.Expression, name: str) -> bool:
    """Whether a dictionary display has a key, or a constant is that key."""
    if isinstance(expression, tree.DictDisplay):
        return any(isinstance(item.key, tree.Constant) and item.key.value == name for item in expression.items)
    return isinstance(expression, tree.Constant) and expression.value == name


# --- classes and functions -----------------------------------------------------------------------


def binders_of_code(program: Program, wanted: CodeRef, name: str) -> list[str]:
    """The modules that seem to assign an attribute of this name on a class or function, or do so by `setattr`."""
    word = program.code(wanted).name

    def is_owner(other: str, code: Code, owner: tree.Expression) -> bool:
        return may_be_code(program, other, code, owner, wanted)

    found = candidates(program, wanted.module, word, name)
    return [other for other in found if assigns(program, other, name, is_owner)]


def may_be_code(program: Program, other: str, code: Code, owner: tree.Expression, wanted: CodeRef) -> bool:
    """Whether what is assigned to may be the class or function."""
    word = program.code(wanted).name
    match owner:
        case tree.Name(id=name):
            imported = imports_of(program, other, code, name)
            if imported:
                return any(statement_names(each) == word for each in imported)
            if is_defined(program, other, name):
                return program.is_same(other, wanted.module) and name == word
            if any(is_alias(statement, name, word) for statement in all_statements(code.body)):
                return True
            return is_plain_parameter(program, other, code, name) and is_given(program, other, code.name, word)
        case tree.Attribute(attr=name):
            return name in {word, "__class__"}
        case _:
            return True


def is_alias(statement: tree.Statement, name: str, word: str) -> bool:
    """`name = Class`, `for name in (Class, Other): ...`"""
    match statement:
        case tree.Assign(targets=targets, value=value):
            return last_name(value) == word and any(last_name(target) == name for target in targets)
        case tree.For(target=target, iterable=tree.Display(items=items)):
            return last_name(target) == name and any(last_name(item) == word for item in items)
        case _:
            return False


def is_plain_parameter(program: Program, module: str, code: Code, name: str) -> bool:
    """Whether a name is a parameter that may be anything."""
    return any(
        parameter.name == name and parameter.annotation is None for parameter in code.parameters
    ) and not is_receiver(program, module, code, name)


def is_given(program: Program, module: str, function: str, word: str) -> bool:
    """Whether a code of the module names both a function and what it may be given."""
    return any(function in code.mentions and word in code.mentions for code in program.facts(module).codes)


# --- statements ------------------------------------------------------------------------------------


def assigns(program: Program, module: str, name: str, is_owner: IsOwner) -> bool:
    """Whether a module has `owner.name = value`, or sets an attribute of that name by `setattr`."""
    return any(
        "setattr" in code.mentions
        or any(
            isinstance(target, tree.Attribute) and target.attr == name and is_owner(module, code, target.value)
            for statement in all_statements(code.body)
            for target in targets_of(statement)
        )
        for code in program.facts(module).codes
        if name in code.mentions
    )


def targets_of(statement: tree.Statement) -> Iterator[tree.Expression]:
    """What a statement assigns to, tuples taken apart."""
    match statement:
        case tree.Assign(targets=targets):
            pending = list(targets)
        case tree.AugmentedAssign(target=target):
            pending = [target]
        case _:
            pending = []
    for target in pending:
        if isinstance(target, tree.Display):
            pending.extend(target.items)
        else:
            yield target
