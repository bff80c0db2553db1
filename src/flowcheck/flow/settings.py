"""What a program keeps beside its own objects: configuration files, shelves, the environment.

config["contact"] = {"to": user.phone}; config.get("contact", "to")      the phone
os.environ["TO"] = user.phone; os.getenv("TO")                           likewise, from any function
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.container_methods import call_method
from flowcheck.flow.copies import deep_copy
from flowcheck.flow.files import constant_name, files_at, opened
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import iterate
from flowcheck.flow.mapping_methods import merge
from flowcheck.flow.serialization import structures, text_object, write_to
from flowcheck.flow.streams import held
from flowcheck.flow.subscripts import constant_keys, get_item, set_item
from flowcheck.flow.values import ABSENT, NONE_VALUE, NOTHING, UNKNOWN_VALUE, External, Ref, Value, derived, join, key


def configs(*methods: str) -> list[str]:
    """The names of methods of configuration parsers."""
    kinds = ("ConfigParser", "RawConfigParser", "SafeConfigParser")
    return [f"configparser.{kind}{call}.{method}" for kind in kinds for call in ("", "()") for method in methods]


@handles("configparser.ConfigParser", "configparser.RawConfigParser", "configparser.SafeConfigParser")
def make_config(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`ConfigParser()`: sections of options."""
    return frame.make(at, Obj("external", detail="configparser.ConfigParser"), "config")


def section(frame: Frame, config: Value, name: Value, at: Span) -> Value:
    """A section, made when it is not there yet."""
    found = frame.machine.get_item(frame, config, name).present()
    if frame.objects(found):
        return found
    made = frame.make(at, Obj("dict"), "config:section")
    set_item(frame, config, name, made, at)
    return made


@handles(*configs("add_section"))
def call_add_section(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`config.add_section("contact")`"""
    section(frame, receiver, first(arguments), at)
    return NONE_VALUE


@handles(*configs("set"))
def call_config_set(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`config.set("contact", "to", user.phone)`"""
    inner = section(frame, receiver, first(arguments), at)
    set_item(frame, inner, arguments.get(1, "option") or NOTHING, arguments.get(2, "value") or NONE_VALUE, at)
    return NONE_VALUE


@handles(*configs("get", "getint", "getfloat"))
def call_config_get(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`config.get("contact", "to", fallback="")`"""
    inner = frame.machine.get_item(frame, receiver, first(arguments)).present()
    found = get_item(frame, inner, arguments.get(1, "option") or NOTHING, at).present()
    fallback = arguments.keywords.get("fallback")
    found = join(found, fallback) if fallback is not None else found
    return found if found.atoms or found.taints else UNKNOWN_VALUE


@handles(*configs("items"))
def call_config_items(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`config.items("contact")`"""
    inner = frame.machine.get_item(frame, receiver, first(arguments)).present()
    found = call_method(frame, "items", inner, Arguments(), at)
    return found if found is not None else NOTHING


@handles(*configs("read_dict"))
def call_read_dict(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`config.read_dict({"contact": {"to": x}})`"""
    take_sections(frame, receiver, deep_copy(frame, first(arguments), at, {}, 0), at)
    return NONE_VALUE


def take_sections(frame: Frame, config: Value, sections: Value, at: Span) -> None:
    """Add the sections of a mapping, or those of a text of which only the whole is known."""
    for ref, _ in frame.objects(config):
        if frame.objects(sections):
            frame.own(ref)
            merge(frame, ref, sections, at)
        elif sections.taints:
            inner = frame.make(at, Obj("dict", rest=derived(sections.taints, "str")), "config:read")
            frame.own(ref)
            frame.state.write_any(ref.id, inner)


@handles(*configs("read_string"))
def call_read_string(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`config.read_string(text)`"""
    take_text(frame, receiver, first(arguments), at)
    return NONE_VALUE


@handles(*configs("read_file", "readfp"))
def call_read_file(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`config.read_file(stream)`"""
    take_text(frame, receiver, iterate(frame, first(arguments), at).any(), at)
    return NONE_VALUE


@handles(*configs("read"))
def call_read_config(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`config.read("settings.ini")`"""
    given = first(arguments)
    is_list = any(obj.kind in {"list", "tuple"} for _, obj in frame.objects(given))
    names = iterate(frame, given, at).any() if is_list else given
    take_text(frame, receiver, held(frame, opened(frame, files_at(frame, names, at), None)), at)
    return given


def take_text(frame: Frame, config: Value, text: Value, at: Span) -> None:
    """Read a text that was written by a parser, or any text."""
    structure = structures(frame, text)
    if structure is None:
        take_sections(frame, config, derived(frame.deep_taints(text)), at)
    else:
        take_sections(frame, config, deep_copy(frame, structure, at, {}, 0), at)


@handles(*configs("write"))
def call_write_config(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`config.write(out)`"""
    fields = {}
    rest: Value | None = None
    for _, obj in frame.objects(receiver):
        fields.update({content: value for content, value in obj.fields.items() if content.kind == "key"})
        rest = obj.rest if rest is None else rest
    sections = frame.make(at, Obj("dict", fields, rest=rest), "config:sections")
    text = text_object(frame, deep_copy(frame, sections, at, {}, 0), at, "str", "config")
    write_to(frame, first(arguments), text, at)
    return NONE_VALUE


# --- mappings that live outside: shelves, the environment --------------------------------------------

MAPPING_METHODS = ("get", "setdefault", "pop", "update", "items", "keys", "values", "clear", "copy")


@handles("shelve.open", "dbm.open", "shelve.DbfilenameShelf")
def call_shelve(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`shelve.open("seen")`: one mapping for each constant name."""
    name = constant_name(frame, first(arguments))
    if name is None:
        return frame.make(at, Obj("external", detail="shelve.Shelf"), "shelf")
    ref = Ref(("G", "external", "shelve.Shelf", name))
    frame.object(ref)
    return Value((ref,))


def mapping_method(owner: str, method: str) -> None:
    """A method of a mapping that lives outside the code base."""

    @handles(f"{owner}.{method}")
    def call(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        target = receiver
        if not frame.objects(receiver):
            ref = Ref(("G", "external", owner))
            frame.object(ref)
            target = Value((ref,))
        default = default_of_missing(frame, method, target, arguments)
        found = call_method(frame, method, target, arguments, at)
        found = join(found, default) if found is not None and default is not None else found
        return found if found is not None and (found.atoms or found.taints) else UNKNOWN_VALUE


def default_of_missing(frame: Frame, method: str, mapping: Value, arguments: Arguments) -> Value | None:
    """What `environ.get(name, default)` may give: the default, unless the program put something there."""
    default = arguments.get(1, "default") if method in {"get", "pop", "setdefault"} else None
    keys = constant_keys(frame, first(arguments)) if default is not None else None
    held = [obj.fields.get(key(each), NOTHING) for _, obj in frame.objects(mapping) for each in keys or ()]
    return None if held and all(each.atoms and ABSENT not in each.atoms for each in held) else default


for _owner in ("shelve.Shelf", "os.environ"):
    for _method in MAPPING_METHODS:
        mapping_method(_owner, _method)


@handles("os.getenv", "os.environb.get")
def call_getenv(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`os.getenv("CHIRP_CONTACT", "")`"""
    found = frame.machine.item_of_external(frame, "os.environ", first(arguments)).present()
    default = arguments.get(1, "default")
    return join(found, default if default is not None else NONE_VALUE)


@handles("os.putenv")
def call_putenv(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`os.putenv("CHIRP_CONTACT", x)`"""
    set_item(frame, Value((External("os.environ"),)), first(arguments), arguments.get(1) or NOTHING, at)
    return NONE_VALUE
