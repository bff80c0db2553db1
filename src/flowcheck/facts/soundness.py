"""Whether facts that somebody else wrote hold together, so that nothing that reads them goes astray.

Decoding has seen to the types. What is left: codes that name one another do so within the file and without a circle,
and nothing nests deeper than a lowered file does.
"""

from __future__ import annotations

from flowcheck.facts.files import Code, FileFacts
from flowcheck.facts.traversal import parts_of
from flowcheck.facts.tree import DefineClass, DefineFunction, Lambda, Span

DEEPEST = 4000
"""Records inside one another. Of lowered files the deepest, 200 expressions in blocks in blocks, stay well below."""


def is_sound(facts: FileFacts) -> bool:
    """Whether facts can be used without looking twice."""
    codes = facts.codes
    if facts.problem is not None or not codes:
        return facts.problem is not None and not codes
    is_ordered = all(code.index == number and _may_be_parent(code.parent, number) for number, code in enumerate(codes))
    return is_ordered and all(_is_code_sound(code, codes) for code in codes)


def _may_be_parent(parent: int, number: int) -> bool:
    return parent == -1 if number == 0 else 0 <= parent < number


def _is_code_sound(code: Code, codes: tuple[Code, ...]) -> bool:
    """Whether a code nests as it may and refers to codes that stand in it."""
    layer: list[object] = [code.parameters, code.returns, code.body]
    for _ in range(DEEPEST):
        if not layer:
            return True
        for part in layer:
            if isinstance(part, (Lambda, DefineFunction, DefineClass)) and not _is_child(part.code, code, codes):
                return False
        layer = [below for part in layer for below in _below(part)]
    return False


def _below(part: object) -> list[object]:
    """What stands directly in a part and may hold codes."""
    return [each for each in parts_of(part) if not isinstance(each, (str, int, Span))]


def _is_child(number: int, code: Code, codes: tuple[Code, ...]) -> bool:
    return 0 < number < len(codes) and codes[number].parent == code.index
