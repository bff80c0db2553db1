"""Access steps: what is taken of a value, one step after the other.

payload[data][*].em     the argument `payload`, its key "data", any element of that, its attribute `em`
rows[0]                 a constant index
options[keys]           the keys of a mapping, not its values (a key "keys" is written `["keys"]`)
answer.**               the value itself and whatever lies below it, at any depth
1|users                 the argument at position 1 (`self` not counted) or given by that name
self.rows               the receiver of a method call
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from flowcheck.errors import RuleSyntaxError


@dataclass(frozen=True, slots=True)
class Attribute:
    """`.name`: an attribute."""

    name: str


@dataclass(frozen=True, slots=True)
class Key:
    """`[key]`: the value under a constant text."""

    value: str


@dataclass(frozen=True, slots=True)
class Index:
    """`[0]`: the item at a constant position (in a mapping, under a constant number)."""

    position: int


@dataclass(frozen=True, slots=True)
class AnyElement:
    """`[*]`: any item of a sequence or set, any value of a mapping."""


@dataclass(frozen=True, slots=True)
class Keys:
    """`[keys]`: any key of a mapping."""


@dataclass(frozen=True, slots=True)
class AnyBelow:
    """`.**`: the value itself and anything below it."""


AccessStep: TypeAlias = Attribute | Key | Index | AnyElement | Keys | AnyBelow


@dataclass(frozen=True, slots=True)
class ArgumentPath:
    """An argument of a call and what is taken of it.

    It is the one at `position` (as the caller writes it, `self` not counted), the one given by, or standing
    for, the parameter `name`, or either when both are known. `is_receiver` is the object whose method is called.
    """

    position: int | None
    name: str | None
    steps: tuple[AccessStep, ...] = ()
    is_receiver: bool = False

    @property
    def shown(self) -> str | int:
        """How a report calls the argument: by its name if that is known, else by its position."""
        if self.is_receiver:
            return "self"
        if self.name is not None:
            return self.name
        return -1 if self.position is None else self.position

    def __str__(self) -> str:
        root = "|".join(str(part) for part in (self.position, self.name) if part is not None)
        return f"{'self' if self.is_receiver else root}{shown_steps(self.steps)}"


_STEP = re.compile(
    r"""\.(?P<below>\*\*)
      | \.(?P<attribute>[^\W\d]\w*)
      | \[\s*(?P<quote>["'])(?P<quoted>[^"']*)(?P=quote)\s*\]
      | \[\s*(?P<any>\*)\s*\]
      | \[\s*(?P<index>-?\d+)\s*\]
      | \[\s*(?P<key>[^\[\]"'*\s](?:[^\[\]"'*]*[^\[\]"'*\s])?)\s*\]""",
    re.VERBOSE,
)
_ROOT = re.compile(r"(?P<position>\d+)(\|(?P<name>[^\W\d]\w*))?|(?P<only>[^\W\d]\w*)")


def parse_argument(text: str) -> ArgumentPath:
    """Read `payload[data][*].em`, `1|users`, `self.rows`. Raises RuleSyntaxError."""
    path, end = read_argument(text, 0)
    if end < len(text):
        raise RuleSyntaxError(text, end, 'expected ".name", "[key]", "[0]" or "[*]"')
    return path


def read_argument(text: str, start: int) -> tuple[ArgumentPath, int]:
    """The argument that stands at `start`, and where it ends. Raises RuleSyntaxError when none does."""
    root = _ROOT.match(text, start)
    if root is None:
        raise RuleSyntaxError(text, start, "expected the name or the position of an argument")
    steps, end = read_steps(text, root.end())
    if root["only"] == "self":
        return ArgumentPath(None, None, steps, is_receiver=True), end
    position = int(root["position"]) if root["position"] else None
    return ArgumentPath(position, root["name"] or root["only"], steps), end


def read_steps(text: str, start: int) -> tuple[tuple[AccessStep, ...], int]:
    """The access steps that stand at `start`, maybe none, and where they end."""
    steps: list[AccessStep] = []
    end = start
    while found := _STEP.match(text, end):
        steps.append(_step(found))
        end = found.end()
    return tuple(steps), end


def _step(found: re.Match[str]) -> AccessStep:
    if found["below"]:
        return AnyBelow()
    if found["attribute"]:
        return Attribute(found["attribute"])
    if found["any"]:
        return AnyElement()
    if found["index"]:
        return Index(int(found["index"]))
    if found["key"] == "keys":
        return Keys()
    return Key(found["quoted"] if found["key"] is None else found["key"])


def shown_steps(steps: tuple[AccessStep, ...]) -> str:
    """The steps as a rule writes them."""
    return "".join(_shown_step(step) for step in steps)


def _shown_step(step: AccessStep) -> str:
    match step:
        case Attribute(name):
            return f".{name}"
        case Key(value):
            return f"[{value}]"
        case Index(position):
            return f"[{position}]"
        case AnyElement():
            return "[*]"
        case Keys():
            return "[keys]"
        case AnyBelow():
            return ".**"
