"""The hand-made report that the tests of formats share."""

from __future__ import annotations

import made
import pytest

from flowcheck.report.assembly import Wishes, assemble
from flowcheck.report.model import Report


@pytest.fixture
def report() -> Report:
    return assemble(made.SOLUTION, made.POLICIES, made.source_lines(), Wishes(today=made.TODAY))
