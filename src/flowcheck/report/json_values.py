"""The type of what JSON can hold, and objects whose keys are there only when they apply."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, TypeVar

from flowcheck.report.words import UNSAFE_CATEGORIES

JsonValue: TypeAlias = str | int | bool | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None
JsonObject: TypeAlias = Mapping[str, JsonValue]

Record = TypeVar("Record")

NOT_PLAIN = re.compile("[^\\x00-\\x7e]")


def json_text(value: JsonValue) -> str:
    """The value as a file: indented, letters of all scripts as they are, what a terminal could act on escaped."""
    return NOT_PLAIN.sub(json_character, json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def json_character(match: re.Match[str]) -> str:
    """One character as it may stand in a JSON text that somebody looks at."""
    character = match[0]
    return json.dumps(character)[1:-1] if unicodedata.category(character) in UNSAFE_CATEGORIES else character


def present(**values: JsonValue) -> JsonObject:
    """The values that are not None, in the order given."""
    return {key: value for key, value in values.items() if value is not None}


def given(record: Record | None, build: Callable[[Record], JsonObject]) -> JsonObject | None:
    """What is built of a record, if there is one."""
    return None if record is None else build(record)
