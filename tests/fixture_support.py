"""The flow fixtures: small runnable programs whose expectations stand on the line of the sink call.

    tests/fixtures/<topic>/<name>.py         one file, a program of its own
    tests/fixtures/<topic>/<name>/main.py    a small project, with whatever stands beside main.py

A comment on the line of the call says what must hold of it:

    sync_audience(user.phone)            # leak: User.phone
    sync_audience(user.city)             # clean
    sync_audience(both(user))            # leak: User.phone, User.recovery_email
    sync_audience(hard(user))            # missing: User.phone      (a true leak, not found yet)
    sync_audience(apart(user))           # clean; spurious: User.phone   (clean in truth, but reported)
    sync_audience(mixed(user))           # leak: User.phone; missing: User.recovery_email

`clean` may say why in one of two words: `# clean: unreached` (no sink is called there) and
`# clean: aggregate` (what arrives depends on the marked data but does not carry it, such as a sum).

Marked data is written as a literal that shows what it is, so that the program needs no special code: see
`CANARIES`. A source's last word says which literals are its data.

A fixture that needs a newer Python says so in a line `# python: 3.11`.
"""

from __future__ import annotations

import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"

CANARIES = {
    "phone": re.compile(r"(?<=\+1555)\d{4,}"),
    "number": re.compile(r"(?<=\+1777)\d{4,}"),
    "email": re.compile(r"[a-z]+(?=@recovery\.example)"),
}
"""The last word of a source's name, and the part of its literals that tells one person's from another's."""

_EXPECTATION = re.compile(r"#\s*(?=(?:leak|clean|missing|spurious)\b)(?P<parts>.+)$")
_REQUIREMENT = re.compile(r"^# python: (\d+)\.(\d+)$", re.MULTILINE)
_REASONS = frozenset({"", "unreached", "aggregate"})


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """A line of a fixture; `path` is relative to the fixture's folder, with `/`."""

    path: str
    number: int

    def __str__(self) -> str:
        return f"{self.path}:{self.number}"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must hold of the sink call on one line. Sources are suffixes of resolved names."""

    line: Line
    leaks: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    spurious: frozenset[str] = frozenset()
    reason: str = ""

    @property
    def true_sources(self) -> frozenset[str]:
        """The sources whose data arrives when the program runs."""
        return self.leaks | self.missing

    @property
    def reported_sources(self) -> frozenset[str]:
        """The sources that the analyser reports today."""
        return self.leaks | self.spurious


class MalformedExpectationError(Exception):
    """An expectation comment that does not follow the form."""

    def __init__(self, line: Line, text: str) -> None:
        super().__init__(line, text)
        self.line = line
        self.text = text

    def __str__(self) -> str:
        return f"{self.line}: not an expectation: {self.text}"


@dataclass(frozen=True)
class Fixture:
    """One program: `folder` is its root, `main` the file that is run."""

    name: str
    folder: Path
    main: Path

    @property
    def is_project(self) -> bool:
        """Whether the whole folder belongs to the program."""
        return self.main.name == "main.py"

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """The program's Python files, in the order of their paths."""
        return tuple(sorted(self.folder.rglob("*.py"))) if self.is_project else (self.main,)

    @cached_property
    def expectations(self) -> tuple[Expectation, ...]:
        """Every expectation of every file."""
        return tuple(each for path in self.files for each in expectations_in(path, self.relative(path)))

    @cached_property
    def is_runnable_here(self) -> bool:
        """Whether this Python is new enough for the program."""
        found = _REQUIREMENT.search(self.main.read_text(encoding="utf-8"))
        return found is None or sys.version_info >= (int(found[1]), int(found[2]))

    def relative(self, path: Path) -> str:
        """The path below the fixture's folder, with `/`."""
        return path.relative_to(self.folder).as_posix()


def all_fixtures(root: Path = FIXTURES) -> tuple[Fixture, ...]:
    """Every fixture, in the order of their names."""
    found = [fixture for topic in sorted(root.iterdir()) if topic.is_dir() for fixture in fixtures_of(topic)]
    return tuple(sorted(found, key=lambda fixture: fixture.name))


def fixtures_of(topic: Path) -> Iterator[Fixture]:
    """The programs of one topic: its files, and its folders that hold a main.py."""
    for entry in sorted(topic.iterdir()):
        if (entry / "main.py").is_file():
            yield Fixture(f"{topic.name}/{entry.name}", entry, entry / "main.py")
        elif entry.suffix == ".py":
            yield Fixture(f"{topic.name}/{entry.stem}", topic, entry)


def expectations_in(path: Path, shown: str) -> Iterator[Expectation]:
    """The expectations of one file."""
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type == tokenize.COMMENT and (found := _EXPECTATION.match(token.string)):
            yield parsed(found["parts"], Line(shown, token.start[0]))


def parsed(text: str, line: Line) -> Expectation:
    """`leak: a, b; missing: c`, `clean: unreached; spurious: a` and the like, or MalformedExpectationError."""
    words: dict[str, str] = {}
    for part in text.split(";"):
        word, _, names = part.partition(":")
        words[word.strip()] = names.strip()
    reason = words.pop("clean", "")
    sources = {word: frozenset(name.strip() for name in names.split(",")) for word, names in words.items()}
    is_known = sources.keys() <= {"leak", "missing", "spurious"} and reason in _REASONS
    if not is_known or not all(map(canary_of, _all_of(sources))):
        raise MalformedExpectationError(line, text)
    none: frozenset[str] = frozenset()
    return Expectation(
        line, sources.get("leak", none), sources.get("missing", none), sources.get("spurious", none), reason
    )


def _all_of(sources: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sources.values())


def canary_of(source: str) -> str | None:
    """The key of `CANARIES` that a source's name ends with: `phone` for `User.mfa_phone`."""
    return next((word for word in CANARIES if source.lower().endswith(word)), None)


def is_suffix(short: str, name: str) -> bool:
    """Whether `short` is the whole name or its last dotted parts: `User.phone` of `app.User.phone`."""
    return name == short or name.endswith((f".{short}", f":{short}"))


def comment_of(expectation: Expectation) -> str:
    """The comment that states the expectation."""
    parts = [
        f"{word}: {', '.join(sorted(names))}"
        for word, names in (("leak", expectation.leaks), ("missing", expectation.missing))
        if names
    ]
    if not parts:
        parts = [f"clean: {expectation.reason}" if expectation.reason else "clean"]
    if expectation.spurious:
        parts.append(f"spurious: {', '.join(sorted(expectation.spurious))}")
    return f"# {'; '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many lines leak, how many do not, and how many of each the analyser gets wrong."""

    leaks: int
    clean: int
    missing: int
    spurious: int


def tally(fixtures: Iterable[Fixture]) -> Tally:
    """Count the expectations of the fixtures."""
    every = [expectation for fixture in fixtures for expectation in fixture.expectations]
    return Tally(
        leaks=sum(bool(each.true_sources) for each in every),
        clean=sum(not each.true_sources for each in every),
        missing=sum(bool(each.missing) for each in every),
        spurious=sum(bool(each.spurious) for each in every),
    )
