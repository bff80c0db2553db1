"""The commands on real projects, as far as they need no solver."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli

from flowcheck.api import judging
from flowcheck.api.opening import opened
from flowcheck.api.requests import Request, silent
from flowcheck.api.running import Clock, check
from flowcheck.cli.main import run

LOGIN_DEVICE = """\
import codes
from django.db import models

class LoginDevice(models.Model):
    mfa_phone_number = models.CharField(max_length=20)
    city = models.CharField(max_length=20)

def send_login_code(device: LoginDevice):
    codes.send_sms(device.mfa_phone_number, "Your login code is 123456")
"""

SINK = '[[sink]]\ncall = "adtech.push"\nused_for = "advertising"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_init_proposes_a_field_and_never_overwrites(folder, capfd):
    (folder / "app.py").write_text(LOGIN_DEVICE, encoding="utf-8")
    assert run(["init"]) == 0
    config = (folder / "flowcheck.toml").read_text(encoding="utf-8")
    assert 'field = "app.LoginDevice.mfa_phone_number"' in config
    assert "used by send_login_code" in config
    tomli.loads(config.replace('exclude = ["tests/"]', ""))
    assert run(["init"]) == 2
    assert "left as it is" in capfd.readouterr().err
    assert (folder / "flowcheck.toml").read_text(encoding="utf-8") == config
    assert run(["rules"]) == 0


def test_rules_lists_own_and_built_in_rules(folder, capfd):
    (folder / "flowcheck.toml").write_text(SINK, encoding="utf-8")
    (folder / "more").mkdir()
    (folder / "more" / "own.toml").write_text(SINK.replace("push", "replace"), encoding="utf-8")
    assert run(["rules", "--rules", "more"]) == 0
    listed = capfd.readouterr().out
    for expected in ("FC001", "FC002", "adtech.push", "flowcheck.toml:1", "adtech.replace", "more/own.toml:1"):
        assert expected in listed


def test_rules_names_the_place_of_a_mistake(folder, capfd):
    (folder / "flowcheck.toml").write_text(SINK.replace("used_for", "used_fro"), encoding="utf-8")
    assert run(["rules"]) == 2
    complaint = capfd.readouterr().err
    assert "flowcheck.toml:3" in complaint
    assert "used_for" in complaint


def test_a_missing_rule_file_is_named(folder, capfd):
    assert run(["rules", "--rules", "none.toml"]) == 2
    assert "none.toml" in capfd.readouterr().err


def test_an_open_project_knows_its_problems_and_suppressions(folder):
    (folder / "pkg").mkdir()
    (folder / "pkg" / "a.py").write_text("f(1)  # flowcheck: ignore[FC001] agreed\n", encoding="utf-8")
    (folder / "broken.py").write_text("def half(:\n", encoding="utf-8")
    (folder / "garbled.py").write_bytes(b'name = "\377\376"\n')
    (folder / "fine.py").write_text("import pkg.a\n", encoding="utf-8")
    for _ in ("cold", "warm"):
        with opened(Request(), silent) as project:
            problems = project.problems(project.judging(jobs=1))
            assert [path for path, _ in problems] == ["broken.py", "garbled.py"]
            assert all(problem.line >= 1 and problem.message for _, problem in problems)
            assert list(project.suppressions()) == ["pkg/a.py"]
            assert project.program.all_modules() == ["broken", "fine", "garbled", "pkg.a"]
            assert project.lines().line("fine.py", 1) == "import pkg.a"
            assert project.lines().line("../secret", 1) == ""


def test_nothing_is_lowered_twice(folder):
    unseen = f"f({str(folder)!r})  # flowcheck: ignore[FC001] agreed\n"
    (folder / "a.py").write_text(unseen, encoding="utf-8")
    counts = []
    for _ in range(2):
        with opened(Request(), silent) as project:
            project.suppressions()
            counts.append((project.files.loaded, project.files.lowered))
    assert counts == [(1, 1), (1, 0)]


def test_many_files_are_judged_by_several_processes(folder, monkeypatch):
    for number in range(5):
        (folder / f"f{number}.py").write_text("def half(:" if number in (1, 4) else "x = 1", encoding="utf-8")
    monkeypatch.setattr(judging, "FEW_FILES", 2)
    monkeypatch.setattr(judging, "PART", 2)
    found = [error.path for error in check(Request(jobs=2, has_cache=False)).errors]
    assert found == ["f1.py", "f4.py"]
    assert found == [error.path for error in check(Request(jobs=1, has_cache=False)).errors]


def test_stages_are_measured_without_those_inside():
    clock = Clock()
    with clock.stage("outer"), clock.stage("inner"):
        pass
    assert list(clock.seconds) == ["inner", "outer"]
    assert all(taken >= 0 for taken in clock.seconds.values())


def test_the_inventory_holds_sinks_that_nothing_marked_reaches(folder, capfd):
    (folder / "ads.py").write_text("import adtech\ndef go(rows):\n    adtech.push(rows)\n", encoding="utf-8")
    (folder / "flowcheck.toml").write_text(SINK.replace("\nused", '\nrecipient = "Acme"\nused'), encoding="utf-8")
    assert run(["inventory", "--format", "csv"]) == 0
    assert "sink,adtech.push,,advertising,,Acme,ads.py,3," in capfd.readouterr().out


def test_init_tells_of_labels_verifying_calls_and_packages(folder, capfd):
    (folder / "people.py").write_text("class Person:\n    phone: str\n    city: str\n", encoding="utf-8")
    (folder / "forms.py").write_text(
        'class Enrol(Form):\n    contact = StringField("Phone number for login codes")\n'
        '    nick = StringField("Nick")\n',
        encoding="utf-8",
    )
    (folder / "codes.py").write_text(
        "import pyotp\ndef send(client, sid, person):\n"
        '    client.verify.v2.services(sid).verifications.create(to=person.phone, channel="sms")\n',
        encoding="utf-8",
    )
    assert run(["init"]) == 0
    said = capfd.readouterr().out
    assert "people.Person.phone (given to a call that verifies who somebody is, codes.py:3" in said
    assert 'forms.Enrol.contact (its label "Phone number for login codes"' in said
    assert "the program uses pyotp" in said
    assert "city" not in said
    assert "nick" not in said
    assert "# [[source]]" in (folder / "flowcheck.toml").read_text(encoding="utf-8")
