"""Archives: what is put into one under a name is found under that name again.

archive.writestr("a.txt", user.phone); archive.read("a.txt")        the phone
tar.addfile(TarInfo("a.txt"), stream); tar.extractfile("a.txt")     a stream of what the other held
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.container_methods import call_method
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.files import files_at
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items
from flowcheck.flow.serialization import read_from
from flowcheck.flow.subscripts import get_item, set_item
from flowcheck.flow.values import NONE_VALUE, NOTHING, Content, Value, attr

ARCHIVE = "zipfile.ZipFile"
MEMBERS = Content("members", None)


@handles(ARCHIVE)
def open_archive(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`ZipFile(target, "w")`"""
    return archive_in(frame, arguments.get(0, "file") or NOTHING, at)


def archive_in(frame: Frame, given: Value, at: Span) -> Value:
    """An archive: the files in it are kept by what it is written to, a file or a stream."""
    holder = given if any(obj.kind == "external" for _, obj in frame.objects(given)) else files_at(frame, given, at)
    members = frame.content(holder, MEMBERS).present() if frame.objects(holder) else NOTHING
    if not frame.objects(members):
        members = frame.make(at, Obj("dict"), "archive:members")
        frame.write(holder, MEMBERS, members)
    return frame.make(at, Obj("external", {MEMBERS: members}, detail=ARCHIVE), "archive")


@handles(f"{ARCHIVE}.writestr")
def call_write_text(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`archive.writestr("a.txt", x)`"""
    data = arguments.get(1, "data") or NOTHING
    set_item(frame, frame.content(receiver, MEMBERS).present(), first(arguments), data, at)
    return NONE_VALUE


@handles(f"{ARCHIVE}.write")
def call_write_file(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`archive.write(path, "a.txt")`"""
    stream = frame.machine.call_external(frame, "builtins.open", None, Arguments([first(arguments)]), at)
    name = arguments.get(1, "arcname") or first(arguments)
    set_item(frame, frame.content(receiver, MEMBERS).present(), name, read_from(frame, stream, at), at)
    return NONE_VALUE


@handles(f"{ARCHIVE}.read")
def call_read(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`archive.read("a.txt")`"""
    return get_item(frame, frame.content(receiver, MEMBERS).present(), first(arguments), at)


@handles(f"{ARCHIVE}.open")
def call_open(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`archive.open("a.txt")`"""
    return frame.machine.call_external(
        frame, "io.BytesIO", None, Arguments([call_read(frame, receiver, arguments, at)]), at
    )


@handles(f"{ARCHIVE}.namelist")
def call_names(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`archive.namelist()`"""
    return call_method(frame, "keys", frame.content(receiver, MEMBERS).present(), Arguments(), at) or NOTHING


# --- tar ---------------------------------------------------------------------------------------------

TAR = "tarfile.TarFile"


@handles("tarfile.open", TAR)
def open_tar(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`tarfile.open("a.tar", "w")`, `tarfile.open(fileobj=stream)`"""
    made = archive_in(frame, arguments.keywords.get("fileobj") or arguments.get(0, "name") or NOTHING, at)
    (archive,) = (obj for _, obj in frame.objects(made))
    return frame.make(at, Obj("external", archive.fields, detail=TAR), "tar")


@handles("tarfile.TarInfo")
def make_member(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`TarInfo("a.txt")`"""
    fields = {attr("name"): arguments.get(0, "name") or NOTHING}
    return frame.make(at, Obj("external", fields, detail="tarfile.TarInfo"), "tar:member")


def name_of(frame: Frame, member: Value) -> Value:
    """The name of a member, which is given as a text or as what describes it."""
    found = frame.objects(member)
    held = [obj.get(attr("name")).present() for _, obj in found if obj.detail == "tarfile.TarInfo"]
    return held[0] if len(held) == 1 else member


@handles(f"{TAR}.addfile")
def call_add_stream(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`tar.addfile(info, stream)`"""
    data = read_from(frame, arguments.get(1, "fileobj") or NOTHING, at)
    set_item(frame, frame.content(receiver, MEMBERS).present(), name_of(frame, first(arguments)), data, at)
    return NONE_VALUE


@handles(f"{TAR}.add")
def call_add(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`tar.add("a.txt")`"""
    return call_write_file(frame, receiver, arguments, at)


@handles(f"{TAR}.extractfile")
def call_extract(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`tar.extractfile("a.txt")`: a stream."""
    held = get_item(frame, frame.content(receiver, MEMBERS).present(), name_of(frame, first(arguments)), at)
    return frame.machine.call_external(frame, "io.BytesIO", None, Arguments([held]), at)


@handles(f"{TAR}.getnames")
def call_tar_names(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`tar.getnames()`"""
    return call_names(frame, receiver, arguments, at)


@handles(f"{TAR}.getmembers", f"{TAR}.__iter__")
def call_members(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`tar.getmembers()`"""
    names = frame.machine.iterate(frame, call_names(frame, receiver, arguments, at), at)
    known = [member_named(frame, name, place, at) for place, name in enumerate(names.known)]
    rest = member_named(frame, names.rest, -1, at) if names.rest is not None else None
    return fresh_list(frame, Items(known, rest), at, "list", "tar:members")


def member_named(frame: Frame, name: Value, place: int, at: Span) -> Value:
    """What describes a member."""
    made = Obj("external", {attr("name"): name}, detail="tarfile.TarInfo")
    return frame.make(at, made, f"tar:member:{place}")
