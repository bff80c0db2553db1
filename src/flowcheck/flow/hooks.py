"""Methods that a library's class calls on itself: what a subclass puts in their place is run with what was given.

class Texts(HTMLParser):
    def handle_data(self, data): push(data)
Texts().feed(user.page)                         push(a piece of the page)
xml.sax.parseString(text, handler)              handler.characters(a piece of the text)
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_iteration import maybe_call
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.folding import has_hole
from flowcheck.flow.formats import call_format
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.objects import class_lookup, mro
from flowcheck.flow.texts import HOLE
from flowcheck.flow.values import NONE_VALUE, NOTHING, UNKNOWN_VALUE, Const, Ref, Value, attr, derived, join, join_all

MARKUP = (
    ("handle_starttag", "tag", "pairs"), ("handle_startendtag", "tag", "pairs"), ("handle_data", "text"),
    ("handle_comment", "text"), ("handle_entityref", "text"), ("handle_charref", "text"), ("handle_decl", "text"),
    ("handle_pi", "text"), ("unknown_decl", "text"), ("handle_endtag", "tag"),
)  # fmt: skip
ELEMENTS = (("startElement", "tag", "items"), ("characters", "text"), ("endElement", "tag"))
EXPAT = (("StartElementHandler", "tag", "items"), ("CharacterDataHandler", "text"), ("EndElementHandler", "tag"))
"""Methods in the order of their calls, with what each is given: a piece of the text, pairs or items of such."""

TURNS = 2
"""How often they are called: what one keeps, the next may find."""


def given_to(frame: Frame, kinds: tuple[str, ...], text: Value, at: Span) -> list[Value]:
    """The arguments of one hook."""
    piece = derived(frame.deep_taints(text), "str")
    made = []
    for kind in kinds:
        if kind == "pairs":
            pair = fresh_list(frame, Items([piece, piece], None), at, "tuple", "hook:pair")
            made.append(fresh_list(frame, Items([], pair), at, "list", "hook:pairs"))
        elif kind == "items":
            made.append(frame.make(at, Obj("dict", rest=piece), "hook:items"))
        else:
            made.append(piece)
    return made


def run_hooks(frame: Frame, owner: Value, hooks: tuple[tuple[str, ...], ...], text: Value, at: Span) -> None:
    """Call what the object has of the hooks with pieces of a text."""
    for _ in range(TURNS):
        for name, *kinds in hooks:
            for ref, obj in frame.objects(owner):
                method = hook_of(frame, ref, obj, name)
                if method.atoms:
                    maybe_call(frame, method, Arguments(given_to(frame, tuple(kinds), text, at)), at)


def hook_of(frame: Frame, ref: Ref, obj: Obj, name: str) -> Value:
    """What an object has under a name: a method of its class, or what was assigned."""
    if obj.kind == "instance":
        has_method = class_lookup(frame, obj.type, name) is not None
        return frame.machine.attribute(frame, Value((ref,)), name, frame.code.body_at) if has_method else NOTHING
    return obj.fields.get(attr(name), NOTHING).present()


@handles("html.parser.HTMLParser.feed")
def call_feed(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`parser.feed(text)`"""
    run_hooks(frame, receiver, MARKUP, first(arguments), at)
    return NONE_VALUE


@handles("html.parser.HTMLParser.__init__", "html.parser.HTMLParser.close", "html.parser.HTMLParser.reset")
def call_nothing(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`super().__init__()` of a parser"""
    return NONE_VALUE


@handles("xml.sax.parseString", "xml.sax.parse")
def call_sax(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`xml.sax.parseString(text, handler)`"""
    source = first(arguments)
    text = source if not frame.objects(source) else join(source, iterate(frame, source, at).any())
    run_hooks(frame, arguments.get(1, "handler") or NOTHING, ELEMENTS, text, at)
    return NONE_VALUE


PARSER = "xml.parsers.expat.ParserCreate()"


@handles("xml.parsers.expat.ParserCreate")
def make_expat(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`ParserCreate()`: functions are assigned to it."""
    return frame.make(at, Obj("external", detail=PARSER), "expat")


@handles(f"{PARSER}.Parse")
def call_expat(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`parser.Parse(text)`"""
    run_hooks(frame, receiver, EXPAT, first(arguments), at)
    return NONE_VALUE


@handles("cmd.Cmd.onecmd")
def call_command(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`shell.onecmd("push " + text)`: `do_push` with what stands behind the first word."""
    line = first(arguments)
    for ref, obj in frame.objects(receiver):
        for name in sorted(commands_of(frame, obj, line)):
            method = hook_of(frame, ref, obj, name)
            given = line if name == "default" else derived(frame.deep_taints(line), "str")
            maybe_call(frame, method, Arguments([given]), at)
    return NONE_VALUE


def commands_of(frame: Frame, obj: Obj, line: Value) -> set[str]:
    """The methods that may take a line: by its first word, or any of them."""
    names = {
        str(content.name)
        for cls in mro(frame, obj.type)
        if isinstance(cls, Ref)
        for content in frame.object(cls).fields
        if content.kind == "attr" and str(content.name).startswith("do_")
    }
    words = {
        atom.value.split(" ")[0] if isinstance(atom, Const) and isinstance(atom.value, str) else HOLE
        for atom in frame.constants(line)
    }
    if any(has_hole(word) for word in words):
        return {*names, "default"}
    return {f"do_{word}" if f"do_{word}" in names else "default" for word in words}


@handles("string.Formatter.format", "string.Formatter().format")
def call_format_by_methods(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`Own().format("{to}", to=x)`: by the methods of a class of the code base, as far as it has them."""
    values = [*arguments.positional[1:], *arguments.keywords.values()]
    made = formatted_by_methods(frame, receiver, first(arguments), values, at)
    return made if made is not None else call_format(frame, receiver, arguments, at)


@handles("string.Formatter.vformat", "string.Formatter().vformat")
def call_vformat(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`Own().vformat("{to}", (), {"to": x})`"""
    values = [frame.machine.iterate_values(frame, each, at) for each in arguments.positional[1:]]
    made = formatted_by_methods(frame, receiver, first(arguments), values, at)
    return made if made is not None else derived(frame.deep_taints(join_all([first(arguments), *values])), "str")


def formatted_by_methods(
    frame: Frame, formatter: Value, template: Value, values: list[Value], at: Span
) -> Value | None:
    """The text that a formatter of the code base makes; None where it has no methods of its own."""
    got = hooked(frame, formatter, "get_value", [UNKNOWN_VALUE, NOTHING, NOTHING], at)
    shown = got if got.atoms else join_all(values)
    formatted = hooked(frame, formatter, "format_field", [shown, UNKNOWN_VALUE], at)
    if not got.atoms and not formatted.atoms:
        return None
    return derived(frame.deep_taints(join(template, formatted if formatted.atoms else shown)), "str")


def hooked(frame: Frame, owner: Value, name: str, given: list[Value], at: Span) -> Value:
    """What the object's own method gives; nothing where its class has none."""
    methods = join_all(hook_of(frame, ref, obj, name) for ref, obj in frame.objects(owner))
    return maybe_call(frame, methods, Arguments(given), at) if methods.atoms else NOTHING
