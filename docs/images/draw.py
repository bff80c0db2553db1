#!/usr/bin/env python3
"""Draw the pictures of the documentation: what the real tools print, as SVG that loads nothing.

    pip install pyte pre-commit && python3 docs/images/draw.py              # all of them
    python3 docs/images/draw.py --only editor                               # one

Terminal output is drawn by rich. The editor is a real Neovim on a terminal that pyte emulates. `report.png` and
`graph.png` are screenshots of the page in a Chromium without a screen.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.markdown import Markdown
from rich.style import Style
from rich.text import Text

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
EXAMPLE = ROOT / "examples" / "chirp"
WIDTH = 100
WINDOW = 1200
FORMAT = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
FLOWCHECK = (sys.executable, "-m", "flowcheck")

LEAK = """\
from ads import sync_audience


class User:
    phone = ""  # flowcheck: security-collected


def nightly(users: list[User]):
    numbers = [user.phone for user in users]
    sync_audience(numbers)
"""
ADS = """\
def sync_audience(rows):  # flowcheck: advertising
    ...
"""

LUA = """\
vim.o.termguicolors = true
vim.o.number = true
vim.o.signcolumn = "yes"
vim.o.laststatus = 0
vim.o.ruler = false
local root = vim.fn.getcwd()
local id = vim.lsp.start_client({
  name = "flowcheck",
  cmd = vim.split(vim.env.FLOWCHECK, " "),
  root_dir = root,
  workspace_folders = { { uri = vim.uri_from_fname(root), name = "project" } },
})
vim.cmd("edit app.py")
vim.cmd("syntax on")
vim.cmd("highlight SignColumn guibg=NONE | highlight NormalFloat guibg=#303030 | highlight Pmenu guibg=#303030")
vim.lsp.buf_attach_client(0, id)
vim.wait(30000, function() return #vim.diagnostic.get(0) == 2 end, 50)
vim.api.nvim_win_set_cursor(0, { 10, 4 })
vim.diagnostic.open_float({ scope = "line" })
"""


def main(arguments: Sequence[str]) -> int:
    """Draw what the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(description="Draw the pictures of the documentation.")
    parser.add_argument("--only", choices=sorted([*PICTURES, *PAGES]), help="this one alone")
    only = parser.parse_args(arguments).only
    for name in [only] if only else [*sorted(PICTURES), *sorted(PAGES)]:
        if name in PAGES:
            photograph(name, *PAGES[name])
        else:
            title, draw = PICTURES[name]
            (HERE / f"{name}.svg").write_text(svg(name, title, draw()), encoding="utf-8")
        print(name)
    return 0


def svg(name: str, title: str, shown: Text | Markdown | tuple[Text | Markdown, ...]) -> str:
    """A window with what was printed."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    for part in shown if isinstance(shown, tuple) else (shown,):
        console.print(part)
    return console.export_svg(title=title, code_format=FORMAT, unique_id=name)


def ran(words: Sequence[str], folder: Path, **settings: str) -> str:
    """What a program prints, in colour if it does."""
    environment = {**environ(), "COLUMNS": str(WIDTH), "FORCE_COLOR": "1", "TERM": "xterm-256color", **settings}
    done = subprocess.run(
        words, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return done.stdout.decode().replace("\r", "")


def environ() -> Mapping[str, str]:
    """The environment without what would speak of this machine."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITHUB_", "PRE_COMMIT"))}


# --- the pictures ------------------------------------------------------------------------------


def report() -> Text:
    """The first finding on the example, and the summary."""
    lines = ran([*FLOWCHECK, "check", "--no-cache", "--color", "always"], EXAMPLE).splitlines()
    plain = [re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", line) for line in lines]
    heads = [number for number, line in enumerate(plain) if line.startswith(("error ", "warning ", "note "))]
    summary = next(number for number, line in enumerate(plain) if re.match(r"\d+ findings?:", line))
    return typed("flowcheck check", "\n".join([*lines[: heads[1]], "...", "", *lines[summary:]]))


def commit() -> Text:
    """A commit that the hook refuses."""
    with tempfile.TemporaryDirectory() as scratch:
        project = made_project(Path(scratch) / "project")
        hook = {
            "id": "flowcheck", "name": "flowcheck", "language": "system", "types_or": ["python"],
            "entry": f"{' '.join(FLOWCHECK)} check --quiet --color always --touching", "require_serial": True,
        }  # fmt: skip
        config = {"repos": [{"repo": "local", "hooks": [hook]}]}
        (project / ".pre-commit-config.yaml").write_text(json.dumps(config), encoding="utf-8")
        settings = {"HOME": scratch, "PRE_COMMIT_HOME": f"{scratch}/home", "PRE_COMMIT_COLOR": "always"}
        identity = ["-c", "user.name=me", "-c", "user.email=me@example.org"]
        for words in (
            ["git", "init", "-q"],
            [sys.executable, "-m", "pre_commit", "install"],
            ["git", "add", "."],
        ):
            ran(words, project, **settings)
        said = ran(["git", *identity, "commit", "-m", "Nightly job"], project, **settings)
        return typed('git commit -m "Nightly job"', said)


def job() -> tuple[Text | Markdown, ...]:
    """What a job of GitHub's shows: the annotations as it reads them, and the summary."""
    with tempfile.TemporaryDirectory() as scratch:
        summary = Path(scratch) / "summary.md"
        words = [*FLOWCHECK, "check", "--no-cache", "--format", "github"]
        said = ran(words, EXAMPLE, GITHUB_STEP_SUMMARY=str(summary))
        annotation = said.splitlines()[0].partition("%0A")[0]
        return typed("flowcheck check --format github", f"{annotation}...\n"), Markdown(summary_of(summary))


def summary_of(path: Path) -> str:
    """The head of a job's summary, in characters instead of entities."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), text)
    return "\n".join(text.splitlines()[:10])


def editor() -> Text:
    """Neovim with a finding: the marks beside the lines, the message at the cursor."""
    neovim = shutil.which("nvim")
    if neovim is None:
        sys.exit("no nvim here")
    with tempfile.TemporaryDirectory() as scratch:
        project = made_project(Path(scratch) / "project")
        (project / "init.lua").write_text(LUA, encoding="utf-8")
        settings = {"FLOWCHECK": f"{' '.join(FLOWCHECK)} lsp", "XDG_STATE_HOME": scratch, "TERM": "xterm-256color"}
        return screen([neovim, "--clean", "-c", "luafile init.lua"], project, settings, seconds=20, rows=20)


def quickstart() -> Text:
    """A first run on a small project."""
    with tempfile.TemporaryDirectory() as scratch:
        project = made_project(Path(scratch) / "project")
        return typed("flowcheck check", ran([*FLOWCHECK, "check", "--no-cache", "--color", "always"], project))


def baseline() -> tuple[Text, ...]:
    """The findings of today are accepted, and a further one is told."""
    with tempfile.TemporaryDirectory() as scratch:
        project = made_project(Path(scratch) / "project")
        first = ran([*FLOWCHECK, "baseline"], project)
        words = [*FLOWCHECK, "check", "--no-cache", "--color", "always"]
        known = ran(words, project)
        (project / "weekly.py").write_text(LEAK.replace("nightly", "weekly"), encoding="utf-8")
        return (
            typed("flowcheck baseline", first),
            typed("flowcheck check", known),
            typed("flowcheck check  # after weekly.py was written", ran(words, project)),
        )


def programs() -> tuple[Text, ...]:
    """What other programs read: the heads of three formats."""
    with tempfile.TemporaryDirectory() as scratch:
        project = made_project(Path(scratch) / "project")
        return tuple(
            typed(
                f"flowcheck check --format {name}", head_of(ran([*FLOWCHECK, "check", "--format", name], project), rows)
            )
            for name, rows in (("json", 26), ("gitlab", 20))
        )


def head_of(said: str, rows: int) -> str:
    """The first lines, cut where the picture ends."""
    lines = said.splitlines()[:rows]
    return "\n".join([line if len(line) < WIDTH else f"{line[: WIDTH - 4]}..." for line in lines] + ["..."])


def made_project(folder: Path) -> Path:
    """A project with one leak."""
    folder.mkdir()
    for name, text in {"app.py": LEAK, "ads.py": ADS, "flowcheck.toml": ""}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def typed(command: str, said: str) -> Text:
    """A command and what it prints."""
    return Text.assemble(("$ ", "bold green"), (command, "bold"), "\n", Text.from_ansi(said.rstrip()))


# --- a browser ---------------------------------------------------------------------------------


def photograph(name: str, command: Sequence[str], height: int) -> None:
    """A screenshot of a page that flowcheck writes of the example."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium here")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        page = Path(scratch) / "page.html"
        page.write_text(ran([*FLOWCHECK, *command, "--format", "html"], EXAMPLE), encoding="utf-8")
        settings = ["--headless=new", "--no-sandbox", "--hide-scrollbars", f"--user-data-dir={scratch}/profile"]
        picture = [f"--window-size={WINDOW},{height}", f"--screenshot={HERE / name}.png"]
        subprocess.run([chromium, *settings, *picture, page.as_uri()], stderr=subprocess.DEVNULL, check=True)


# --- a terminal --------------------------------------------------------------------------------


def screen(words: Sequence[str], folder: Path, settings: Mapping[str, str], seconds: float, rows: int = 24) -> Text:
    """The screen of a program after some time."""
    import pyte  # noqa: PLC0415 - only this picture needs it

    shown = pyte.Screen(WIDTH, rows)
    stream = pyte.ByteStream(shown)
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(folder)
        sizes = {"LINES": str(rows), "COLUMNS": str(WIDTH)}
        os.execvpe(words[0], list(words), {**environ(), **settings, **sizes})
    set_size(terminal, rows)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            stream.feed(os.read(terminal, 65536))
    os.kill(process, 9)
    os.waitpid(process, 0)
    return Text("\n").join(row_of(shown.buffer[number], WIDTH) for number in range(rows))


def set_size(terminal: int, rows: int) -> None:
    """Tell a terminal how large it is."""
    import fcntl  # noqa: PLC0415
    import struct  # noqa: PLC0415
    import termios  # noqa: PLC0415

    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, WIDTH, 0, 0))


def row_of(cells: Mapping[int, object], width: int) -> Text:
    """One row of a screen."""
    row = Text()
    for column in range(width):
        cell = cells[column]
        color, ground = (paint(getattr(cell, name)) for name in ("fg", "bg"))
        style = Style(color=color, bgcolor=ground, bold=cell.bold, underline=cell.underscore, reverse=cell.reverse)
        row.append(cell.data, style)
    return row


def paint(name: str) -> str | None:
    """A colour as rich calls it."""
    if name == "default":
        return None
    return f"#{name}" if re.fullmatch(r"[0-9a-f]{6}", name) else name.replace("brown", "yellow")


PICTURES: Mapping[str, tuple[str, Callable[[], Text | Markdown | tuple[Text | Markdown, ...]]]] = {
    "text": ("flowcheck check", report),
    "commit": ("git commit", commit),
    "job": ("a job in CI", job),
    "editor": ("Neovim", editor),
    "quickstart": ("flowcheck check", quickstart),
    "baseline": ("flowcheck baseline", baseline),
    "programs": ("for programs", programs),
}

PAGES: Mapping[str, tuple[Sequence[str], int]] = {"report": (("check", "--no-cache"), 1500), "graph": (("graph",), 900)}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
