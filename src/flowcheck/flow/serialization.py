"""Texts that were made from a structure, and what reading them back gives.

    text = json.dumps({"to": user.phone, "place": user.city})     a text object: it carries the whole, and remembers
    row = json.loads(text.encode())                                 a fresh copy of what it was made from
    row["place"]                                                    nothing of the phone

A text object is an external object of the type `builtins.str` or `builtins.bytes`: its element is what any part of
it may show, its content `TEXT` the structure as it was at the time of writing.
"""

from __future__ import annotations

import json

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_attributes import mapping_of_fields
from flowcheck.flow.builtin_iteration import maybe_call
from flowcheck.flow.calls import call_found, call_value
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.copies import deep_copy
from flowcheck.flow.documents import TEXT, document_behind
from flowcheck.flow.extended import builtin_of
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.objects import RECEIVER, class_lookup, lookup
from flowcheck.flow.texts import has_hole
from flowcheck.flow.values import (
    ELEMENT,
    KEYS,
    NONE_VALUE,
    NOTHING,
    UNKNOWN,
    Atom,
    Const,
    Content,
    Input,
    Ref,
    Value,
    attr,
    const,
    derived,
    index,
    join,
    join_all,
    key,
)

DEEPEST = 6
"""Levels of a structure that are told apart."""

JSON = ("json", "simplejson", "ujson", "orjson", "rapidjson", "flask.json", "hjson", "json5", "demjson3")
OBJECTS = ("pickle", "cPickle", "dill", "cloudpickle", "marshal", "plistlib", "jsonpickle")
TABLES = ("toml", "tomli_w", "tomlkit", "tomllib", "tomli", "rtoml")


# --- text objects --------------------------------------------------------------------------------


def text_object(frame: Frame, structure: Value, at: Span, type_name: str = "str", tag: str = "") -> Value:
    """A text made from a structure."""
    taints = frame.deep_taints(structure)
    fields = {ELEMENT: derived(taints, type_name), TEXT: structure}
    return frame.make(at, Obj("external", fields, detail=f"builtins.{type_name}"), f"text:{type_name}:{tag}")


def is_text_object(obj: Obj) -> bool:
    """Whether an object is a text that remembers what it was made from."""
    return obj.kind == "external" and TEXT in obj.fields


def structures(frame: Frame, text: Value) -> Value | None:
    """What a text was made from; None when some of it was made otherwise."""
    found: list[Value] = []
    for atom in frame.look(text).present().atoms:
        obj = frame.object(atom) if isinstance(atom, Ref) else None
        if obj is None or not is_text_object(obj):
            return None
        found.append(obj.get(TEXT))
    return join_all(found) if found else None


WHOLE = {
    "builtins.str.encode": "bytes",
    "builtins.bytes.decode": "str",
    "builtins.bytearray.decode": "str",
    "builtins.bytes.hex": "str",
    "builtins.bytes.fromhex": "bytes",
    "builtins.str": "str",
    "builtins.bytes": "bytes",
    "builtins.bytearray": "bytes",
    "builtins.memoryview": "bytes",
    "builtins.memoryview.tobytes": "bytes",
    **{f"builtins.{kind}.{name}": kind for kind in ("str", "bytes") for name in ("strip", "lstrip", "rstrip")},
    **{
        f"base64.{name}": "bytes"
        for base in ("b64", "b32", "b16", "b85", "a85", "standard_b64", "urlsafe_b64")
        for name in (f"{base}encode", f"{base}decode")
    },
    **{f"{name}.{way}": "bytes" for name in ("zlib", "gzip", "bz2", "lzma") for way in ("compress", "decompress")},
    **{f"binascii.{way}": "bytes" for way in ("hexlify", "unhexlify", "b2a_hex", "a2b_hex", "b2a_base64")},
    **{f"codecs.{name}": "" for name in ("encode", "decode")},
    **{f"urllib.parse.{name}": "str" for name in ("quote", "quote_plus", "unquote", "unquote_plus")},
}
"""Calls that change how a text is written, and that another call undoes: the type of what they give."""


def kept_whole(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """`text.encode()`, `base64.b64encode(text)`: still made from the same structure; None for any other call."""
    type_name = WHOLE.get(name)
    if type_name is None:
        return None
    subject = receiver if receiver is not None else first(arguments)
    if name == "codecs.encode" and len(arguments.positional) < 1:
        return None
    structure = structures(frame, subject)
    return text_object(frame, structure, at, type_name or "str", name) if structure is not None else None


# --- writing -------------------------------------------------------------------------------------


class Snapshot:
    """A structure as a format writes it: lists, dictionaries with textual keys and scalars, the rest by a callback."""

    def __init__(self, frame: Frame, default: Value | None, at: Span) -> None:
        self.frame = frame
        self.default = default
        self.at = at
        self.count = 0

    def make(self, obj: Obj) -> Value:
        self.count += 1
        return self.frame.make(self.at, obj, f"written:{self.count}")

    def of(self, value: Value, depth: int = 0) -> Value:
        """What is written of a value."""
        looked = self.frame.look(value)
        if depth > DEEPEST:
            return derived(self.frame.deep_taints(looked))
        result = NOTHING
        for atom in looked.present().atoms:
            result = join(result, self.of_atom(atom, looked, depth))
        return result.tainted(looked.taints)

    def of_atom(self, atom: Atom, value: Value, depth: int) -> Value:
        held = builtin_of(self.frame, atom)
        if held is not None:
            return self.of(held, depth)
        if isinstance(atom, Ref):
            return self.of_object(atom, self.frame.object(atom), depth)
        is_open = atom == UNKNOWN or (isinstance(atom, Input) and not atom.type)
        if is_open and self.default is not None:
            called = maybe_call(self.frame, self.default, Arguments([Value((atom,), value.taints)]), self.at)
            return join(Value((atom,)), self.plain(called, depth))
        return Value((atom,))

    def of_object(self, ref: Ref, obj: Obj, depth: int) -> Value:
        """An object, by its kind."""
        if obj.kind == "dict":
            return self.of_mapping(obj, depth)
        if obj.kind in {"list", "tuple", "generator"}:
            items = iterate(self.frame, Value((ref,)), self.at)
            return self.of_items(items, depth)
        if obj.kind == "fields":
            return self.of(mapping_of_fields(self.frame, obj.get(RECEIVER), self.at), depth)
        if obj.kind in {"function", "class", "method", "wrapper", "scope"}:
            return NOTHING
        if is_text_object(obj):
            return Value((ref,))
        if obj.kind == "unknown":
            if self.default is None:
                return Value((ref,))
            called = maybe_call(self.frame, self.default, Arguments([Value((ref,))]), self.at)
            return join(Value((ref,)), self.plain(called, depth))
        if self.default is not None:
            return self.plain(call_value(self.frame, self.default, Arguments([Value((ref,))]), self.at), depth)
        return self.plain(Value((ref,)), depth)

    def of_mapping(self, obj: Obj, depth: int) -> Value:
        fields: dict[Content, Value] = {}
        for content, value in obj.fields.items():
            if content.kind == "key":
                fields[key(written_key(content.name))] = self.of(value, depth + 1)
            elif content == KEYS:
                fields[content] = value
        rest = self.of(obj.rest, depth + 1) if obj.rest is not None else None
        return self.make(Obj("dict", fields, rest=rest))

    def of_items(self, items: Items, depth: int) -> Value:
        known = [self.of(item, depth + 1) for item in items.known]
        rest = self.of(items.rest, depth + 1) if items.rest is not None else None
        fields = {index(place): value for place, value in enumerate(known)}
        return self.make(Obj("list", fields, length=len(known), rest=rest))

    def plain(self, value: Value, depth: int) -> Value:
        """What a callback gave for an object: an object among it is written by its fields."""
        result = NOTHING
        for atom in self.frame.look(value).present().atoms:
            obj = self.frame.object(atom) if isinstance(atom, Ref) else None
            if isinstance(atom, Ref) and obj is not None and obj.kind == "instance":
                fields = mapping_of_fields(self.frame, Value((atom,)), self.at)
                result = join(result, self.of(fields, depth + 1))
            elif obj is not None and obj.kind in {"external", "set"} and not is_text_object(obj):
                result = join(result, derived(self.frame.deep_taints(Value((atom,)))))
            elif isinstance(atom, Ref):
                result = join(result, self.of(Value((atom,)), depth + 1))
            else:
                result = join(result, Value((atom,)))
        return result.tainted(value.taints)


def written_key(name: object) -> object:
    """How JSON writes the key of a mapping."""
    if name is None or isinstance(name, bool):
        return {None: "null", True: "true", False: "false"}[name]
    return str(name) if isinstance(name, int | float) else name


def default_of(frame: Frame, arguments: Arguments, at: Span) -> Value | None:
    """The callback for objects that the format does not know: `default=`, or the `default` of an encoder's class."""
    default = arguments.keywords.get("default")
    if default is not None and default.atoms != NONE_VALUE.atoms:
        return default
    for ref, obj in frame.objects(arguments.keywords.get("cls", NOTHING)):
        if obj.kind == "class" and class_lookup(frame, ref, "default") is not None:
            encoder = frame.machine.construct(frame, ref, Arguments(), at)
            return frame.machine.attribute(frame, encoder, "default", at)
    return None


def json_text(frame: Frame, arguments: Arguments, at: Span) -> Value:
    """The text of the first argument."""
    given = arguments.get(0, "obj") or NOTHING
    hop = frame.hop("library", at, "written as JSON")
    structure = Snapshot(frame, default_of(frame, arguments, at), at).of(given)
    return text_object(frame, structure.after(hop), at, "str", "json")


@handles(*(f"{module}.dumps" for module in (*JSON, *TABLES)), "flask.json.provider.DefaultJSONProvider().dumps")
def call_dumps(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`json.dumps(row, default=str)`"""
    return json_text(frame, arguments, at)


@handles(*(f"{module}.dump" for module in (*JSON, *TABLES)))
def call_dump(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`json.dump(row, file)`"""
    write_to(frame, arguments.get(1, "fp") or NOTHING, json_text(frame, arguments, at), at)
    return NONE_VALUE


@handles("yaml.dump", "yaml.safe_dump", "yaml.dump_all", "yaml.safe_dump_all")
def call_yaml_dump(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`yaml.safe_dump(row)` gives a text; `yaml.safe_dump(row, file)` writes it."""
    text = json_text(frame, arguments, at)
    stream = arguments.get(1, "stream")
    if stream is None or stream.atoms == NONE_VALUE.atoms:
        return text
    write_to(frame, stream, text, at)
    return NONE_VALUE


@handles(*(f"json.JSONEncoder{call}.{way}" for call in ("", "()") for way in ("encode", "iterencode")))
def call_encode(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`Encoder().encode(row)` asks the encoder's own `default`."""
    default = None
    for _, obj in frame.objects(receiver):
        if obj.kind == "instance" and class_lookup(frame, obj.type, "default") is not None:
            default = frame.machine.attribute(frame, receiver, "default", at)
        elif attr("default") in obj.fields:
            default = obj.fields[attr("default")]
    structure = Snapshot(frame, default, at).of(first(arguments))
    return text_object(frame, structure, at, "str", "json")


@handles("json.JSONEncoder.default", "json.JSONEncoder().default")
def call_encoder_default(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`super().default(o)` only raises."""
    return NOTHING


@handles("json.JSONEncoder")
def make_encoder(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`JSONEncoder(default=f)`"""
    fields = {attr(name): value for name, value in arguments.keywords.items() if name == "default"}
    return frame.make(at, Obj("external", fields, detail="json.JSONEncoder"), "encoder")


@handles(*(f"{module}.dumps" for module in OBJECTS), "msgpack.packb", "msgpack.dumps", "jsonpickle.encode")
def call_pickle(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`pickle.dumps(o)`: a copy of the object, whatever it is."""
    return pickled(frame, first(arguments), at)


def pickled(frame: Frame, value: Value, at: Span) -> Value:
    """The bytes of a value as it is now."""
    copied = deep_copy(frame, value, at, {}, 0)
    return text_object(frame, copied, at, "bytes", "pickle")


@handles(*(f"{module}.dump" for module in OBJECTS), "msgpack.pack", "msgpack.dump")
def call_pickle_to(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`pickle.dump(o, file)`"""
    write_to(frame, arguments.get(1, "file") or NOTHING, pickled(frame, first(arguments), at), at)
    return NONE_VALUE


@handles("struct.pack", "struct.Struct().pack", "struct.Struct.pack")
def call_pack(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`struct.pack("10s4s", phone, city)`: bytes that remember what stands where."""
    given = arguments.positional if receiver.atoms else arguments.positional[1:]
    packed = fresh_list(frame, Items(list(given), arguments.more), at, "tuple", "packed")
    return text_object(frame, packed, at, "bytes", "struct")


@handles("struct.unpack", "struct.Struct().unpack", "struct.Struct.unpack")
def call_unpack(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`struct.unpack("10s4s", data)`"""
    data = first(arguments) if receiver.atoms else arguments.get(1, "buffer") or NOTHING
    structure = structures(frame, data)
    if structure is not None and all(obj.kind == "tuple" for _, obj in frame.objects(structure)):
        return deep_copy(frame, structure, at, {}, 0, by_class=False)
    return fresh_list(frame, Items([], derived(frame.deep_taints(data))), at, "tuple", "unpacked")


def write_to(frame: Frame, stream: Value, text: Value, at: Span) -> None:
    """Call the stream's own `write`."""
    call_found(frame, lookup(frame, stream, "write", at), Arguments([text]), at)


def read_from(frame: Frame, stream: Value, at: Span) -> Value:
    """Call the stream's own `read`."""
    return call_found(frame, lookup(frame, stream, "read", at), Arguments(), at)


# --- reading -------------------------------------------------------------------------------------


def loaded(frame: Frame, text: Value, arguments: Arguments, at: Span) -> Value:
    """What a text reads as: its structure, the constant it is, else something that carries all of it anywhere."""
    structure = structures(frame, text)
    if structure is None:
        structure = parsed_constant(frame, text, at)
    if structure is None and not arguments.keywords.keys() & {"object_hook", "object_pairs_hook"}:
        kept = document_behind(frame, text)
        if kept is not None:
            return kept
    if structure is None:
        structure = derived(frame.deep_taints(text))
        structure = structure.after(frame.hop("library", at, "read from a text"))
    else:
        structure = deep_copy(frame, structure, at, {}, 0, by_class=False)
    for name in ("object_hook", "object_pairs_hook"):
        hook = arguments.keywords.get(name)
        if hook is not None and hook.atoms != NONE_VALUE.atoms:
            structure = Hooked(frame, hook, at, is_pairs=name == "object_pairs_hook").of(structure)
    return structure


def parsed_constant(frame: Frame, text: Value, at: Span) -> Value | None:
    """`json.loads('{"to": 1}')`"""
    atoms = frame.constants(text)
    if len(atoms) != 1 or not isinstance(atoms[0], Const) or has_hole(atoms[0]):
        return None
    given = atoms[0].value
    if not isinstance(given, str | bytes):
        return None
    try:
        found = json.loads(given)
    except (ValueError, RecursionError):
        return None
    return constant_structure(frame, found, at, "parsed").tainted(text.taints)


def constant_structure(frame: Frame, found: object, at: Span, tag: str) -> Value:
    """A JSON value as the interpreter sees it."""
    if isinstance(found, dict):
        fields = {key(str(name)): constant_structure(frame, each, at, f"{tag}.{name}") for name, each in found.items()}
        return frame.make(at, Obj("dict", fields), tag)
    if isinstance(found, list):
        items = [constant_structure(frame, each, at, f"{tag}.{place}") for place, each in enumerate(found)]
        return fresh_list(frame, Items(items, None), at, "list", tag)
    if found is None or isinstance(found, bool | int | float | str):
        return Value((const(found),))
    return Value((UNKNOWN,))


class Hooked:
    """A structure in which a callback has replaced every dictionary, innermost first."""

    def __init__(self, frame: Frame, hook: Value, at: Span, *, is_pairs: bool) -> None:
        self.frame = frame
        self.hook = hook
        self.at = at
        self.is_pairs = is_pairs

    def of(self, value: Value, depth: int = 0) -> Value:
        """The value with its dictionaries replaced."""
        result = NOTHING
        for atom in value.present().atoms:
            obj = self.frame.object(atom) if isinstance(atom, Ref) else None
            if isinstance(atom, Ref) and obj is not None and obj.kind in {"dict", "list"} and depth <= DEEPEST:
                result = join(result, self.of_object(atom, obj, depth))
            elif atom == UNKNOWN:
                given = self.frame.make(self.at, Obj("dict", rest=derived(value.taints)), "hooked")
                result = join(result, Value((atom,), value.taints))
                result = join(result, maybe_call(self.frame, self.hook, Arguments([self.given(given)]), self.at))
            else:
                result = join(result, Value((atom,)))
        return result.tainted(value.taints) if not result.taints else result

    def of_object(self, ref: Ref, obj: Obj, depth: int) -> Value:
        fields = {c: value if c == KEYS else self.of(value, depth + 1) for c, value in obj.fields.items()}
        rest = self.of(obj.rest, depth + 1) if obj.rest is not None else None
        self.frame.state.heap[ref.id] = obj.replaced(fields, rest)
        if obj.kind == "list":
            return Value((ref,))
        return call_value(self.frame, self.hook, Arguments([self.given(Value((ref,)))]), self.at)

    def given(self, mapping: Value) -> Value:
        """What the callback takes: the dictionary, or its items as pairs."""
        if not self.is_pairs:
            return mapping
        return call_found(self.frame, lookup(self.frame, mapping, "items", self.at), Arguments(), self.at)


LOADS = (
    *(f"{module}.loads" for module in (*JSON, *OBJECTS, *TABLES)),
    "msgpack.unpackb", "msgpack.loads", "jsonpickle.decode", "json.JSONDecoder().decode", "json.JSONDecoder.decode",
)  # fmt: skip


@handles(*LOADS)
def call_loads(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`json.loads(text, object_hook=f)`"""
    return loaded(frame, arguments.get(0, "s") or NOTHING, arguments, at)


@handles(*(f"{module}.load" for module in (*JSON, *OBJECTS, *TABLES)), "msgpack.unpack", "msgpack.load")
def call_load(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`json.load(file)`"""
    return loaded(frame, read_from(frame, arguments.get(0, "fp") or NOTHING, at), arguments, at)


@handles("yaml.load", "yaml.safe_load", "yaml.full_load", "yaml.load_all", "yaml.safe_load_all")
def call_yaml_load(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`yaml.safe_load(text)`, `yaml.safe_load(file)`"""
    result = NOTHING
    given = arguments.get(0, "stream") or NOTHING
    for atom in frame.look(given).present().atoms:
        obj = frame.object(atom) if isinstance(atom, Ref) else None
        is_stream = obj is not None and obj.kind in {"external", "instance"} and not is_text_object(obj)
        each = Value((atom,), given.taints)
        text = read_from(frame, each, at) if is_stream else each
        result = join(result, loaded(frame, text, Arguments(), at))
    return result


# --- fields of records -----------------------------------------------------------------------------


@handles("dataclasses.fields", "attr.fields", "attrs.fields")
def call_fields(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`fields(row)`: one description for each field, with its name."""
    found: list[Value] = []
    named: dict[Content, Value] = {}
    for ref, obj in frame.objects(first(arguments)):
        cls = ref if obj.kind == "class" else obj.type
        names = frame.machine.record_fields(frame, cls) if isinstance(cls, Ref) else []
        for name in names:
            field = Obj("external", {attr("name"): Value((const(name),))}, detail="dataclasses.Field")
            found.append(frame.make(at, field, f"field:{name}"))
            named[attr(name)] = found[-1]
    rest = None if found else Value((UNKNOWN,))
    listed = fresh_list(frame, Items(found, rest), at, "tuple", "fields")
    for content, value in named.items():
        frame.write(listed, content, value)
    return listed
