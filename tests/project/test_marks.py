"""The runtime markers."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated, get_type_hints

from flowcheck.marks import CollectedFor, SuppliedFor, UsedFor, collected_for, supplied_for, used_for


def test_decorators_give_back_the_very_object() -> None:
    def function() -> None: ...

    class Thing: ...

    for decorator in (collected_for("security"), used_for("advertising"), supplied_for("advertising")):
        assert decorator(function) is function
        assert decorator(Thing) is Thing


def test_markers_compare_by_kind_and_purpose() -> None:
    assert CollectedFor("security") == CollectedFor("security")
    assert CollectedFor("security") != UsedFor("security")
    assert len({SuppliedFor("a"), SuppliedFor("a"), SuppliedFor("b")}) == 2
    assert repr(UsedFor("advertising")) == "UsedFor('advertising')"


def test_markers_stand_in_annotations() -> None:
    class User:
        phone: Annotated[str, CollectedFor("security")]

    hints = get_type_hints(User, include_extras=True, localns={"Annotated": Annotated, "CollectedFor": CollectedFor})
    assert hints["phone"].__metadata__ == (CollectedFor("security"),)


def test_importing_the_marks_imports_nothing_else() -> None:
    code = (
        "import sys, flowcheck.marks; print([m for m in sys.modules if m.startswith(('libcst', 'msgspec', 'click'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
