"""A store that machines share: what one has lowered, no other lowers; what is wrong with it costs no finding."""

from __future__ import annotations

import os
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from flowcheck.api import Request, judging, sharing, silent
from flowcheck.api.running import analyse, check
from flowcheck.api.sharing import UnusableStoreError, shared_store
from flowcheck.facts.files import FileFacts
from flowcheck.facts.soundness import is_sound
from flowcheck.lowering import lower
from flowcheck.project.store import digest_of
from flowcheck.project.syntax import suspects
from flowcheck.report.json_report import render_json

pytest.importorskip("fsspec")

SOURCE = """\
class User:
    phone = ""  # flowcheck: security-collected

def sync_audience(rows):  # flowcheck: advertising
    pass

def nightly(users):
    sync_audience([(lambda user: user.phone)(user) for user in users])
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path / "project"
    project.mkdir()
    (project / "app.py").write_text(SOURCE, encoding="utf-8")
    for number in range(5):
        (project / f"f{number}.py").write_text(f"from app import nightly\nnightly([{number}])\n", encoding="utf-8")
    monkeypatch.chdir(project)
    on_another_machine(tmp_path, monkeypatch)
    return project


def on_another_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the caches of this one behind."""
    number = len(list(tmp_path.iterdir()))
    (tmp_path / f"machine-{number}").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / f"machine-{number}"))


def run(store: str | None, **wishes: object):
    analysis = analyse(Request(jobs=1, store=store, **wishes), silent)
    report = render_json(check(Request(jobs=1, has_cache=False, is_eager=bool(wishes.get("is_eager")))))
    assert render_json(check(Request(jobs=1, store=store, **wishes))) == report
    return analysis


def entries(place: Path, kind: str = "*") -> list[Path]:
    return sorted(path for path in place.glob(f"*/{kind}/**/*") if path.is_file())


@pytest.mark.parametrize("kind", ["file", "memory"])
def test_what_one_machine_lowered_no_other_lowers(folder, tmp_path, monkeypatch, kind):
    url = f"{kind}://{tmp_path}/shared"
    first = run(url, is_eager=True)
    assert first.work["files_lowered"] == 6
    on_another_machine(tmp_path, monkeypatch)
    second = run(url)
    assert (second.work["files_lowered"], second.warnings) == (0, ())
    on_another_machine(tmp_path, monkeypatch)
    assert run(url, has_cache=False, is_eager=True).work["files_lowered"] == 0


def test_an_executor_fills_the_store_also_with_what_this_machine_knew(folder, tmp_path, monkeypatch):
    url = f"file://{tmp_path}/shared"
    analyse(Request(jobs=1), silent)
    known = analyse(Request(jobs=1, is_eager=True), silent).work["files_lowered"]
    assert known < 6
    (folder / "f0.py").write_text("import app\n", encoding="utf-8")
    with ThreadPoolExecutor(2) as threads:
        assert run(url, executor=threads).work["files_lowered"] == 1
        assert len(entries(tmp_path / "shared", "facts")) == 6
        on_another_machine(tmp_path, monkeypatch)
        assert run(url, executor=threads).work["files_lowered"] == 0


def test_what_one_machine_judged_no_other_judges(folder, tmp_path, monkeypatch):
    url = f"file://{tmp_path}/shared"
    (folder / "inner").mkdir()
    (folder / "inner" / "broken.py").write_text("def (\n", encoding="utf-8")
    (folder / "inner" / "fine.py").write_text("x = 1\n", encoding="utf-8")
    run(url)
    assert len(entries(tmp_path / "shared", "syntax")) == 2
    judged: list[str] = []

    def noted(files):
        judged.extend(Path(file).name for file in files)
        return suspects(files)

    monkeypatch.setattr(judging, "suspects", noted)
    on_another_machine(tmp_path, monkeypatch)
    (folder / "inner" / "fine.py").write_text("x = 2\n", encoding="utf-8")
    assert [error.path for error in check(Request(jobs=1, store=url)).errors] == ["inner/broken.py"]
    assert judged == ["broken.py", "fine.py"]
    on_another_machine(tmp_path, monkeypatch)
    for written in (b"\x93\x01\x02\x03", b"\xc1"):
        for path in entries(tmp_path / "shared", "syntax"):
            key = bytes.fromhex(path.name)
            path.write_bytes(sharing._sealed(key, written))
        assert [error.path for error in check(Request(jobs=1, store=url, has_cache=False)).errors] == [
            "inner/broken.py"
        ]


def test_what_a_run_needed_is_fetched_at_once_by_the_next(folder, tmp_path, monkeypatch):
    url = f"file://{tmp_path}/shared"
    asked: list[int] = []
    read = sharing.SharedFolder.read

    def counted(store, kind, digests):
        if kind == "facts" and digests:
            asked.append(len(digests))
        return read(store, kind, digests)

    monkeypatch.setattr(sharing.SharedFolder, "read", counted)
    analyse(Request(jobs=1, store=url), silent)
    assert asked == [1] * 6
    for _ in range(2):
        on_another_machine(tmp_path, monkeypatch)
        asked.clear()
        assert analyse(Request(jobs=1, store=url), silent).work == {"files_loaded": 6, "files_lowered": 0}
        assert asked == [6]


def damage(path: Path, how: str, others: list[Path]) -> None:
    content = path.read_bytes()
    changed = {
        "cut": content[: len(content) // 2],
        "empty": b"",
        "turned": content[:-4] + b"\0\0\0\0",
        "another's": next(other.read_bytes() for other in others if other != path),
    }[how]
    path.write_bytes(changed)


@pytest.mark.parametrize("how", ["cut", "empty", "turned", "another's"])
def test_damaged_entries_are_made_anew_and_told(folder, tmp_path, monkeypatch, how):
    url = f"file://{tmp_path}/shared"
    run(url, is_eager=True)
    every = entries(tmp_path / "shared")
    for path in reversed(every):
        damage(path, how, every)
    on_another_machine(tmp_path, monkeypatch)
    analysis = analyse(Request(jobs=1, store=url), silent)
    assert len(check(Request(jobs=1, store=url)).findings) == 1
    if how != "empty":  # an empty entry is none
        assert any("were damaged, and made anew" in warning for warning in analysis.warnings)
    on_another_machine(tmp_path, monkeypatch)
    again = analyse(Request(jobs=1, store=url), silent)
    assert (again.work["files_lowered"], again.warnings) == (0, ())


def forged(content: bytes, packed: bytes) -> bytes:
    return sharing._seal(digest_of(content), packed) + packed


def test_facts_that_do_not_hold_together_are_not_taken(folder, tmp_path):
    url = f"file://{tmp_path}/shared"
    run(url, is_eager=True)
    content = (folder / "app.py").read_bytes()
    place = Path(sharing.shared_store(url)._place("facts", digest_of(content)))
    facts = lower(content)
    codes = tuple(msgspec.structs.replace(code, index=code.index + 7) for code in facts.codes)
    deep = b"\x91" * 200_000
    for written in (
        msgspec.msgpack.encode(msgspec.structs.replace(facts, codes=codes)),
        msgspec.msgpack.encode(msgspec.structs.replace(facts, codes=())),
        msgspec.msgpack.encode(["no", "facts"]),
        deep,
    ):
        place.write_bytes(forged(content, zlib.compress(written)))
        found = analyse(Request(jobs=1, store=url, has_cache=False), silent)
        assert len(check(Request(jobs=1, store=url, has_cache=False)).findings) == 1
        assert found.work["files_lowered"] == 1
        assert not found.faults


def test_an_entry_that_unpacks_without_end_is_none(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(sharing, "LARGEST", 1000)
    store = shared_store(f"file://{tmp_path}/shared")
    digest = digest_of(b"x")
    store.write("facts", {digest: b"\0" * 5000})
    assert store.read("facts", [digest]) == {}
    assert "1 entries" in store.warnings[0]


def test_soundness_of_what_is_lowered():
    facts = lower(SOURCE.encode())
    assert is_sound(facts)
    assert is_sound(lower(b"def (\n"))
    assert is_sound(lower(b""))
    inner = facts.codes[-1]
    moved = msgspec.structs.replace(inner, parent=len(facts.codes))
    assert not is_sound(msgspec.structs.replace(facts, codes=(*facts.codes[:-1], moved)))
    elsewhere = msgspec.structs.replace(inner, parent=0)
    assert not is_sound(msgspec.structs.replace(facts, codes=(*facts.codes[:-1], elsewhere)))
    assert not is_sound(FileFacts((), (), (), None))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="whoever may do all is refused nothing")
def test_who_may_only_read_reads(folder, tmp_path, monkeypatch):
    url = f"file://{tmp_path}/shared"
    run(url)
    for path in (tmp_path / "shared").rglob("*"):
        path.chmod(0o555)
    (folder / "f0.py").write_text("from app import nightly\nnightly([99])\n", encoding="utf-8")
    assert run(url, is_eager=True).warnings == ()


def test_a_store_that_only_reads_or_fails_is_done_without(folder, tmp_path, monkeypatch):
    url = f"memory://{tmp_path}/shared"
    run(url, is_eager=True)
    store = shared_store(url)

    def refusing(*_):
        raise PermissionError("read only")

    monkeypatch.setattr(store._files, "pipe_file", refusing)
    store.write("facts", {b"0" * 16: b"1"})
    assert store.warnings == []

    def failing(*_):
        raise ConnectionError("gone")

    class OddError(Exception):
        pass

    def failing_oddly(*_):
        raise OddError("no credentials")

    for fails, reason in ((failing, "gone"), (failing_oddly, "no credentials")):
        monkeypatch.setattr(type(store._files), "cat_file", fails)  # each thread has a file system of its own
        analysis = analyse(Request(jobs=1, store=url, has_cache=False, is_eager=True), silent)
        assert analysis.warnings == (f"the store {url} is not used any more: {reason}",)


def test_an_address_that_is_none_is_refused(monkeypatch):
    with pytest.raises(UnusableStoreError, match="nosuch"):
        shared_store("nosuch://place")
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "fsspec.core", None)
        with pytest.raises(UnusableStoreError, match=r"pip install 'flowcheck\[store\]'"):
            shared_store("file:///place")
