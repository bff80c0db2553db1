"""Streams: what is written to one is found again by whoever reads it, wherever the stream stands.

    out = StringIO(); out.write(user.phone); out.getvalue()      the phone
    with redirect_stdout(out): print(user.phone)                 likewise

A stream is an external object whose element is what was written to it: the first piece as it is, later ones beside it.
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.serialization import read_from, write_to
from flowcheck.flow.texts import text_of
from flowcheck.flow.values import (
    ELEMENT,
    NONE,
    NONE_VALUE,
    NOTHING,
    Const,
    Ref,
    Scalar,
    Value,
    attr,
    const,
    derived,
    join,
    joined_taints,
)

STREAM = "io.TextIOWrapper"


def streams(*methods: str) -> list[str]:
    """The names of methods of every kind of stream."""
    kinds = (
        "io.StringIO", "io.BytesIO", STREAM, "io.BufferedReader", "io.BufferedWriter", "io.FileIO", "io.TextIOBase",
        "io.IOBase", "typing.IO", "typing.TextIO", "typing.BinaryIO", "tempfile.SpooledTemporaryFile", "gzip.GzipFile",
        "_io.StringIO", "_io.BytesIO",
    )  # fmt: skip
    return [f"{kind}{call}.{method}" for kind in kinds for call in ("", "()") for method in methods]


def written(frame: Frame, stream: Value, value: Value) -> None:
    """Add a piece to what a stream holds."""
    targets = frame.objects(stream)
    for ref, obj in targets:
        before = obj.get(ELEMENT).present()
        is_first = not before.atoms and not before.taints and not obj.is_summary and len(targets) == 1
        frame.write(Value((ref,)), ELEMENT, value if is_first else join(as_piece(before), as_piece(value)))


def as_piece(value: Value) -> Value:
    """A text as one piece of several: which text it is no longer tells what the whole is."""
    return value.only(Scalar(atom.type) if isinstance(atom, Const) else atom for atom in value.atoms)


def held(frame: Frame, stream: Value) -> Value:
    """All that a stream holds."""
    found = NOTHING
    for _, obj in frame.objects(stream):
        found = join(found, obj.get(ELEMENT).present())
        if obj.rest is not None:
            found = join(found, obj.rest)
    return found if found.atoms or found.taints else Value((const(""),))


def emptied(frame: Frame, stream: Value) -> None:
    """Forget what a stream holds, where it is surely this one."""
    targets = frame.objects(stream)
    for ref, _ in targets:
        own = frame.own(ref)
        if len(targets) == 1 and not own.is_summary:
            frame.state.heap[ref.id] = own.replaced({**own.fields, ELEMENT: NOTHING})


@handles(*streams("write"))
def call_write(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`out.write(text)`"""
    value = first(arguments)
    written(frame, receiver, value.after(frame.hop("library", at, "written to a stream")))
    return Value((Scalar("int"),))


@handles(*streams("writelines"))
def call_writelines(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`out.writelines(lines)`"""
    for line in pieces(iterate(frame, first(arguments), at)):
        written(frame, receiver, line.after(frame.hop("library", at, "written to a stream")))
    return NONE_VALUE


def pieces(items: Items) -> list[Value]:
    """The elements, the open rest as one more."""
    return [*items.known, *([items.rest] if items.rest is not None else [])]


@handles(*streams("read", "read1", "readline", "getvalue", "getbuffer", "peek", "readall"))
def call_read(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`out.getvalue()`"""
    return held(frame, receiver).after(frame.hop("library", at, "read back from a stream"))


@handles(*streams("readlines"))
def call_readlines(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`text.readlines()`"""
    return fresh_list(frame, Items([], as_piece(held(frame, receiver))), at, "list", "readlines")


@handles(*streams("truncate"))
def call_truncate(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`out.truncate(0)` empties it."""
    sizes = frame.constants(first(arguments)) if arguments.positional else ()
    if sizes == (const(0),):
        emptied(frame, receiver)
    return Value((Scalar("int"),))


@handles("gzip.GzipFile", "bz2.BZ2File", "lzma.LZMAFile")
def call_compressed(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`GzipFile(fileobj=stream)`, `GzipFile("contacts.gz", "wb")`: what is written there is read there."""
    inner = arguments.keywords.get("fileobj")
    if inner is None and any(obj.kind == "external" for _, obj in frame.objects(first(arguments))):
        inner = first(arguments)
    if inner is not None:
        return inner
    return frame.machine.call_external(frame, "builtins.open", None, arguments, at)


@handles(*streams("__enter__", "detach"))
def call_enter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`with out:`"""
    return receiver


def stream_maker(detail: str) -> None:
    """`StringIO(text)`"""

    @handles(detail, f"_{detail}")
    def make(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        initial = arguments.get(0, "initial_value" if detail.endswith("StringIO") else "initial_bytes")
        is_empty = initial is None or initial.atoms in ((const(""),), (const(b""),), (NONE,))
        content = NOTHING if is_empty or initial is None else initial
        return frame.make(at, Obj("external", {ELEMENT: content}, detail=detail), detail)


stream_maker("io.StringIO")
stream_maker("io.BytesIO")


@handles("io.TextIOWrapper", "io.BufferedReader", "io.BufferedWriter", "io.BufferedRandom")
def call_wrapped_stream(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`TextIOWrapper(buffer)` writes through."""
    return arguments.get(0, "buffer") or NOTHING


@handles("shutil.copyfileobj")
def call_copy_stream(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`copyfileobj(source, target)`"""
    write_to(frame, arguments.get(1, "fdst") or NOTHING, read_from(frame, arguments.get(0, "fsrc") or NOTHING, at), at)
    return NONE_VALUE


@handles("builtins.print")
def call_print(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`print(x, file=out)` writes the text of its arguments; without a file, to what standard output is now."""
    texts = [text_of(frame, value, at, "s") for value in arguments.positional]
    taints = NOTHING.taints
    for text in texts:
        taints = joined_taints(taints, text.taints)
    if arguments.more is not None:
        taints = joined_taints(taints, frame.deep_taints(arguments.more))
    stream = arguments.keywords.get("file")
    if stream is None or stream.atoms == (NONE,):
        stream = redirected(frame, "sys.stdout")
    if stream is not None and stream.atoms:
        hop = frame.hop("library", at, "printed to a stream")
        write_to(frame, stream, derived(taints, "str").after(hop) if taints else derived(taints, "str"), at)
    return NONE_VALUE


# --- standard output, for as long as it is another stream ------------------------------------------

TARGET = attr("__target__")


def redirected(frame: Frame, name: str) -> Value | None:
    """The stream that stands for a standard one now; None for the real one."""
    ref = Ref(("G", "external", name))
    found = frame.object(ref).fields.get(TARGET) if ref.id in frame.state.heap else None
    if found is not None and found.present().atoms not in ((), (NONE,)):
        return found.present()
    return assigned(frame, name)


def assigned(frame: Frame, name: str) -> Value | None:
    """What a program puts in the place of a standard stream: `sys.stdout = out`; None where it does not."""
    module, _, stream = name.partition(".")
    if not frame.machine.binders_of_module(module, stream):
        return None
    held = frame.look(frame.content(Value((Ref(("G", "external", module)),)), attr(stream)))
    streams_held = [ref for ref, obj in frame.objects(held) if obj.kind == "external"]
    return Value(tuple(streams_held)) if streams_held else None


@handles("builtins.input")
def call_input(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`input()`: a line of what stands for standard input."""
    stream = redirected(frame, "sys.stdin")
    line = as_piece(held(frame, stream)) if stream is not None else Value((Scalar("str"),))
    return line.after(frame.hop("library", at, "read from standard input")) if line.taints else line


def redirection(name: str) -> None:
    """`contextlib.redirect_stdout(out)`"""
    detail = f"contextlib.redirect_{name}"

    @handles(detail)
    def redirect(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        target = frame.machine.external_object(frame, f"sys.{name}")
        frame.write(Value((target,)), TARGET, first(arguments))
        return frame.make(at, Obj("external", {ELEMENT: first(arguments)}, detail=detail), detail)

    @handles(f"{detail}.__exit__")
    def restore(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        target = frame.machine.external_object(frame, f"sys.{name}")
        frame.write(Value((target,)), TARGET, NONE_VALUE)
        return NONE_VALUE


redirection("stdout")
redirection("stderr")
