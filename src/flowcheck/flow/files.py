"""Files and the paths that lead to them: data written under a name is found again under that name.

    with open("contacts.txt", "w") as out:        the file `contacts.txt`, now empty
        out.write(user.phone)
    Path("contacts.txt").read_text()              the phone

A file under a constant name is one stream of the whole program; one under a name that nobody knows is found again
through the path object that names it (content `FILE`).
"""

from __future__ import annotations

import posixpath
import re

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_attributes import constant_texts
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.serialization import structures
from flowcheck.flow.streams import STREAM, emptied, held, written
from flowcheck.flow.texts import has_hole
from flowcheck.flow.values import (
    ELEMENT,
    NONE,
    NONE_VALUE,
    NOTHING,
    UNKNOWN_VALUE,
    Atom,
    Const,
    Content,
    Ref,
    Scalar,
    Taints,
    Value,
    attr,
    const,
    derived,
    join,
    joined_taints,
)

FILE = Content("file", None)
"""Where a path object, or a text that is a path, keeps the file it leads to."""

NAME = attr("__path__")
"""Where a path object keeps its constant text."""

PATH = "pathlib.Path"


def named_file(frame: Frame, name: str) -> Ref:
    """The file under a constant name: one for the whole program."""
    ref = Ref(("G", "external", STREAM, posixpath.normpath(name)))
    frame.object(ref)
    return ref


def files_at(frame: Frame, path: Value, at: Span) -> Value:
    """The files that a path may lead to."""
    found = NOTHING
    for atom in frame.constants(path):
        found = join(found, file_at(frame, atom, at))
    return found if found.atoms else new_file(frame, at)


def file_at(frame: Frame, atom: Atom, at: Span) -> Value:
    """The file that one name leads to."""
    if isinstance(atom, Const) and isinstance(atom.value, str) and not has_hole(atom):
        return Value((named_file(frame, atom.value),))
    if isinstance(atom, Ref):
        obj = frame.object(atom)
        constants = constant_texts(frame, obj.fields.get(NAME)) if NAME in obj.fields else None
        if constants:
            return Value(tuple(named_file(frame, each) for each in constants))
        if FILE in obj.fields:
            return obj.fields[FILE].present()
    return new_file(frame, at) if atom != NONE else NOTHING


def new_file(frame: Frame, at: Span, tag: str = "file") -> Value:
    """A file under a name that nobody knows."""
    return frame.make(at, Obj("external", detail=STREAM), tag)


DATA_FILE = re.compile(r"[^\s?*:<>|]{1,200}\.(csv|tsv|txt|jsonl?|ndjson|xlsx?|parquet|xml|zip|gz)", re.IGNORECASE)


def taints_of_files(frame: Frame, value: Value) -> Taints:
    """What the files hold whose names a value, or something in it, is: who gets the name gets the file."""
    found: Taints = {}
    for each in (value, *(inner for _, obj in frame.objects(value) for inner in obj.fields.values())):
        for atom in each.atoms:
            for name in names_of_files(frame, atom):
                found = joined_taints(found, frame.deep_taints(Value((named_file(frame, name),))))
    return found


def names_of_files(frame: Frame, atom: Atom) -> list[str]:
    """The constant names of data files that a text or a path is."""
    if isinstance(atom, Const) and isinstance(atom.value, str):
        return [atom.value] if DATA_FILE.fullmatch(atom.value) and not has_hole(atom) else []
    if isinstance(atom, Ref) and NAME in (fields := frame.object(atom).fields):
        return [name for name in constant_texts(frame, fields[NAME]) or () if DATA_FILE.fullmatch(name)]
    return []


@handles("builtins.open", "io.open", "codecs.open", "gzip.open", "bz2.open", "lzma.open", "aiofiles.open")
def call_open(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`open("contacts.csv", "w")`"""
    return opened(frame, files_at(frame, arguments.get(0, "file") or NOTHING, at), arguments.get(1, "mode"))


@handles("fileinput.input", "fileinput.FileInput")
def call_file_input(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`fileinput.input(["a.txt", "b.txt"])`: their lines."""
    given = arguments.get(0, "files") or NOTHING
    is_list = any(obj.kind in {"list", "tuple"} for _, obj in frame.objects(given))
    names = iterate(frame, given, at).any() if is_list else given
    lines = held(frame, opened(frame, files_at(frame, names, at), None))
    return fresh_list(frame, Items([], derived(lines.taints, "str")), at, "list", "fileinput")


def opened(frame: Frame, files: Value, mode: Value | None) -> Value:
    """The stream of a file: what it held is gone when it is opened for writing."""
    modes = constant_texts(frame, mode) if mode is not None else ["r"]
    if modes and all("w" in each or "x" in each for each in modes):
        emptied(frame, files)
    else:
        for ref, _ in frame.objects(files):
            own = frame.own(ref)
            frame.state.heap[ref.id] = own.replaced({**own.fields, ELEMENT: own.get(ELEMENT).present()})
    return files


@handles("tempfile.NamedTemporaryFile", "tempfile.TemporaryFile", "tempfile.SpooledTemporaryFile")
def call_temporary_file(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`NamedTemporaryFile("w+")`: its name leads back to it."""
    made = frame.make(at, Obj("external", {ELEMENT: NOTHING}, detail=STREAM), "temporary")
    name = frame.make(at, Obj("external", {FILE: made}, detail="builtins.str"), "temporary:name")
    frame.write(made, attr("name"), name)
    return made


@handles("tempfile.mkdtemp", "tempfile.mktemp", "tempfile.TemporaryDirectory")
def call_temporary_name(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`mkdtemp()` gives a name."""
    return path_text(frame, new_file(frame, at, "temporary"), at)


@handles("tempfile.mkstemp")
def call_mkstemp(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`handle, name = mkstemp()`"""
    made = new_file(frame, at, "temporary")
    handle = frame.make(at, Obj("external", {FILE: made}, detail="builtins.int"), "temporary:handle")
    return fresh_list(frame, Items([handle, path_text(frame, made, at)], None), at, "tuple", "mkstemp")


@handles("os.fdopen")
def call_fdopen(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`os.fdopen(handle, "w")`"""
    return call_open(frame, receiver, arguments, at)


def path_text(frame: Frame, file: Value, at: Span) -> Value:
    """A text that is the name of a file."""
    return frame.make(at, Obj("external", {FILE: file}, detail="builtins.str"), "path:text")


# --- paths -----------------------------------------------------------------------------------------


@handles("pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath", "pathlib.WindowsPath")
def call_path(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`Path("data", "contacts.csv")`"""
    parts = arguments.positional or [Value((const("."),))]
    return joined_parts(frame, parts, at)


def joined_parts(frame: Frame, parts: list[Value], at: Span) -> Value:
    """A path put together of parts."""
    names = [constant_name(frame, part) for part in parts]
    taints = NOTHING.taints
    for part in parts:
        taints = joined_taints(taints, frame.deep_taints(part))
    known = [name for name in names if name is not None]
    if len(known) == len(names):
        fields = {NAME: Value((const(posixpath.join(*known)),))}
    else:
        fields = {FILE: inner_file(frame, parts, names, at)}
    made = frame.make(at, Obj("external", fields, detail=PATH), f"path:{len(parts)}")
    return made.tainted(taints)


def constant_name(frame: Frame, part: Value) -> str | None:
    """The constant text of a part of a path."""
    atoms = frame.constants(part)
    if len(atoms) != 1:
        return None
    if isinstance(atoms[0], Const) and isinstance(atoms[0].value, str) and not has_hole(atoms[0]):
        return atoms[0].value
    if isinstance(atoms[0], Ref):
        found = frame.object(atoms[0]).fields.get(NAME)
        names = constant_texts(frame, found) if found is not None else None
        return names[0] if names and len(names) == 1 else None
    return None


def inner_file(frame: Frame, parts: list[Value], names: list[str | None], at: Span) -> Value:
    """A file below a folder whose name is not known: the same for the same constant rest."""
    if len(parts) == 1 and isinstance(parts[0].atoms[0] if parts[0].atoms else None, Ref):
        return files_at(frame, parts[0], at)
    rest = [name for name in names[1:] if name is not None]
    if len(parts) < 2 or len(rest) != len(parts) - 1:
        return new_file(frame, at)
    folder = files_at(frame, parts[0], at)
    inside = Content("inside", posixpath.join(*rest))
    known = frame.content(folder, inside).present()
    if known.atoms and known.atoms != UNKNOWN_VALUE.atoms:
        return known
    made = new_file(frame, at, f"inside:{inside.name}")
    frame.write(folder, inside, made)
    return made


def paths(*methods: str) -> list[str]:
    """The names of methods of paths."""
    kinds = ("pathlib.Path", "pathlib.Path()", "pathlib.PosixPath", "pathlib.PurePath")
    return [f"{kind}.{method}" for kind in kinds for method in methods]


@handles(*paths("joinpath"))
def call_joinpath(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`folder.joinpath("contacts.csv")`"""
    return joined_parts(frame, [receiver, *arguments.positional], at)


@handles("os.path.join")
def call_path_join(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`os.path.join(folder, "contacts.csv")`: a text."""
    parts = arguments.positional
    names = [constant_name(frame, part) for part in parts]
    known = [name for name in names if name is not None]
    taints = NOTHING.taints
    for part in parts:
        taints = joined_taints(taints, frame.deep_taints(part))
    if parts and len(known) == len(names) and arguments.more is None:
        return Value((const(posixpath.join(*known)),), taints)
    if parts and any(FILE in obj.fields for _, obj in frame.objects(parts[0])):
        return path_text(frame, inner_file(frame, parts, names, at), at).tainted(taints)
    more = frame.deep_taints(arguments.more) if arguments.more is not None else NOTHING.taints
    return derived(joined_taints(taints, more), "str")


@handles(*paths("write_text", "write_bytes"))
def call_write_text(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`path.write_text(text)`"""
    files = files_at(frame, receiver, at)
    emptied(frame, files)
    written(frame, files, (arguments.get(0, "data") or NOTHING).after(frame.hop("library", at, "written to a file")))
    return Value((Scalar("int"),))


@handles(*paths("read_text", "read_bytes"))
def call_read_text(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`path.read_text()`"""
    files = opened(frame, files_at(frame, receiver, at), None)
    return held(frame, files).after(frame.hop("library", at, "read back from a file"))


@handles(*paths("open"))
def call_path_open(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`path.open("w")`"""
    return opened(frame, files_at(frame, receiver, at), arguments.get(0, "mode"))


@handles(*paths("resolve", "absolute", "expanduser"))
def call_same_path(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`path.resolve()` leads to the same file."""
    return receiver


@handles(*paths("unlink"), "os.remove", "os.unlink")
def call_unlink(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`path.unlink()`: the file is gone."""
    subject = receiver if receiver.atoms else first(arguments)
    emptied(frame, files_at(frame, subject, at))
    return NONE_VALUE


@handles("shutil.copy", "shutil.copyfile", "shutil.copy2", "shutil.move", "os.rename", "os.replace")
def call_copy_file(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`shutil.copy("a.txt", "b.txt")`"""
    source = opened(frame, files_at(frame, arguments.get(0, "src") or NOTHING, at), None)
    target = files_at(frame, arguments.get(1, "dst") or NOTHING, at)
    content = held(frame, source)
    emptied(frame, target)
    written(frame, target, content.after(frame.hop("library", at, "copied to another file")))
    return arguments.get(1, "dst") or NONE_VALUE


@handles("os.fspath", "os.path.abspath", "os.path.realpath", "os.path.normpath", "os.path.expanduser")
def call_path_text(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`os.fspath(path)`"""
    special = frame.machine.call_special(frame, first(arguments), "__fspath__", [], at)
    if special is not None:
        return special
    return text_of_path(frame, first(arguments), at) or derived(frame.deep_taints(first(arguments)), "str")


def text_of_path(frame: Frame, path: Value, at: Span) -> Value | None:
    """`str(path)`; None when it is not a path that is known."""
    found = NOTHING
    for atom in frame.look(path).present().atoms:
        obj = frame.object(atom) if isinstance(atom, Ref) else None
        if obj is not None and NAME in obj.fields:
            found = join(found, obj.fields[NAME])
        elif obj is not None and FILE in obj.fields:
            found = join(found, path_text(frame, obj.fields[FILE], at))
        elif isinstance(atom, Const) and isinstance(atom.value, str):
            found = join(found, Value((atom,)))
        else:
            return None
    return found.tainted(path.taints)


def external_operator(frame: Frame, operator: str, left: Value, right: Value, at: Span) -> Value | None:
    """`folder / "contacts.csv"`, a JSON text and a line break; None for operators on anything else."""
    if operator == "/" and any(obj.kind == "external" and obj.detail in PATHS for _, obj in frame.objects(left)):
        return joined_parts(frame, [left, right], at)
    expression = frame.machine.combined_expression(frame, operator, left, right, at)
    if expression is not None:
        return expression
    if operator == "|":
        return frame.machine.piped(frame, left, right, at)
    if operator == "+" and is_blank(right) and structures(frame, left) is not None:
        return left.tainted(right.taints)
    return None


PATHS = frozenset({"pathlib.Path", "pathlib.Path()", "pathlib.PurePath"})


def is_blank(value: Value) -> bool:
    """Whether a text is surely only white space."""
    texts = [atom.value for atom in value.atoms if isinstance(atom, Const) and isinstance(atom.value, str | bytes)]
    return bool(texts) and len(texts) == len(value.atoms) and not any(text.strip() for text in texts)
