"""Django's serializers: rows as a text, or as the structure that the text is written of.

serializers.serialize("json", Member.objects.all(), fields=["city"])    a text of [{"model", "pk", "fields": {...}}]
for item in serializers.deserialize("json", text): item.object          rows of what the text holds
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_attributes import constant_texts
from flowcheck.flow.columns import names_in
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.query_rows import values_row
from flowcheck.flow.serialization import text_object, write_to
from flowcheck.flow.values import NONE_VALUE, NOTHING, UNKNOWN, Scalar, Value, attr, const, derived, join_all, key
from flowcheck.flow.web_forms import rows_in

MODULES = ("django.core.serializers", "django.core.serializers.base")


@handles(*(f"{module}.serialize" for module in MODULES))
def call_serialize(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`serializers.serialize("json", rows, fields=["city"], stream=out)`"""
    rows = arguments.get(1, "queryset") or NOTHING
    listed = [Value((const(name),)) for name in names_in(frame, arguments.keywords.get("fields"))]
    fields = [values_row(frame, row, Arguments(listed), at) for row in rows_in(frame, rows) if row.atoms]
    text = Value((Scalar("str"),))
    parts = {key("model"): text, key("pk"): Value((UNKNOWN,)), key("fields"): join_all(fields)}
    row = frame.make(at, Obj("dict", parts), "serialized:row")
    structure = frame.make(at, Obj("list", rest=row), "serialized")
    if "python" in (constant_texts(frame, arguments.get(0, "format")) or ()):
        return structure
    written = text_object(
        frame, structure.after(frame.hop("library", at, "written as a text of rows")), at, "str", "rows"
    )
    stream = arguments.keywords.get("stream")
    if stream is not None and stream.atoms != NONE_VALUE.atoms:
        write_to(frame, stream, written, at)
    return written


@handles(*(f"{module}.deserialize" for module in MODULES))
def call_deserialize(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`deserialize("json", text)`: an object around each row."""
    held = derived(frame.deep_taints(arguments.get(1, "stream_or_string") or NOTHING))
    item = Obj("external", {attr("object"): held}, detail="django.core.serializers.base.DeserializedObject")
    return frame.make(at, Obj("list", rest=frame.make(at, item, "deserialized:row")), "deserialized")
