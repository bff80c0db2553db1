"""xml.etree: elements that programs build, and those read from a text.

root = Element("user"); SubElement(root, "to").text = user.phone
root.find("to").text, tostring(root)            the phone
fromstring(text).find("to").get("kind")         carries what the text does
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_attributes import constant_texts
from flowcheck.flow.container_methods import call_method
from flowcheck.flow.containers import fresh_list, set_items
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import Handler, first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.mapping_methods import merge
from flowcheck.flow.serialization import write_to
from flowcheck.flow.subscripts import get_item, set_item
from flowcheck.flow.values import (
    NONE_VALUE,
    NOTHING,
    Content,
    Ref,
    Taints,
    Value,
    attr,
    const,
    derived,
    join_all,
)

MODULES = ("xml.etree.ElementTree", "xml.etree.cElementTree", "lxml.etree", "defusedxml.ElementTree")
DETAIL = "xml.etree.ElementTree.Element"
TREE = "xml.etree.ElementTree.ElementTree"
CHILDREN = Content("children", None)
ATTRIBUTES = attr("attrib")
DEEPEST = 6


def functions(*names: str) -> list[str]:
    """The dotted names of functions of the XML libraries."""
    return [f"{module}.{name}" for module in MODULES for name in names]


def methods(*names: str) -> list[str]:
    """The dotted names of an element's methods."""
    return [f"{owner}.{name}" for owner in (DETAIL, TREE) for name in names]


# --- making ------------------------------------------------------------------------------------------


def make_element(frame: Frame, tag: Value, attributes: Value, keywords: dict[str, Value], at: Span, name: str) -> Value:
    """A new element."""
    held = frame.make(at, Obj("dict"), f"{name}:attrib")
    (ref,) = held.atoms
    assert isinstance(ref, Ref)
    merge(frame, ref, attributes, at)
    for each, value in keywords.items():
        set_item(frame, held, Value((const(each),)), value, at)
    children = fresh_list(frame, Items([], None), at, "list", f"{name}:children")
    fields = {
        attr("tag"): tag, attr("text"): NONE_VALUE, attr("tail"): NONE_VALUE, ATTRIBUTES: held, CHILDREN: children,
    }  # fmt: skip
    return frame.make(at, Obj("external", fields, detail=DETAIL), name)


def others(arguments: Arguments) -> dict[str, Value]:
    """Attributes that are passed by keyword."""
    return {name: value for name, value in arguments.keywords.items() if name not in {"tag", "attrib", "parent"}}


@handles(*functions("Element"))
def call_element(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`Element("user", {"city": x}, kind="y")`"""
    tag, attributes = arguments.get(0, "tag") or NOTHING, arguments.get(1, "attrib") or NOTHING
    return make_element(frame, tag, attributes, others(arguments), at, "element")


@handles(*functions("SubElement"))
def call_sub_element(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`SubElement(root, "to")`"""
    tag, attributes = arguments.get(1, "tag") or NOTHING, arguments.get(2, "attrib") or NOTHING
    made = make_element(frame, tag, attributes, others(arguments), at, "subelement")
    add_child(frame, arguments.get(0, "parent") or NOTHING, made, at)
    return made


def add_child(frame: Frame, parent: Value, child: Value, at: Span) -> None:
    """One more element in another."""
    for ref, _ in frame.objects(frame.content(parent, CHILDREN).present()):
        frame.machine.append(frame, ref, child, at)


@handles(*functions("fromstring", "XML", "fromstringlist", "HTML"))
def call_parse(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`fromstring(text)`: anything in it may be anywhere."""
    return opaque(frame, frame.deep_taints(first(arguments)), at)


def opaque(frame: Frame, taints: Taints, at: Span) -> Value:
    """An element of which only the text it was read from is known: it stands for all elements in it."""
    part = derived(taints, "str")
    attributes = frame.make(at, Obj("dict", rest=part), "parsed:attrib")
    children = frame.make(at, Obj("list"), "parsed:children")
    fields = {
        attr("tag"): derived(NOTHING.taints, "str"), attr("text"): part, attr("tail"): part, ATTRIBUTES: attributes,
        CHILDREN: children,
    }  # fmt: skip
    made = frame.make(at, Obj("external", fields, detail=DETAIL), "parsed")
    for ref, _ in frame.objects(children):
        frame.state.write_any(ref.id, made)
    return made


@handles(*functions("ElementTree"))
def call_tree(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`ElementTree(root)`"""
    root = arguments.get(0, "element") or NOTHING
    children = fresh_list(frame, Items([root], None), at, "list", "tree:children")
    return frame.make(at, Obj("external", {CHILDREN: children, attr("root"): root}, detail=TREE), "tree")


@handles(f"{TREE}.getroot")
def call_get_root(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`tree.getroot()`"""
    return frame.content(receiver, attr("root")).present()


# --- reading and changing --------------------------------------------------------------------------------


def children_of(frame: Frame, element: Value, at: Span) -> list[Value]:
    """The elements directly in an element; of a tree those in its root."""
    found = []
    for ref, obj in frame.objects(element):
        if obj.detail == TREE:
            found.extend(children_of(frame, obj.get(attr("root")), at))
            continue
        items = iterate(frame, frame.content(Value((ref,)), CHILDREN).present(), at)
        found.extend([*items.known, *([items.rest] if items.rest is not None else [])])
    return found


def below(frame: Frame, element: Value, at: Span, depth: int = 0) -> list[Value]:
    """All elements in an element."""
    found: list[Value] = []
    for child in children_of(frame, element, at):
        found.append(child)
        if depth < DEEPEST and not set(child.atoms) & set(element.atoms):
            found.extend(below(frame, child, at, depth + 1))
    return found


def is_wanted(frame: Frame, element: Value, tags: list[str] | None) -> bool:
    """Whether an element may be one of those that a path names by its last part."""
    held = constant_texts(frame, frame.content(element, attr("tag")).present())
    return tags is None or held is None or not held or any(tag in held for tag in tags)


def tags_of(frame: Frame, path: Value | None) -> list[str] | None:
    """The tags that a path ends with; None for any."""
    names = constant_texts(frame, path) if path is not None else None
    if not names:
        return None
    last = [name.rpartition("/")[2].partition("[")[0] for name in names]
    return None if any(name in {"*", ".", ""} for name in last) else last


def found_by(frame: Frame, receiver: Value, path: Value | None, at: Span, *, is_deep: bool) -> list[Value]:
    """The elements that a path leads to."""
    tags = tags_of(frame, path)
    is_deep = is_deep or any("/" in name for name in constant_texts(frame, path) or ())
    candidates = below(frame, receiver, at) if is_deep else children_of(frame, receiver, at)
    return [each for each in candidates if is_wanted(frame, each, tags)]


def finder(*, is_deep: bool, has_self: bool = False) -> Handler:
    """`root.findall("to")`, `root.iter("to")`: elements in order."""

    def call(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        path = arguments.get(0, "path")
        found = found_by(frame, receiver, path, at, is_deep=is_deep)
        if has_self and is_wanted(frame, receiver, tags_of(frame, path)):
            found.insert(0, receiver)
        return fresh_list(frame, Items(found, None), at, "list", "elements")

    return call


handles(*methods("findall", "iterfind"))(finder(is_deep=False))
handles(*methods("iter"))(finder(is_deep=True, has_self=True))


@handles(*methods("find"))
def call_find(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`root.find("to")`: the first one"""
    found = found_by(frame, receiver, arguments.get(0, "path"), at, is_deep=False)
    return found[0] if found else NONE_VALUE


@handles(*methods("findtext"))
def call_find_text(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`root.findtext("to", default)`"""
    found = found_by(frame, receiver, arguments.get(0, "path"), at, is_deep=False)
    default = arguments.get(1, "default")
    return frame.content(found[0], attr("text")).present() if found else default or NONE_VALUE


@handles(*methods("itertext"))
def call_texts(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`root.itertext()`"""
    elements = [receiver, *below(frame, receiver, at)]
    texts = [frame.content(each, attr(name)).present() for each in elements for name in ("text", "tail")]
    return fresh_list(frame, Items([], join_all(texts)), at, "list", "texts")


@handles(*methods("set"))
def call_set(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`element.set("kind", x)`"""
    set_item(frame, attributes_of(frame, receiver), first(arguments), arguments.get(1, "value") or NOTHING, at)
    return NONE_VALUE


def attributes_of(frame: Frame, element: Value) -> Value:
    """The mapping of an element's attributes."""
    return frame.content(element, ATTRIBUTES).present()


def of_attributes(method: str) -> None:
    """`element.get("kind", default)`, `element.items()`"""

    @handles(*methods(method))
    def call(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        return call_method(frame, method, attributes_of(frame, receiver), arguments, at) or NOTHING


for _method in ("get", "items", "keys"):
    of_attributes(_method)


def of_children(method: str) -> None:
    """`element.append(child)`, `element.remove(child)`"""

    @handles(*methods(method))
    def call(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        return call_method(frame, method, frame.content(receiver, CHILDREN).present(), arguments, at) or NOTHING


for _method in ("append", "extend", "insert", "remove"):
    of_children(_method)


@handles(f"{DETAIL}.__getitem__")
def call_item(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`root[0]`"""
    return get_item(frame, frame.content(receiver, CHILDREN).present(), first(arguments), at)


@handles(f"{DETAIL}.__iter__")
def call_iter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`for child in root`"""
    return frame.content(receiver, CHILDREN).present()


@handles(*methods("clear"))
def call_clear(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`element.clear()`"""
    for ref, _ in frame.objects(receiver):
        for name in ("text", "tail"):
            frame.write(Value((ref,)), attr(name), NONE_VALUE)
        for held, _ in frame.objects(frame.content(Value((ref,)), CHILDREN).present()):
            set_items(frame, held, Items([], None))
    call_method(frame, "clear", attributes_of(frame, receiver), Arguments(), at)
    return NONE_VALUE


# --- writing ---------------------------------------------------------------------------------------------


@handles(*functions("tostring", "tostringlist", "dump", "indent", "canonicalize"))
def call_to_string(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`tostring(root)`: all that is in it"""
    hop = frame.hop("library", at, "written as XML")
    return derived(frame.deep_taints(first(arguments))).after(hop)


@handles(f"{TREE}.write")
def call_write(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`tree.write(out)`"""
    write_to(frame, first(arguments), derived(frame.deep_taints(receiver)), at)
    return NONE_VALUE


@handles(*functions("iselement"))
def call_is_element(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`iselement(x)`"""
    return Value((const(True),))
