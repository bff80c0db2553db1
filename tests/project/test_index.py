"""The word index and the store: cold, warm, changed, broken."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from flowcheck.facts.files import FileFacts, Problem
from flowcheck.project import index, store, syntax
from flowcheck.project.discovery import SourceFile, discover
from flowcheck.project.index import ProgramIndex, index_program, remember_judgements
from flowcheck.project.store import FILE_NAME, Store, digest_of
from flowcheck.project.words import words_of

FACTS = FileFacts((), (), (), Problem(3, "half a function"))
OLD = 1_700_000_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    for name, text in {"a.py": "user.phone\n", "b.py": "# phone in a comment\n", "c.py": "'city'\n"}.items():
        write(root / name, text)
    return root


def write(path: Path, text: str, when: int = OLD) -> None:
    path.write_text(text)
    os.utime(path, (when, when))


def indexed(root: Path, store: Store) -> ProgramIndex:
    return index_program(root, discover(root, [root]).files, store)


def stored(folder: Path, content: bytes) -> FileFacts | None:
    """The facts that a new run finds."""
    opened = Store(folder)
    try:
        return opened.facts(digest_of(content))
    finally:
        opened.close()


def once(root: Path, cache: Path) -> ProgramIndex:
    """Index as one run of the program does."""
    opened = Store(cache)
    try:
        found = indexed(root, opened)
        for word in ("phone", "city", "nothing", "street"):
            found.words.files_with(word)
        return found
    finally:
        opened.close()


def test_words_are_identifiers_in_code_strings_and_comments() -> None:
    content = "def grüße(a1):\n  return 'x-y' # note: 2fa\n".encode()
    assert words_of(content) == {w.encode() for w in ("def", "grüße", "a1", "return", "x", "y", "note", "fa")}


def test_what_is_assigned_is_a_word_of_its_own() -> None:
    content = b"conf.v = 1\nself.own = 2\nconf.seen == 3\nlib.f.count += 1\nsetattr(conf, 'late', call(x))\nf(x=1)\n"
    assert {word for word in words_of(content) if word.startswith(b".")} == {b".v=", b".count=", b".late="}


def test_files_with_a_word(root: Path, tmp_path: Path) -> None:
    for found in (once(root, tmp_path / "cache"), once(root, tmp_path / "cache"), indexed(root, Store(None))):
        assert found.words.files_with("phone") == ("a.py", "b.py")
        assert found.words.files_with("nothing") == ()
        assert found.words.files_with_all(["phone", "user"]) == ("a.py",)


def test_a_warm_run_reads_nothing(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once(root, tmp_path / "cache")

    def refused(self: Path) -> bytes:
        raise AssertionError(f"{self} was read")

    monkeypatch.setattr(Path, "read_bytes", refused)
    assert once(root, tmp_path / "cache").words.files_with("phone") == ("a.py", "b.py")


def test_changed_new_and_gone_files(root: Path, tmp_path: Path) -> None:
    once(root, tmp_path / "cache")
    write(root / "a.py", "user.city\n", OLD + 5)
    write(root / "d.py", "phone\n")
    (root / "b.py").unlink()
    for _ in range(2):
        found = once(root, tmp_path / "cache")
        assert found.words.files_with("phone") == ("d.py",)
        assert found.words.files_with("city") == ("a.py", "c.py")


def test_the_words_are_built_anew_when_much_has_changed(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once(root, tmp_path / "cache")
    monkeypatch.setattr(index, "REBUILD_FLOOR", 0)
    write(root / "a.py", "street\n")
    found = once(root, tmp_path / "cache")
    assert dict(found.stored.numbered)["a.py"] == digest_of(b"street\n")
    assert once(root, tmp_path / "cache").words.files_with("street") == ("a.py",)


def test_the_time_of_a_file_is_trusted_only_when_it_is_old(root: Path, tmp_path: Path) -> None:
    now = int(time.time()) + 100
    write(root / "a.py", "first\n", now)
    once(root, tmp_path / "cache")
    write(root / "a.py", "other\n", now)
    assert once(root, tmp_path / "cache").words.files_with("other") == ("a.py",)


def test_words_that_are_gone_from_the_store_are_read_again(root: Path, tmp_path: Path) -> None:
    once(root, tmp_path / "cache")
    opened = Store(tmp_path / "cache")
    found = indexed(root, opened)
    opened.close()
    (tmp_path / "cache" / FILE_NAME).unlink()
    assert found.words.files_with("phone") == ("a.py", "b.py")
    assert found.words.files_with("street") == ()


def test_words_that_another_run_replaces_are_read_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once(root, tmp_path / "cache")
    opened = Store(tmp_path / "cache")
    found = indexed(root, opened)
    monkeypatch.setattr(index, "REBUILD_FLOOR", 0)
    write(root / "c.py", "phone\n")
    write(root / "0.py", "phone\n")
    once(root, tmp_path / "cache")
    assert found.words.files_with("user") == ("a.py",)
    opened.close()


def test_judgements_are_kept_for_files_that_stay(root: Path, tmp_path: Path) -> None:
    opened = Store(tmp_path / "cache")
    first = indexed(root, opened)
    assert [file.path for file in first.unchecked] == ["a.py", "b.py", "c.py"]
    remember_judgements(first, opened, {"a.py": Problem(1, "broken"), "b.py": None})
    opened.close()
    second = once(root, tmp_path / "cache")
    assert second.problems == {"a.py": Problem(1, "broken")}
    assert [file.path for file in second.unchecked] == ["c.py"]
    write(root / "a.py", "whole\n", OLD + 5)
    third = once(root, tmp_path / "cache")
    assert third.problems == {}
    assert [file.path for file in third.unchecked] == ["a.py", "c.py"]


def test_a_file_that_cannot_be_read_is_a_problem(root: Path) -> None:
    files = [*discover(root, [root]).files, SourceFile("gone.py", str(root / "gone.py"), 1, OLD)]
    found = index_program(root, files, Store(None))
    assert [problem.path for problem in found.unreadable] == ["gone.py"]
    assert "gone.py" not in found.files


def test_facts_come_back(tmp_path: Path) -> None:
    first = Store(tmp_path)
    first.put_facts(digest_of(b"x"), FACTS)
    assert first.facts(digest_of(b"x")) == FACTS
    first.close()
    second = Store(tmp_path)
    assert second.facts(digest_of(b"x")) == FACTS
    assert second.facts(digest_of(b"y")) is None
    second.close()
    assert second.facts(digest_of(b"x")) is None


def test_without_a_folder_nothing_is_kept() -> None:
    nowhere = Store(None)
    nowhere.put_facts(digest_of(b"x"), FACTS)
    assert nowhere.facts(digest_of(b"x")) is None
    nowhere.close()


@pytest.mark.parametrize("content", [b"this is no database, but long enough to be looked at" * 50, b""])
def test_a_broken_store_is_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    opened = Store(tmp_path)
    opened.put_facts(digest_of(b"x"), FACTS)
    opened.close()
    assert stored(tmp_path, b"x") == FACTS


def test_a_store_that_is_damaged_inside_is_made_anew_by_the_next_run(tmp_path: Path) -> None:
    opened = Store(tmp_path)
    for number in range(500):
        opened.put_facts(digest_of(b"%d" % number), FileFacts((), (), (), Problem(1, "x" * 500)))
    opened.close()
    content = bytearray((tmp_path / FILE_NAME).read_bytes())
    content[8192:-1] = b"\xff" * (len(content) - 8193)
    (tmp_path / FILE_NAME).write_bytes(content)
    damaged = Store(tmp_path)
    assert [damaged.facts(digest_of(b"%d" % number)) for number in range(500)] == [None] * 500
    assert len(damaged.warnings) == 1
    damaged.close()
    after = Store(tmp_path)
    after.put_facts(digest_of(b"x"), FACTS)
    after.close()
    assert after.warnings == []
    assert stored(tmp_path, b"x") == FACTS


def test_a_store_of_another_schema_is_made_anew(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.executescript("CREATE TABLE facts (x); PRAGMA user_version = 99;")
    connection.close()
    opened = Store(tmp_path)
    assert opened.warnings == ["the cache was unreadable and has been made anew"]
    opened.put_facts(digest_of(b"x"), FACTS)
    opened.close()
    assert stored(tmp_path, b"x") == FACTS


def test_damaged_contents_are_not_there(tmp_path: Path) -> None:
    opened = Store(tmp_path)
    opened.put_facts(digest_of(b"x"), FACTS)
    opened.close()
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute("UPDATE facts SET content = ?", (b"\xc1",))
    connection.commit()
    connection.close()
    assert stored(tmp_path, b"x") is None


def test_a_folder_that_cannot_be_made_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    opened = Store(tmp_path / "file" / "cache")
    assert len(opened.warnings) == 1
    assert opened.warnings[0].startswith("the cache is not used")
    opened.put_facts(digest_of(b"x"), FACTS)
    opened.close()


def test_a_store_that_is_locked_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_BUSY_SECONDS", 0.05)
    Store(tmp_path).close()
    other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    opened = Store(tmp_path)
    opened.put_facts(digest_of(b"x"), FACTS)
    opened.flush()
    opened.close()
    assert any("locked" in warning for warning in opened.warnings)
    other.execute("ROLLBACK")
    other.close()


def test_several_runs_at_once(tmp_path: Path) -> None:
    warnings: list[str] = []

    def run(number: int) -> None:
        opened = Store(tmp_path)
        for step in range(20):
            opened.put_facts(digest_of(f"{number} {step}".encode()), FACTS)
            opened.flush()
        opened.close()
        warnings.extend(opened.warnings)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert warnings == []
    last = Store(tmp_path)
    assert all(last.facts(digest_of(f"{n} {s}".encode())) == FACTS for n in range(4) for s in range(20))
    last.close()


def test_the_oldest_facts_are_dropped_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SIZE_LIMIT", 120)
    for name in (b"old", b"used", b"new"):
        opened = Store(tmp_path)
        opened.facts(digest_of(b"used"))
        opened.put_facts(digest_of(name), FileFacts((), (), (), Problem(1, "x" * 40)))
        opened.close()
    last = Store(tmp_path)
    assert last.facts(digest_of(b"old")) is None
    assert last.facts(digest_of(b"used")) is not None
    assert last.facts(digest_of(b"new")) is not None
    last.close()


def test_suspects_are_what_the_running_parser_refuses(tmp_path: Path) -> None:
    texts = [
        b"x = 1\n",
        b"def half(:\n",
        b"x = '\xff'\n",
        b"a\0b\n",
        b"'\\d'\n",
        b"(" * 5000,
        b"# coding: latin-1\n'\xff'\n",
    ]
    files = [tmp_path / f"{number}.py" for number in range(len(texts))]
    for file, content in zip(files, texts, strict=True):
        file.write_bytes(content)
    assert syntax.suspects([*map(str, files), str(tmp_path / "gone.py")]) == (1, 2, 3, 5, 7)
