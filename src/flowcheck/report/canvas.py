"""Drawing text reports: styled lines of a given width, as a string.

Everything that comes from the analysed code passes `printable`, so that no control character of it reaches a
terminal. rich turns styles into escape codes; without colour there are none.
"""

from __future__ import annotations

import io
import textwrap
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from flowcheck.report.words import cells, printable

NARROWEST = 40

WIDEST = 1000
"""Columns of a line of code that are shown where no terminal limits it: a generated line may have a million."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a text report looks.

    `width` None says that no terminal limits it: code is then shown whole, but for lines that nobody wrote by hand.
    `link_root` is the absolute folder that hyperlinks point into, where the terminal has them.
    """

    width: int | None = None
    has_color: bool = False
    has_unicode: bool = True
    link_root: str | None = None


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The few signs that differ where Unicode is off."""

    bar: str
    underline: str
    ellipsis: str
    dot: str
    arrow: str


UNICODE = Glyphs(bar="│", underline="━", ellipsis="…", dot="·", arrow="→")
ASCII = Glyphs(bar="|", underline="^", ellipsis="...", dot="-", arrow="->")


class Canvas:
    """Lines written one after the other; `drawn()` is all of them."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.glyphs = UNICODE if look.has_unicode else ASCII
        self._file = io.StringIO()
        self._console = Console(
            file=self._file,
            force_terminal=look.has_color,
            color_system="standard" if look.has_color else None,
            no_color=not look.has_color,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
            width=10_000,
        )

    def drawn(self) -> str:
        """What was written so far."""
        return self._file.getvalue()

    @property
    def width(self) -> int:
        """The columns that prose is wrapped to."""
        return max(NARROWEST, self.look.width or 100)

    def line(self, *parts: str | tuple[str, str], indent: int = 0) -> None:
        """One line of parts, each a text or a (text, style), never wrapped."""
        text = Text(" " * indent)
        for part in parts:
            content, style = part if isinstance(part, tuple) else (part, "")
            text.append(printable(content), style=style)
        text.rstrip()
        self._console.print(text, soft_wrap=True)

    def blank(self) -> None:
        """An empty line."""
        self.line()

    def prose(self, text: str, *, style: str = "", indent: int = 0, label: str = "") -> None:
        """A paragraph, wrapped; `label` leads its first line and the rest hangs below."""
        hanging = indent + len(label)
        room = max(20, self.width - hanging)
        wrapped = textwrap.wrap(printable(text), room, break_long_words=False, break_on_hyphens=False)
        for number, content in enumerate(wrapped or [""]):
            lead = label if number == 0 else " " * len(label)
            self.line((lead, "bold"), (content, style), indent=indent)

    def place(self, path: str, line: int, column: int | None = None) -> tuple[str, str]:
        """A part that names a place, a hyperlink where there are such."""
        shown = f"{path}:{line}" if column is None else f"{path}:{line}:{column}"
        root = self.look.link_root
        link = f" link file://{root}/{path}#{line}" if root and " " not in root + path else ""
        return shown, f"cyan{link}"

    def frame(
        self, code: str, number: int, columns: tuple[int, int], *, indent: int, style: str, is_dedented: bool = True
    ) -> None:
        """A line of code with its number, and below it what is meant, underlined.

        `columns` are 1-based and exclusive at the end. On a terminal the line is cut to what fits around them.
        """
        stripped, start, end = dedented(code, columns) if is_dedented else (code, columns[0] - 1, columns[1] - 1)
        label = f"{number:>5} {self.glyphs.bar} "
        room = WIDEST if self.look.width is None else max(20, self.width - indent - len(label))
        shown, start, end = cropped(stripped, start, end, room, self.glyphs.ellipsis)
        before, meant, after = shown[:start], shown[start:end], shown[end:]
        self.line((label, "dim"), before, (meant, f"bold {style}".strip()), after, indent=indent)
        if meant.strip():
            margin = f"{'':>5} {self.glyphs.bar} "
            gap = " " * cells(printable(before))
            self.line((margin, "dim"), gap, (underline(self.glyphs, meant), style), indent=indent)


def underline(glyphs: Glyphs, meant: str) -> str:
    """As many signs as the text has columns."""
    return glyphs.underline * max(1, cells(printable(meant)))


def dedented(code: str, columns: tuple[int, int]) -> tuple[str, int, int]:
    """The line without its indentation, and the 0-based range of the columns in it."""
    stripped = code.strip()
    lead = len(code) - len(code.lstrip())
    start = min(max(columns[0] - 1 - lead, 0), len(stripped))
    end = min(max(columns[1] - 1 - lead, start), len(stripped))
    return stripped, start, end


def cropped(text: str, start: int, end: int, room: int, ellipsis: str) -> tuple[str, int, int]:
    """The text cut to `room` columns around the range, and the range in what is left."""
    if cells(text) <= room:
        return text, start, end
    inside = max(8, room - 2 * len(ellipsis))
    meant = min(end - start, inside)
    left = min(max(0, start - (inside - meant) // 2), max(0, len(text) - inside))
    right = min(len(text), left + inside)
    lead = ellipsis if left else ""
    shift = len(lead) - left
    trail = ellipsis if right < len(text) else ""
    return f"{lead}{text[left:right]}{trail}", start + shift, min(end, right) + shift
