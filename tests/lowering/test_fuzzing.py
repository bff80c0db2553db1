"""A few of the inputs that nobody would write, each time the same; `python3 tests/fuzz.py` tries very many."""

from __future__ import annotations

import sys
from pathlib import Path

import hypothesmith
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import fuzz
from fuzz_inputs import program_input, python_input, rule_input

FEW = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 2**32)


@given(SEEDS)
@settings(FEW, max_examples=120)
def test_lowering_bears_any_bytes(seed):
    fuzz.is_lowered(python_input(seed))


@given(st.binary(max_size=300))
@settings(FEW, max_examples=100)
def test_lowering_bears_noise(content):
    fuzz.is_lowered(content)


@given(st.text(max_size=200))
@settings(FEW, max_examples=100)
def test_lowering_bears_any_text(text):
    fuzz.is_lowered(text.encode("utf-8", "replace"))


@pytest.mark.filterwarnings("ignore")
@given(hypothesmith.from_grammar())
@settings(FEW, max_examples=15)
def test_lowering_bears_what_the_grammar_allows(text):
    fuzz.is_lowered(text.encode("utf-8", "replace"))


@pytest.mark.filterwarnings("ignore")
@given(hypothesmith.from_node())
@settings(FEW, max_examples=15)
def test_lowering_bears_what_the_parser_can_write(text):
    fuzz.is_lowered(text.encode("utf-8", "replace"))


@pytest.mark.parametrize("seed", range(40))
def test_a_disturbed_rule_file_is_refused_with_its_place(seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fuzz.is_rule_file(rule_input(seed))


@pytest.mark.parametrize("seed", range(25))
def test_a_disturbed_program_is_analysed(seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fuzz.is_analysed(program_input(seed))
