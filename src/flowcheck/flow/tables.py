"""CSV: rows written to a stream and read back keep their cells apart.

csv.writer(out).writerow([user.phone, user.city])      a line of text that remembers its cells
next(csv.reader(open("contacts.csv")))[1]              the city
"""

from __future__ import annotations

import csv

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.copies import deep_copy
from flowcheck.flow.documents import TEXT, document, document_behind
from flowcheck.flow.files import FILE
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.serialization import is_text_object, text_object, write_to
from flowcheck.flow.streams import pieces
from flowcheck.flow.subscripts import get_item, set_item
from flowcheck.flow.texts import has_hole
from flowcheck.flow.values import ELEMENT, NONE, NONE_VALUE, NOTHING, Const, Ref, Value, attr, const, derived, join_all

LONGEST_LINE = 20_000
"""Letters of a constant line that is taken apart."""


@handles("csv.writer")
def make_writer(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`csv.writer(out)`"""
    return frame.make(at, Obj("external", {FILE: first(arguments)}, detail="csv.writer"), "csv.writer")


@handles("csv.DictWriter")
def make_dict_writer(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`csv.DictWriter(out, ["to", "place"])`"""
    fields = {FILE: arguments.get(0, "f") or NOTHING, attr("fieldnames"): arguments.get(1, "fieldnames") or NOTHING}
    return frame.make(at, Obj("external", fields, detail="csv.DictWriter"), "csv.DictWriter")


def write_row(frame: Frame, writer: Value, cells: Items, at: Span, names: list[Value] | None = None) -> None:
    """Write a line made of cells to the writer's stream; `names` are those of the cells, where they are known."""
    hop = frame.hop("library", at, "written as a row of CSV")
    shown = Items([cell.after(hop) for cell in cells.known], cells.rest.after(hop) if cells.rest is not None else None)
    row = fresh_list(frame, shown, at, "list", "csv:row")
    text = text_object(frame, row, at, "str", "csv")
    named = frame.make(at, Obj("dict"), "csv:named") if names is not None else row
    for name, cell in zip(names or (), shown.known, strict=False):
        set_item(frame, named, name, cell, at)
    frame.write(text, document(), frame.make(at, Obj("list", rest=named), "csv:lines"))
    write_to(frame, frame.content(writer, FILE).present(), text, at)


@handles("csv.writer.writerow")
def call_writerow(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`writer.writerow([user.phone, user.city])`"""
    write_row(frame, receiver, iterate(frame, first(arguments), at), at)
    return NONE_VALUE


@handles("csv.writer.writerows")
def call_writerows(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`writer.writerows(rows)`"""
    for row in pieces(iterate(frame, first(arguments), at)):
        write_row(frame, receiver, iterate(frame, row, at), at)
    return NONE_VALUE


@handles("csv.DictWriter.writeheader")
def call_writeheader(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`writer.writeheader()`"""
    write_row(frame, receiver, iterate(frame, frame.content(receiver, attr("fieldnames")).present(), at), at)
    return NONE_VALUE


@handles("csv.DictWriter.writerow")
def call_dict_writerow(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`writer.writerow({"to": user.phone})`: the cells in the order of the field names."""
    write_mapping(frame, receiver, first(arguments), at)
    return NONE_VALUE


@handles("csv.DictWriter.writerows")
def call_dict_writerows(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`writer.writerows(mappings)`"""
    for row in pieces(iterate(frame, first(arguments), at)):
        write_mapping(frame, receiver, row, at)
    return NONE_VALUE


def write_mapping(frame: Frame, writer: Value, row: Value, at: Span) -> None:
    """Write a line of the values of a mapping under the writer's field names."""
    names = iterate(frame, frame.content(writer, attr("fieldnames")).present(), at)
    if names.is_exact and names.known:
        cells = Items([get_item(frame, row, name, at) for name in names.known], None)
        write_row(frame, writer, cells, at, names.known)
    else:
        write_row(frame, writer, Items([], derived(frame.deep_taints(row))), at)


def rows_of(frame: Frame, source: Value, at: Span) -> list[Value]:
    """The rows that a text, or several, hold: as they were written where that is known."""
    found: list[Value] = []
    copied: dict[Ref, Value] = {}
    for line in pieces(iterate(frame, source, at)):
        for atom in line.present().atoms:
            obj = frame.object(atom) if isinstance(atom, Ref) else None
            if obj is not None and is_text_object(obj):
                found.append(deep_copy(frame, obj.get(TEXT), at, copied, 0))
            else:
                found.append(row_of_text(frame, Value((atom,), line.taints), at, len(found)))
    return found


def lines_behind(frame: Frame, source: Value, at: Span) -> Value | None:
    """The rows of a file that another function wrote; None where this one knows what the file holds."""
    pieces_held = [piece for piece in pieces(iterate(frame, source, at)) if piece.atoms or piece.taints]
    if any(is_text_object(obj) for piece in pieces_held for _, obj in frame.objects(piece)):
        return None
    kept = document_behind(frame, join_all(pieces_held))
    if kept is None:
        return None
    return fresh_list(frame, Items([], frame.content(kept, ELEMENT)), at, "list", "csv:lines")


def row_of_text(frame: Frame, line: Value, at: Span, place: int) -> Value:
    """A line of which only the whole is known; a constant line by its cells."""
    (atom,) = line.atoms
    if isinstance(atom, Const) and isinstance(atom.value, str) and is_plain_line(atom) and not line.taints:
        cells = [Value((const(cell),)) for cell in next(csv.reader([atom.value.strip("\r\n")]), [])]
        return fresh_list(frame, Items(cells, None), at, "list", f"csv:line:{place}")
    return fresh_list(frame, Items([], derived(frame.deep_taints(line), "str")), at, "list", f"csv:line:{place}")


def is_plain_line(atom: Const) -> bool:
    """Whether a constant line is all known, and no cell of it is more than a few words or goes on in the next."""
    text = str(atom.value).strip("\r\n")
    is_whole = text.count('"') % 2 == 0 and text.isprintable()
    return is_whole and len(text) < LONGEST_LINE and not has_hole(atom)


@handles("csv.reader")
def call_reader(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`csv.reader(text)`: rows of cells."""
    source = first(arguments)
    lines = lines_behind(frame, source, at)
    if lines is not None:
        return lines
    rows = rows_of(frame, source, at)
    is_exact = iterate(frame, source, at).is_exact
    return fresh_list(frame, Items(rows, None) if is_exact else Items([], join_all(rows)), at, "list", "csv.reader")


@handles("csv.DictReader")
def call_dict_reader(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`csv.DictReader(text)`: the first row, or `fieldnames`, names the cells of the others."""
    source = arguments.get(0, "f") or NOTHING
    lines = lines_behind(frame, source, at) if arguments.get(1, "fieldnames") is None else None
    if lines is not None:
        return lines
    rows = rows_of(frame, source, at)
    given = arguments.get(1, "fieldnames")
    if given is not None and given.atoms != (NONE,):
        names = iterate(frame, given, at)
    elif rows:
        names = iterate(frame, rows[0], at)
        rows = rows[1:] if iterate(frame, source, at).is_exact else rows  # any line, which may be the first
    else:
        names = Items([], None)
    made = [named_row(frame, names, row, at, place) for place, row in enumerate(rows)]
    return fresh_list(frame, Items([], join_all(made) if made else None), at, "list", "csv.DictReader")


def named_row(frame: Frame, names: Items, row: Value, at: Span, place: int) -> Value:
    """A row as a mapping."""
    cells = iterate(frame, row, at)
    made = frame.make(at, Obj("dict"), f"csv:dict:{place}")
    for name, cell in zip(names.known, cells.known, strict=False):
        set_item(frame, made, name, cell, at)
    others = [*cells.known[len(names.known) :], *([cells.rest] if cells.rest is not None else [])]
    if others or not names.is_exact:
        unnamed = join_all([*others, *(cells.known if not names.known else [])])
        for ref, _ in frame.objects(made):
            frame.state.write_any(ref.id, unnamed)
    return made
