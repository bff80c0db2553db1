"""argparse: what a parser reads from a list of words that the program makes, and its defaults.

parser.add_argument("--to"); parser.set_defaults(func=send)
options = parser.parse_args(["--to", user.phone])       options.to is the phone, options.func the function
"""

from __future__ import annotations

from dataclasses import dataclass, field

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_attributes import constant_texts
from flowcheck.flow.builtin_iteration import maybe_call
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.texts import HOLE
from flowcheck.flow.values import (
    NONE,
    NONE_VALUE,
    NOTHING,
    Const,
    Content,
    External,
    Scalar,
    Value,
    attr,
    const,
    derived,
    join,
    join_all,
    key,
)

PARSER = "argparse.ArgumentParser"
COMMANDS = "argparse._SubParsersAction"
OPTIONS = Content("options", None)
PARSERS = Content("parsers", None)
DEFAULTS = Content("defaults", None)
FLAG_ACTIONS = frozenset({"store_true", "store_false", "store_const", "append_const", "count", "help", "version"})
LISTS = frozenset({"*", "+", "..."})


@dataclass(slots=True)
class Option:
    """One `add_argument`: its flags (none: it is taken by position) and where its value goes."""

    dest: str
    flags: tuple[str, ...]
    held: dict[str, Value]
    values: list[Value] = field(default_factory=list)

    @property
    def takes_value(self) -> bool:
        """Whether words follow its flag."""
        return self.text("action") not in FLAG_ACTIONS

    @property
    def is_list(self) -> bool:
        """Whether it gathers several words."""
        return self.count is not None or self.text("action") in {"append", "extend"}

    @property
    def count(self) -> str | int | None:
        """How many words it takes, where it is not one."""
        atoms = self.held.get("nargs", NOTHING).atoms
        found = atoms[0].value if len(atoms) == 1 and isinstance(atoms[0], Const) else None
        return found if isinstance(found, str | int) and found != "?" else None

    def text(self, name: str) -> str:
        """A constant setting."""
        atoms = self.held.get(name, NOTHING).atoms
        return str(atoms[0].value) if len(atoms) == 1 and isinstance(atoms[0], Const) else ""


# --- building a parser -------------------------------------------------------------------------------


@handles(PARSER, f"{PARSER}.__init__")
def make_parser(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`ArgumentParser(parents=[common])`"""
    made = receiver if frame.objects(receiver) else frame.make(at, Obj("external", detail=PARSER), "parser")
    frame.write(made, OPTIONS, fresh_list(frame, Items([], None), at, "list", "parser:options"))
    frame.write(made, DEFAULTS, frame.make(at, Obj("dict"), "parser:defaults"))
    for parent in iterate(frame, arguments.keywords.get("parents", NOTHING), at).known:
        for option in iterate(frame, frame.content(parent, OPTIONS).present(), at).known:
            append_to(frame, made, OPTIONS, option, at)
    return NONE_VALUE if frame.objects(receiver) else made


def append_to(frame: Frame, owner: Value, content: Content, value: Value, at: Span) -> None:
    """One more in a list that a parser keeps."""
    for ref, _ in frame.objects(frame.content(owner, content).present()):
        frame.machine.append(frame, ref, value, at)


@handles(f"{PARSER}.add_argument")
def call_add_argument(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`parser.add_argument("-n", "--number", type=int, default=1)`"""
    flags = fresh_list(frame, Items(arguments.positional, None), at, "tuple", "option:flags")
    fields = {key(name): value for name, value in arguments.keywords.items()}
    option = frame.make(at, Obj("external", {**fields, attr("flags"): flags}, detail="argparse.Action"), "option")
    append_to(frame, receiver, OPTIONS, option, at)
    return option


@handles(f"{PARSER}.add_argument_group", f"{PARSER}.add_mutually_exclusive_group")
def call_group(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """A group's arguments are the parser's."""
    return receiver


@handles(f"{PARSER}.set_defaults")
def call_set_defaults(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`parser.set_defaults(func=send)`"""
    for ref, _ in frame.objects(frame.content(receiver, DEFAULTS).present()):
        for name, value in arguments.keywords.items():
            frame.write(Value((ref,)), key(name), value)
    return NONE_VALUE


@handles(f"{PARSER}.add_subparsers")
def call_add_subparsers(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`parser.add_subparsers(dest="command")`"""
    parsers = frame.make(at, Obj("dict"), "parsers")
    fields = {PARSERS: parsers, attr("dest"): arguments.keywords.get("dest", NONE_VALUE)}
    made = frame.make(at, Obj("external", fields, detail=COMMANDS), "subparsers")
    frame.write(receiver, PARSERS, made)
    return made


@handles(f"{COMMANDS}.add_parser")
def call_add_parser(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`subparsers.add_parser("send")`"""
    parser = make_parser(frame, NOTHING, Arguments([], arguments.keywords), at)
    for ref, _ in frame.objects(frame.content(receiver, PARSERS).present()):
        for name in constant_texts(frame, first(arguments)) or ():
            frame.write(Value((ref,)), key(name), parser)
    return parser


# --- reading words -----------------------------------------------------------------------------------


@handles(f"{PARSER}.parse_args", f"{PARSER}.parse_intermixed_args")
def call_parse(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`parser.parse_args(["--to", user.phone])`; with no list, the words that the user types"""
    fields = parsed(frame, receiver, words_of(frame, arguments, at), at)
    space = Obj("instance", {attr(name): value for name, value in fields.items()}, type=External(SPACE))
    return frame.make(at, space, "options")


SPACE = "types.SimpleNamespace"


@handles(f"{PARSER}.parse_known_args")
def call_parse_known(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`options, others = parser.parse_known_args()`"""
    options = call_parse(frame, receiver, arguments, at)
    words = words_of(frame, arguments, at)
    left = distribute(frame, all_options(frame, receiver, at), words.known) if words.rest is None else words
    others = fresh_list(frame, left, at, "list", "options:others")
    return fresh_list(frame, Items([options, others], None), at, "tuple", "options:known")


def words_of(frame: Frame, arguments: Arguments, at: Span) -> Items:
    """The words that are to be parsed."""
    given = arguments.get(0, "args")
    is_given = given is not None and given.atoms != (NONE,)
    return iterate(frame, given, at) if given is not None and is_given else Items([], Value((Scalar("str"),)))


def all_options(frame: Frame, parser: Value, at: Span) -> list[Option]:
    """The arguments that were added to what may be several parsers."""
    return [each for ref, _ in frame.objects(parser) for each in options_of(frame, Value((ref,)), at)]


def parsed(frame: Frame, parser: Value, words: Items, at: Span) -> dict[str, Value]:
    """What a parser makes of words: names and values."""
    options = all_options(frame, parser, at)
    if words.rest is not None:
        for option in options:
            option.values.append(words.any())
        rest = words
    else:
        rest = distribute(frame, options, words.known)
    found = {option.dest: value_of(frame, option, at, is_certain=words.is_exact) for option in options}
    for _, defaults in frame.objects(frame.content(parser, DEFAULTS).present()):
        found.update((str(c.name), value) for c, value in defaults.fields.items() if c.kind == "key")
    return {**found, **parsed_commands(frame, parser, rest, at)}


def options_of(frame: Frame, parser: Value, at: Span) -> list[Option]:
    """The arguments that were added to a parser."""
    found = []
    for item in iterate(frame, frame.content(parser, OPTIONS).present(), at).known:
        for _, obj in frame.objects(item):
            names = [each for name in iterate(frame, obj.get(attr("flags")), at).known for each in texts(frame, name)]
            held = {str(c.name): value for c, value in obj.fields.items() if c.kind == "key"}
            flags = tuple(name for name in names if name.startswith("-"))
            given = texts(frame, held.get("dest", NOTHING))
            found.append(Option(given[0] if given else dest_of(names), flags, held))
    return found


def texts(frame: Frame, value: Value) -> list[str]:
    """The constant texts that a value may be."""
    return constant_texts(frame, value) or []


def dest_of(names: list[str]) -> str:
    """The attribute that a value goes to: the first long flag, else the first short one."""
    long = [name for name in names if name.startswith("--")] or names
    return long[0].lstrip("-").replace("-", "_") if long else ""


def distribute(frame: Frame, options: list[Option], words: list[Value]) -> Items:
    """Give each word to the argument that takes it; what no argument of this parser takes is left."""
    waiting = [option for option in options if not option.flags]
    left: list[Value] = []
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        option, inner = flagged(frame, options, word)
        if option is not None:
            taken = [inner] if inner is not None else []
            while inner is None and option.takes_value and place < len(words) and len(taken) < wanted(option):
                if is_flag(frame, words[place]):
                    break
                taken.append(words[place])
                place += 1
            option.values.extend(taken or ([NOTHING] if option.takes_value else [Value((const(True),))]))
        elif waiting and not left:
            waiting[0].values.append(word)
            if len(waiting[0].values) >= wanted(waiting[0]):
                waiting.pop(0)
        else:
            left.append(word)
    return Items(left, None)


def wanted(option: Option) -> int:
    """How many words an argument takes at most."""
    count = option.count
    return count if isinstance(count, int) else 1 << 16 if count in LISTS else 1


def is_flag(frame: Frame, word: Value) -> bool:
    """Whether a word is surely a flag."""
    names = texts(frame, word)
    return bool(names) and all(name.startswith("-") for name in names)


def flagged(frame: Frame, options: list[Option], word: Value) -> tuple[Option | None, Value | None]:
    """The argument whose flag a word is, and the value that stands behind `=` in it."""
    for text in texts(frame, word):
        name, has_value, inner = text.partition("=")
        for option in options:
            if name in option.flags:
                value = derived(word.taints, "str") if HOLE in inner else Value((const(inner),), word.taints)
                return option, value if has_value else None
    return None, None


def value_of(frame: Frame, option: Option, at: Span, *, is_certain: bool) -> Value:
    """What stands under an argument's name in the end."""
    if option.text("action") in {"store_true", "store_false"}:
        is_true = (option.text("action") == "store_true") is bool(option.values)
        return Value((const(is_true),)) if is_certain else Value((Scalar("bool"),))
    default = option.held.get("default", NONE_VALUE)
    converted = [convert(frame, option, value, at) for value in option.values]
    if not converted and is_certain:
        return default
    if option.is_list:
        rest = None if is_certain else join_all(converted)
        made = fresh_list(frame, Items(converted if is_certain else [], rest), at, "list", f"option:{option.dest}")
    else:
        made = converted[-1] if converted else NOTHING
    return made if is_certain else join(made, default)


def convert(frame: Frame, option: Option, value: Value, at: Span) -> Value:
    """`type=f`: what f makes of the word."""
    kind = option.held.get("type")
    return maybe_call(frame, kind, Arguments([value]), at) if kind is not None and value.atoms else value


def parsed_commands(frame: Frame, parser: Value, words: Items, at: Span) -> dict[str, Value]:
    """What the parser of a command makes of the words behind its name; of all commands where that is not known."""
    held = frame.content(parser, PARSERS).present() if has_commands(frame, parser) else NOTHING
    found: dict[str, Value] = {}
    for _, commands in frame.objects(held):
        dest = texts(frame, commands.get(attr("dest")))
        for _, parsers in frame.objects(commands.get(PARSERS)):
            chosen = texts(frame, words.known[0]) if words.known and words.is_exact else []
            rest = Items(words.known[1:], None) if chosen else Items([], words.any())
            for content, inner in parsers.fields.items():
                if words.known and words.is_exact and chosen != [content.name]:
                    continue
                if not words.known and words.is_exact:
                    continue
                for name, value in parsed(frame, inner, rest, at).items():
                    found[name] = join(found.get(name, NOTHING), value)
                found.update({each: Value((const(str(content.name)),)) for each in dest if chosen})
    return found


def has_commands(frame: Frame, parser: Value) -> bool:
    """Whether subparsers were added."""
    return any(PARSERS in obj.fields or obj.origin is not None for _, obj in frame.objects(parser))
