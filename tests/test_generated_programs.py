"""A few generated programs, run and analysed: what arrives at a sink is reported, and nothing else."""

from __future__ import annotations

import pytest

from generated_programs import differences

ONCE_WRONG = (38, 80, 93, 207, 303)
"""An operator lost the data of a field whose object nobody knew."""


@pytest.mark.parametrize("seed", [*range(30), *ONCE_WRONG])
def test_the_report_is_what_a_run_shows(seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert differences(seed, tmp_path) == []
