"""Blind spots: those that could hide most stand first, each with a remedy that can be pasted."""

from __future__ import annotations

import tomli

from flowcheck.api import Request, check

PROGRAM = """
import acme

class User:
    phone: str  # flowcheck: security-collected
    email: str  # flowcheck: security-collected

def one(user: User):
    acme.narrow(user.phone)

def two(user: User):
    acme.wide(user.phone, user.email)

def three(user: User, callback):
    callback(user.phone)
"""


def test_the_widest_stand_first_and_each_has_a_remedy(tmp_path, monkeypatch):
    (tmp_path / "app.py").write_text(PROGRAM)
    monkeypatch.chdir(tmp_path)
    spots = check(Request(paths=(tmp_path,), has_cache=False)).blind_spots
    assert [spot.name for spot in spots] == ["acme.wide", "acme.narrow", "callback"]
    assert tomli.loads(spots[0].remedy)["model"][0]["call"] == "acme.wide"
    assert tomli.loads(spots[2].remedy)["model"][0]["call"] == "**.callback"
