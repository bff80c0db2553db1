"""Exceptions of the standard library that say what the call was given.

try: open(user.phone)
except OSError as error: push(error.filename)     the phone, in its text too
"""

from __future__ import annotations

from dataclasses import dataclass

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items
from flowcheck.flow.values import Value, attr, derived

RECEIVER = -1


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception that a call may raise: its class, which argument it tells, and the attribute that holds that."""

    error: str
    argument: int
    attribute: str = ""


MISSING_FILE = Raised("builtins.FileNotFoundError", 0, "filename")
FILES = (
    "builtins.open", "io.open", "os.open", "os.remove", "os.unlink", "os.stat", "os.listdir", "os.scandir", "os.rmdir",
    "os.rename", "os.replace", "os.chdir", "os.path.getsize", "os.path.getmtime", "shutil.copy", "shutil.copyfile",
    "shutil.move", "shutil.rmtree",
)  # fmt: skip
PATHS = ("read_text", "read_bytes", "open", "stat", "unlink", "iterdir", "rename", "rmdir")
PROCESSES = ("subprocess.run", "subprocess.check_call", "subprocess.check_output")
PARSERS = (
    "datetime.datetime.strptime", "datetime.datetime.fromisoformat", "datetime.date.fromisoformat", "time.strptime",
    "ipaddress.ip_address", "ipaddress.ip_network", "fractions.Fraction", "ast.literal_eval",
)  # fmt: skip

RAISED: dict[str, Raised] = {
    **dict.fromkeys(FILES, MISSING_FILE),
    **{f"pathlib.Path.{name}": Raised("builtins.FileNotFoundError", RECEIVER, "filename") for name in PATHS},
    **dict.fromkeys(PROCESSES, Raised("subprocess.CalledProcessError", 0, "cmd")),
    **dict.fromkeys(PARSERS, Raised("builtins.ValueError", 0)),
    "json.loads": Raised("json.JSONDecodeError", 0, "doc"),
    "builtins.str.encode": Raised("builtins.UnicodeEncodeError", RECEIVER, "object"),
    "builtins.bytes.decode": Raised("builtins.UnicodeDecodeError", RECEIVER, "object"),
    "builtins.list.index": Raised("builtins.ValueError", 0),
    "builtins.getattr": Raised("builtins.AttributeError", 1, "name"),
    "importlib.import_module": Raised("builtins.ModuleNotFoundError", 0, "name"),
    "urllib.request.urlopen": Raised("urllib.error.URLError", 0, "reason"),
    "re.compile": Raised("re.error", 0, "pattern"),
}
"""What is raised by calls of the standard library under their dotted names."""


def note_errors(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> None:
    """A call may raise an exception that says what it was given: noted where a `try` is around."""
    if len(frame.raising) <= 1:
        return
    raised = RAISED.get(name.replace("()", ""))
    if raised is None or (name == "builtins.getattr" and len(arguments.positional) != 2):
        return
    given = receiver if raised.argument == RECEIVER else arguments.get(raised.argument)
    taints = frame.deep_taints(given) if given is not None else None
    if given is None or not taints:
        return
    told = derived(taints, "str")
    fields = {attr("args"): fresh_list(frame, Items([told], None), at, "tuple", "args")}
    if raised.attribute:
        fields[attr(raised.attribute)] = given
    error = frame.make(at, Obj("external", fields, detail=f"{raised.error}()"), f"raised:{raised.error}")
    frame.raising[-1].append((error, frame.state.fork()))
