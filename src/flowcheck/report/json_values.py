"""The type of what JSON can hold, and objects whose keys are there only when they apply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, TypeVar

JsonValue: TypeAlias = str | int | bool | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None
JsonObject: TypeAlias = Mapping[str, JsonValue]

Record = TypeVar("Record")


def present(**values: JsonValue) -> JsonObject:
    """The values that are not None, in the order given."""
    return {key: value for key, value in values.items() if value is not None}


def given(record: Record | None, build: Callable[[Record], JsonObject]) -> JsonObject | None:
    """What is built of a record, if there is one."""
    return None if record is None else build(record)
