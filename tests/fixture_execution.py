"""Runs a fixture and tells, for each sink call, which marked data really arrived.

The program runs once as it is and once for each kind of marked data, with the literals of that kind
changed (other digits, other letters, the same length). What a sink receives on a line is compared
between the runs: where it differs, that data flowed there, whatever happened to it on the way.

    user = User("+15550100", "Oslo")          user = User("+15555655", "Oslo")
    sync_audience(sha256(user.phone))         receives another digest: User.phone arrives
    sync_audience(len(user.phone))            receives the same: nothing arrives

The only change made to the program is a statement at the start of each function marked
`# flowcheck: advertising`, which notes the arguments and the line of the caller. All runs happen in
this process, each in a module namespace of its own.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import io
import os
import re
import sys
import types
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.machinery import FileFinder, SourceFileLoader
from numbers import Number
from pathlib import Path
from typing import TypeGuard

from fixture_support import CANARIES, Fixture, Line

_NOTE = "__received__"
_SINK = re.compile(r"#\s*flowcheck:\s*(used-for=)?advertising\b")
_LABELS = ("advertising", "used-for=advertising")


@dataclass
class Recording:
    """What each line's sink calls received in one run, as text, in no particular order."""

    received: dict[Line, Counter[str]] = field(default_factory=dict)

    def note(self, line: Line, content: str) -> None:
        """Add one call."""
        self.received.setdefault(line, Counter())[content] += 1

    def at(self, line: Line) -> Counter[str]:
        """The calls made on a line."""
        return self.received.get(line, Counter())


@dataclass(frozen=True, slots=True)
class Truth:
    """What the runs showed: the plain one, and one for each kind of marked data."""

    plain: Recording
    changed: Mapping[str, Recording]
    texts: frozenset[str]

    def kinds_at(self, line: Line) -> frozenset[str]:
        """The kinds of marked data on which what arrives at the line depends."""
        before = self.plain.at(line)
        return frozenset(kind for kind, after in self.changed.items() if after.at(line) != before)

    def shows_text(self, line: Line) -> bool:
        """Whether marked data arrives at the line word for word."""
        return any(text in content for content in self.plain.at(line) for text in self.texts)

    @property
    def lines(self) -> frozenset[Line]:
        """Every line on which a sink was called in any run."""
        return frozenset(self.plain.received).union(*(each.received for each in self.changed.values()))


def truth_of(fixture: Fixture, workplace: Path) -> Truth:
    """Run the fixture, with `workplace` as the current folder, as often as it has kinds of data."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in fixture.files)
    kinds = [kind for kind, pattern in CANARIES.items() if pattern.search(text)]
    texts = frozenset(found for kind in kinds for found in CANARIES[kind].findall(text))
    plain = recording_of(fixture, None, workplace)
    return Truth(plain, {kind: recording_of(fixture, kind, workplace) for kind in kinds}, texts)


def recording_of(fixture: Fixture, kind: str | None, workplace: Path) -> Recording:
    """Run the fixture once, with the literals of one kind changed."""
    recording = Recording()
    loader = functools.partial(_Loader, kind=kind, note=_noter(fixture, recording))
    with _own_modules(fixture), _inside(workplace), _importing_by(loader, fixture):
        module = types.ModuleType("__main__")
        module.__file__ = str(fixture.main)
        sys.modules["__main__"] = module
        loader("__main__", str(fixture.main)).exec_module(module)
    return recording


def changed(text: str, kind: str) -> str:
    """The program's text with every literal of one kind replaced by another of the same length."""
    return CANARIES[kind].sub(lambda found: "".join(map(_other, found[0])), text)


def _other(character: str) -> str:
    if character.isdigit():
        return str((int(character) + 5) % 10)
    return chr((ord(character) - ord("a") + 13) % 26 + ord("a"))


class _Loader(SourceFileLoader):
    """Loads a module with its literals changed and its sinks instrumented; no bytecode is kept."""

    def __init__(
        self, name: str, path: str, *, kind: str | None, note: Callable[[tuple[object, ...]], tuple[object, ...]]
    ) -> None:
        super().__init__(name, path)
        self.kind = kind
        self.note = note

    def get_code(self, fullname: str) -> types.CodeType:
        """The instrumented code."""
        text = Path(self.path).read_text(encoding="utf-8")
        tree = instrumented(changed(text, self.kind) if self.kind else text)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            return compile(tree, self.path, "exec", dont_inherit=True)

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the code with the noting function in reach."""
        setattr(module, _NOTE, self.note)
        exec(self.get_code(module.__name__), module.__dict__)


def instrumented(text: str) -> ast.Module:
    """The syntax tree of a module, each of its marked functions noting first what it received."""
    tree = ast.parse(text)
    lines = text.splitlines()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = sink_parameters(node, lines)
            if names:
                node.body.insert(0, _noting_statement(names, node))
    return ast.fix_missing_locations(tree)


def sink_parameters(function: ast.FunctionDef | ast.AsyncFunctionDef, lines: Sequence[str]) -> list[str]:
    """The parameters marked as sinks: all when the `def` is marked, else those that say so themselves."""
    parameters = _parameters(function.args)
    if _is_marked(function.lineno, lines):
        return [each.arg for each in parameters if each.arg not in ("self", "cls")]
    return [each.arg for each in parameters if _is_annotated(each) or _is_marked(each.lineno, lines)]


def _is_marked(number: int, lines: Sequence[str]) -> bool:
    above = lines[number - 2].strip() if number > 1 else ""
    return bool(_SINK.search(lines[number - 1]) or _SINK.match(above))


def _is_annotated(parameter: ast.arg) -> bool:
    return parameter.annotation is not None and any(
        isinstance(node, ast.Constant) and node.value in _LABELS for node in ast.walk(parameter.annotation)
    )


def _parameters(arguments: ast.arguments) -> list[ast.arg]:
    stars = [each for each in (arguments.vararg, arguments.kwarg) if each]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *stars]


def _noting_statement(names: Sequence[str], function: ast.stmt) -> ast.stmt:
    """`rows, campaign = __received__((rows, campaign))`"""
    listed = ", ".join(names)
    statement = ast.parse(f"({listed},) = {_NOTE}(({listed},))").body[0]
    for node in ast.walk(statement):
        if isinstance(node, ast.stmt | ast.expr):
            node.lineno = node.end_lineno = function.lineno
    return statement


def _noter(fixture: Fixture, recording: Recording) -> Callable[[tuple[object, ...]], tuple[object, ...]]:
    files = {str(path): fixture.relative(path) for path in fixture.files}

    def received(values: tuple[object, ...]) -> tuple[object, ...]:
        drawn = [_Drawn(value) if _is_iterator(value) else value for value in values]
        recording.note(_calling_line(files), content_of(drawn))
        return tuple(iter(each) if isinstance(each, _Drawn) else each for each in drawn)

    return received


class _Drawn(list[object]):
    """The elements of an iterator that a sink received."""


def _is_iterator(value: object) -> TypeGuard[Iterator[object]]:
    return isinstance(value, Iterator) and not isinstance(value, io.IOBase)


def _calling_line(files: Mapping[str, str]) -> Line:
    """The line of the program's own code from which the sink was called."""
    frame = sys._getframe(2).f_back
    while frame and frame.f_code.co_filename not in files:
        frame = frame.f_back
    if frame is None:
        return Line("(called from outside)", 0)
    return Line(files[frame.f_code.co_filename], frame.f_lineno)


def content_of(value: object, above: tuple[int, ...] = ()) -> str:
    """All that a value holds, at any depth, as text without addresses."""
    if id(value) in above:
        return "…"
    inside = functools.partial(content_of, above=(*above, id(value)))
    if value is None or isinstance(value, str | bytes | bytearray | Number | type | range):
        return repr(value)
    if isinstance(value, Mapping):
        return _listed(type(value), sorted(f"{inside(key)}: {inside(item)}" for key, item in value.items()))
    if isinstance(value, set | frozenset):
        return _listed(type(value), sorted(map(inside, value)))
    if isinstance(value, Sequence) or hasattr(value, "maxlen"):
        return _listed(type(value), map(inside, value))  # type: ignore[call-overload]
    return _listed(type(value), (f"{name}={inside(held)}" for name, held in _held(value)))


def _held(value: object) -> Iterator[tuple[str, object]]:
    """The parts of an object that is no container: attributes, what a callable is bound to, a buffer's text."""
    yield from sorted(getattr(value, "__dict__", {}).items())
    for name in ("args", "func", "keywords", "__self__", "__func__", "__defaults__", "__notes__"):
        if hasattr(value, name):
            yield name, getattr(value, name)
    for cell in getattr(value, "__closure__", None) or ():
        yield "cell", cell.cell_contents
    for owner in type(value).__mro__:
        for name in owner.__dict__.get("__slots__", ()):
            if name != "__dict__" and hasattr(value, name):
                yield name, getattr(value, name)
    if isinstance(value, io.StringIO | io.BytesIO):
        yield "buffer", value.getvalue()


def _listed(kind: type, parts: Iterable[str]) -> str:
    return f"{kind.__name__}({', '.join(parts)})"


@contextlib.contextmanager
def _own_modules(fixture: Fixture) -> Iterator[None]:
    """Forget afterwards the modules that the program brought, and give the test run its own back."""
    before = dict(sys.modules)
    try:
        yield
    finally:
        brought = [name for name in sys.modules.keys() - before if _stands_in(sys.modules[name], fixture.folder)]
        for name in brought:
            del sys.modules[name]
        sys.modules["__main__"] = before["__main__"]


def _stands_in(module: types.ModuleType, folder: Path) -> bool:
    places = [getattr(module, "__file__", None) or "", *getattr(module, "__path__", ())]
    return any(place.startswith(str(folder)) for place in places)


@contextlib.contextmanager
def _importing_by(loader: Callable[..., _Loader], fixture: Fixture) -> Iterator[None]:
    """Import the modules of a project, and nothing else, by the instrumenting loader."""
    hook = FileFinder.path_hook((loader, [".py"]))  # type: ignore[arg-type]

    def own_hook(path: str) -> object:
        if fixture.is_project and path.startswith(str(fixture.folder)):
            return hook(path)
        raise ImportError(path)

    sys.path.insert(0, str(fixture.folder))
    sys.path_hooks.insert(0, own_hook)  # type: ignore[arg-type]
    sys.path_importer_cache.clear()
    try:
        yield
    finally:
        sys.path_hooks.remove(own_hook)  # type: ignore[arg-type]
        sys.path.remove(str(fixture.folder))
        sys.path_importer_cache.clear()


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Make the folder the current one (contextlib.chdir is newer than the oldest Python we test)."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
