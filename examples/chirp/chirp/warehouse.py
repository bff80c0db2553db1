"""Tables of plain rows, kept as JSON between one job and the next."""

from __future__ import annotations

import json

Row = dict[str, str]


class Warehouse:
    """Tables by name."""

    def __init__(self) -> None:
        self._tables: dict[str, str] = {}

    def save(self, name: str, rows: list[Row]) -> None:
        """Replace a table."""
        self._tables[name] = json.dumps(rows)

    def load(self, name: str) -> list[Row]:
        """The rows of a table, none when there is no such table."""
        if name not in self._tables:
            return []
        rows: list[Row] = json.loads(self._tables[name])
        return rows
