"""Finding and reading the configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowcheck.errors import ConfigError
from flowcheck.project.settings import read_settings


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_without_a_configuration_the_current_folder_is_analysed(tmp_path: Path) -> None:
    settings = read_settings(tmp_path)
    assert (settings.root, settings.config, settings.paths) == (tmp_path, None, (tmp_path,))
    assert settings.packs is None
    assert settings.min_confidence == "possible"


def test_every_key_is_read(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "privacy").mkdir()
    write(
        tmp_path / "flowcheck.toml",
        'paths = ["src"]\nexclude = ["out/"]\nrules = ["privacy"]\npacks = []\n'
        'min_confidence = "confirmed"\nbaseline = "accepted.json"\n[[sink]]\ncall = "a"\nused_for = "b"\n',
    )
    settings = read_settings(tmp_path)
    assert settings.paths == (tmp_path / "src",)
    assert settings.exclude == ("out/",)
    assert settings.rules == (tmp_path / "privacy",)
    assert settings.packs == ()
    assert settings.min_confidence == "confirmed"
    assert settings.baseline == tmp_path / "accepted.json"
    assert settings.table is not None
    assert len(settings.table.tables("sink")) == 1


def test_the_nearest_configuration_upwards_counts_within_the_repository(tmp_path: Path) -> None:
    write(tmp_path / "flowcheck.toml", "")
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    deep = repository / "a" / "b"
    deep.mkdir(parents=True)
    assert read_settings(deep).config is None
    assert read_settings(deep).root == repository
    write(repository / "pyproject.toml", "[tool.flowcheck]\n")
    assert read_settings(deep).root == repository
    write(repository / "a" / "pyproject.toml", '[project]\nname = "x"\n')
    assert read_settings(deep).root == repository
    write(repository / "a" / "flowcheck.toml", "")
    assert read_settings(deep).root == repository / "a"


def test_outside_a_repository_only_the_current_folder_is_looked_at(tmp_path: Path) -> None:
    write(tmp_path / "flowcheck.toml", "")
    inner = tmp_path / "inner"
    inner.mkdir()
    assert read_settings(inner).config is None
    assert read_settings(inner).root == inner


def test_where_both_stand_the_own_file_wins_with_a_warning(tmp_path: Path) -> None:
    write(tmp_path / "flowcheck.toml", 'exclude = ["a"]\n')
    write(tmp_path / "pyproject.toml", '[tool.flowcheck]\nexclude = ["b"]\n')
    settings = read_settings(tmp_path)
    assert settings.exclude == ("a",)
    assert settings.warnings == ("pyproject.toml:1: [tool.flowcheck] is not used: flowcheck.toml beside it is",)


def test_a_file_that_is_named_sets_the_root(tmp_path: Path) -> None:
    write(tmp_path / "flowcheck.toml", 'exclude = ["a"]\n')
    write(tmp_path / "ci" / "other.toml", 'exclude = ["b"]\n')
    settings = read_settings(tmp_path, Path("ci/other.toml"))
    assert (settings.root, settings.exclude) == (tmp_path / "ci", ("b",))
    write(tmp_path / "ci" / "pyproject.toml", '[tool.flowcheck]\nexclude = ["c"]\n')
    assert read_settings(tmp_path, Path("ci/pyproject.toml")).exclude == ("c",)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "flowcheck.toml",
            'paths = ["."]\nexclued = ["build"]\n',
            'flowcheck.toml:2: unknown key "exclued"; did you mean "exclude"?',
        ),
        (
            "flowcheck.toml",
            'exclude = ["build"]\n\n\npaths = 7\n',
            'flowcheck.toml:4: "paths" must be a list of texts; it is a number',
        ),
        (
            "flowcheck.toml",
            'paths = ["a", 1]\n',
            'flowcheck.toml:1: "paths" must be a list of texts; it holds a number',
        ),
        ("flowcheck.toml", 'paths = ["nowhere"]\n', 'flowcheck.toml:1: "paths" names "nowhere", which does not exist'),
        (
            "flowcheck.toml",
            'min_confidence = "confirmt"\n',
            'flowcheck.toml:1: "min_confidence" must be confirmed or possible; it is "confirmt"; did you',
        ),
        ("flowcheck.toml", "paths = [\n", "flowcheck.toml:"),
        ("flowcheck.toml", "\n\nx = = 1\n", "flowcheck.toml:3: is no TOML: "),
        (
            "pyproject.toml",
            '[project]\nname = "shop"\n\n[tool.flowcheck]\npathz = ["."]\n',
            'pyproject.toml:5: unknown key "pathz" in [tool.flowcheck]; did you mean "paths"?',
        ),
        ("pyproject.toml", "[tool.flowcheck\n", "pyproject.toml:1: is no TOML"),
        ("pyproject.toml", "[tool]\nflowcheck = 1\n", 'pyproject.toml:2: "flowcheck" in [tool] must be a table'),
    ],
)
def test_mistakes_name_file_line_and_the_nearest_right_key(tmp_path: Path, name: str, text: str, message: str) -> None:
    write(tmp_path / name, text)
    with pytest.raises(ConfigError) as caught:
        read_settings(tmp_path)
    assert str(caught.value).startswith(message)


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^missing.toml: cannot be read: No such file"):
        read_settings(tmp_path, Path("missing.toml"))
    (tmp_path / "flowcheck.toml").write_bytes(b"# \xff\n")
    with pytest.raises(ConfigError, match=r"^flowcheck.toml:1: is not UTF-8 text"):
        read_settings(tmp_path)


def test_a_broken_pyproject_that_is_none_of_ours_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[project\n")
    assert read_settings(tmp_path).config is None


def test_lines_with_windows_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "flowcheck.toml").write_bytes(b'\xef\xbb\xbfpaths = ["."]\r\n\r\nexclued = 1\r\n')
    with pytest.raises(ConfigError, match=r"^flowcheck.toml:3: "):
        read_settings(tmp_path)
