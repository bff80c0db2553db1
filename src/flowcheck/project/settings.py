"""The configuration in force: where it stands, what it says, and the project root that it sets.

    [tool.flowcheck]              Settings(root=<folder of the file>, paths=("src",),
    paths = ["src"]                        exclude=("build/",), ...)
    exclude = ["build/"]

`flowcheck.toml` holds the same keys at top level. The nearest file upwards from the current folder counts, up
to the root of the repository; outside a repository only the current folder is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from flowcheck.errors import ConfigError
from flowcheck.project.documents import Document, Table, nearest, read_document
from flowcheck.project.ignoring import is_usable

Confidence: TypeAlias = Literal["confirmed", "possible"]

CONFIDENCES: tuple[Confidence, ...] = ("confirmed", "possible")
OPTION_KEYS = ("paths", "exclude", "rules", "packs", "min_confidence", "baseline")
RULE_KINDS = ("source", "sink", "policy", "sanitizer", "consent", "model")
"""The arrays of tables that a configuration and a rule file may hold."""

_OWN_FILE = "flowcheck.toml"
_SHARED_FILE = "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration says; all paths are absolute.

    `root` is what reported paths are relative to. `table` holds the rules that stand in the configuration,
    None when there is no configuration. `warnings` are for standard error.
    """

    root: Path
    config: Path | None
    paths: tuple[Path, ...]
    exclude: tuple[str, ...] = ()
    rules: tuple[Path, ...] = ()
    packs: tuple[str, ...] | None = None
    min_confidence: Confidence = "possible"
    baseline: Path | None = None
    table: Table | None = None
    warnings: tuple[str, ...] = ()


def read_settings(current: Path, config: Path | None = None) -> Settings:
    """The settings for a run started in the folder `current`; `config` is the file that `--config` names.

    Raises ConfigError when a configuration cannot be read, is no TOML, or says something wrong.
    """
    current = current.absolute()
    if config is not None:
        table = _table_of(current / config, current)
        if table is None:
            raise ConfigError(shown_path(current / config, current), None, None, "has no table [tool.flowcheck]")
        return _settings(current / config, table, warnings=())
    for folder in _folders_upwards(current):
        found = _settings_in(folder, current)
        if found is not None:
            return found
    root = repository_root(current) or current
    return Settings(root, None, (current,))


def repository_root(folder: Path) -> Path | None:
    """The nearest folder upwards that holds `.git`, None outside a repository."""
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), None)


def shown_path(path: Path, current: Path) -> str:
    """A path as messages show it: relative to the current folder when it lies there, else absolute."""
    return path.relative_to(current).as_posix() if path.is_relative_to(current) else path.as_posix()


# --- finding -----------------------------------------------------------------------------------


def _folders_upwards(current: Path) -> Iterator[Path]:
    top = repository_root(current)
    yield current
    if top is not None and top != current:
        yield from (folder for folder in current.parents if folder.is_relative_to(top))


def _settings_in(folder: Path, current: Path) -> Settings | None:
    """The settings of a folder's `flowcheck.toml`, else of its `pyproject.toml`, else None."""
    own, shared = folder / _OWN_FILE, folder / _SHARED_FILE
    shared_table = _table_of(shared, current) if shared.is_file() else None
    if own.is_file():
        table = _table_of(own, current)
        if table is not None:
            return _settings(own, table, (_both_present(shared_table),) if shared_table else ())
    return _settings(shared, shared_table, ()) if shared_table else None


def _both_present(shared: Table) -> str:
    return f"{shared.document.shown}:{shared.line}: [tool.flowcheck] is not used: {_OWN_FILE} beside it is"


def _table_of(path: Path, current: Path) -> Table | None:
    """The table that holds flowcheck's keys; None for a `pyproject.toml` without one."""
    shown = shown_path(path, current)
    if path.name != _SHARED_FILE:
        return read_document(path, shown).top
    document = _shared_document(path, shown)
    tool = document.top.table("tool") if document else None
    return tool.table("flowcheck") if tool else None


def _shared_document(path: Path, shown: str) -> Document | None:
    """A `pyproject.toml`. One that is broken concerns us only if it speaks of flowcheck."""
    try:
        return read_document(path, shown)
    except ConfigError:
        if path.is_file() and b"tool.flowcheck" not in path.read_bytes():
            return None
        raise


# --- reading -----------------------------------------------------------------------------------


def _settings(config: Path, table: Table, warnings: tuple[str, ...]) -> Settings:
    table.check_keys((*OPTION_KEYS, *RULE_KINDS))
    root = config.parent
    return Settings(
        root=root,
        config=config,
        paths=_existing(table, "paths", root) or (root,),
        exclude=_patterns(table),
        rules=_existing(table, "rules", root),
        packs=table.texts("packs"),
        min_confidence=_confidence(table),
        baseline=_baseline(table, root),
        table=table,
        warnings=warnings,
    )


def _existing(table: Table, key: str, root: Path) -> tuple[Path, ...]:
    """The files and folders that a key names, relative to the root."""
    texts = table.texts(key) or ()
    for text in texts:
        if not _is_inside(root / text, root):
            raise _outside(table, key, text)
        if not (root / text).exists():
            raise table.error(key, f'"{key}" names "{text}", which does not exist')
    return tuple(root / text for text in texts)


def _patterns(table: Table) -> tuple[str, ...]:
    """The patterns of what is left out, each one that can be used."""
    texts = table.texts("exclude") or ()
    for text in texts:
        if not is_usable(text):
            raise table.error("exclude", f'"exclude" holds "{text}", which is no gitignore pattern that can be used')
    return texts


def _baseline(table: Table, root: Path) -> Path | None:
    """The file of accepted findings."""
    text = table.text("baseline")
    if text and not _is_inside(root / text, root):
        raise _outside(table, "baseline", text)
    return root / text if text else None


def _is_inside(path: Path, root: Path) -> bool:
    """Whether a path stays within the repository, or the root where there is none, links followed.

    A configuration comes with the code that it speaks of: it must not make flowcheck read or write elsewhere.
    """
    try:
        return path.resolve().is_relative_to((repository_root(root) or root).resolve())
    except (OSError, RuntimeError, ValueError):  # a loop of links, a null byte
        return False


def _outside(table: Table, key: str, text: str) -> ConfigError:
    return table.error(key, f'"{key}" names "{text}", which leads out of the project; name it on the command line')


def _confidence(table: Table) -> Confidence:
    text = table.text("min_confidence") or "possible"
    for confidence in CONFIDENCES:
        if text == confidence:
            return confidence
    message = f'"min_confidence" must be confirmed or possible; it is "{text}"'
    raise table.error("min_confidence", message, nearest(text, CONFIDENCES))
