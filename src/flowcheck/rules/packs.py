"""The built-in packs: the TOML files of the top-level `rules/` folder, shipped inside the package.

A pack is called by its place there: `advertising/facebook_business`, `python/strings`, `policies`. A user
names packs by that, by the last word alone, or by a folder for all in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ALWAYS = ("policies", "python", "libraries")
"""Packs and folders of packs that are in force whatever the configuration says."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A built-in rule file. `shown` is how messages call it."""

    name: str
    text: str

    @property
    def shown(self) -> str:
        """`rules/advertising/google_ads.toml`, as the file is called in the project."""
        return f"rules/{self.name}.toml"

    @property
    def is_optional(self) -> bool:
        """Whether the configuration may leave the pack out."""
        return self.name.split("/")[0] not in ALWAYS

    def is_called(self, word: str) -> bool:
        """Whether a word in the configuration means this pack."""
        return word == self.name or word == self.name.rpartition("/")[2] or self.name.startswith(f"{word}/")


def builtin_packs() -> tuple[Pack, ...]:
    """All packs, sorted by name."""
    return tuple(sorted(_packs_below(_folder()), key=lambda pack: pack.name))


def _packs_below(folder: Path) -> Iterator[Pack]:
    for path in folder.rglob("*.toml"):
        name = path.relative_to(folder).with_suffix("").as_posix()
        yield Pack(name, path.read_text(encoding="utf-8"))


def _folder() -> Path:
    """The packs inside an installed package, or the `rules/` folder of a source checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "packs"
    return installed if installed.is_dir() else package.parents[1] / "rules"
