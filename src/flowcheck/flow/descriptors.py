"""File descriptors: numbers that lead to a file, a pipe, a socket.

handle, name = mkstemp(); os.write(handle, text)        open(name).read() is the text
out, into = os.pipe(); os.write(into, text)             os.read(out, 100) is the text
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.files import FILE, files_at, new_file
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items
from flowcheck.flow.streams import held, written
from flowcheck.flow.values import NONE_VALUE, NOTHING, Scalar, Value, join

NUMBER = "builtins.int"


def descriptor(frame: Frame, file: Value, at: Span, tag: str) -> Value:
    """A number that leads to a file."""
    return frame.make(at, Obj("external", {FILE: file}, detail=NUMBER), f"descriptor:{tag}")


def files_behind(frame: Frame, handle: Value) -> Value:
    """The files that a descriptor leads to, as far as they are known."""
    found = NOTHING
    for _, obj in frame.objects(handle):
        found = join(found, obj.fields.get(FILE, NOTHING).present())
    return found


@handles("os.open")
def call_open(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`os.open("contacts.txt", os.O_WRONLY)`"""
    return descriptor(frame, files_at(frame, arguments.get(0, "path") or NOTHING, at), at, "open")


@handles("os.pipe")
def call_pipe(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`out, into = os.pipe()`"""
    file = new_file(frame, at, "pipe")
    ends = [descriptor(frame, file, at, name) for name in ("out", "into")]
    return fresh_list(frame, Items(ends, None), at, "tuple", "pipe:ends")


@handles("os.write")
def call_write(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`os.write(handle, data)`"""
    data = arguments.get(1) or NOTHING
    written(frame, files_behind(frame, first(arguments)), data.after(frame.hop("library", at, "written to a file")))
    return Value((Scalar("int"),))


@handles("os.read")
def call_read(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`os.read(handle, 100)`"""
    files = files_behind(frame, first(arguments))
    return held(frame, files).after(frame.hop("library", at, "read back from a file"))


@handles("os.close", "os.fsync")
def call_close(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`os.close(handle)`"""
    return NONE_VALUE
