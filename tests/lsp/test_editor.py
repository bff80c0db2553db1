"""The server as a client meets it: pygls' own client, over the standard streams of a process."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

MODELS = """\
class User:
    phone = ""  # flowcheck: security-collected
    city = ""
"""

APP = """\
from ads import sync_audience
from models import User


def nightly(user: User):
    number = user.phone
    sync_audience(number)
"""

ADS = """\
def sync_audience(rows):  # flowcheck: advertising
    pass
"""


class Editor(LanguageClient):
    """A client that remembers what it was told."""

    def __init__(self) -> None:
        super().__init__("editor", "1")
        self.diagnostics: dict[str, list[types.Diagnostic]] = {}
        self.messages: list[str] = []
        self.shown: list[types.ShowDocumentParams] = []
        self.progress_kinds: list[str] = []
        self.watchers: list[str] = []
        self.published = 0
        self._answer()

    def _answer(self) -> None:
        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _diagnostics(parameters: types.PublishDiagnosticsParams) -> None:
            self.diagnostics[parameters.uri] = list(parameters.diagnostics)
            self.published += 1

        @self.feature(types.WINDOW_SHOW_MESSAGE)
        def _message(parameters: types.ShowMessageParams) -> None:
            self.messages.append(parameters.message)

        @self.feature(types.WINDOW_SHOW_DOCUMENT)
        def _show(parameters: types.ShowDocumentParams) -> types.ShowDocumentResult:
            self.shown.append(parameters)
            return types.ShowDocumentResult(success=True)

        @self.feature(types.CLIENT_REGISTER_CAPABILITY)
        def _register(parameters: types.RegistrationParams) -> None:
            self.watchers += [each.method for each in parameters.registrations]

        @self.feature(types.WINDOW_WORK_DONE_PROGRESS_CREATE)
        def _create(parameters: types.WorkDoneProgressCreateParams) -> None:
            self.progress_kinds.append("create")

        @self.feature(types.PROGRESS)
        def _progress(parameters: types.ProgressParams) -> None:
            value = parameters.value
            self.progress_kinds.append(value["kind"] if isinstance(value, dict) else value.kind)

        @self.feature(types.WORKSPACE_CODE_LENS_REFRESH)
        def _refresh(parameters: None) -> None:
            pass

    async def until(self, holds: Callable[[], bool], seconds: float = 40) -> None:
        """Wait until something was told."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, (self.diagnostics, self.messages)
            await asyncio.sleep(0.02)

    def of(self, path: Path) -> list[types.Diagnostic]:
        return self.diagnostics.get(path.as_uri(), [])

    def open(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        item = types.TextDocumentItem(path.as_uri(), "python", 1, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, path: Path, text: str, version: int) -> None:
        """Replace all that an open document holds, without saving."""
        document = types.VersionedTextDocumentIdentifier(version, path.as_uri())
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))


CAPABILITIES = types.ClientCapabilities(
    window=types.WindowClientCapabilities(
        work_done_progress=True, show_document=types.ShowDocumentClientCapabilities(support=True)
    ),
    workspace=types.WorkspaceClientCapabilities(
        workspace_folders=True,
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
        code_lens=types.CodeLensWorkspaceClientCapabilities(refresh_support=True),
    ),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    project.mkdir()
    for name, text in {"models": MODELS, "app": APP, "ads": ADS}.items():
        (project / f"{name}.py").write_text(text, encoding="utf-8")
    return project


def with_editor(work: Callable[[Editor], Awaitable[None]], *folders: Path) -> None:
    """Do something with a client whose server has the folders open."""

    async def session() -> None:
        editor = Editor()
        await editor.start_io(sys.executable, "-m", "flowcheck", "lsp")
        opened = [types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders]
        parameters = types.InitializeParams(CAPABILITIES, root_uri=folders[0].as_uri(), workspace_folders=opened)
        await editor.initialize_async(parameters)
        editor.initialized(types.InitializedParams())
        try:
            await work(editor)
        finally:
            await editor.shutdown_async(None)
            editor.exit(None)
            await editor.stop()

    asyncio.run(asyncio.wait_for(session(), 120))


def at(path: Path, line: int, character: int) -> dict[str, object]:
    return {
        "text_document": types.TextDocumentIdentifier(path.as_uri()),
        "position": types.Position(line, character),
    }


def test_findings_stand_at_sink_and_source_with_the_path(folder):
    async def work(editor: Editor) -> None:
        await editor.until(lambda: len(editor.of(folder / "app.py")) == 2)
        hint, leak = sorted(editor.of(folder / "app.py"), key=lambda each: each.range.start.line)
        assert (leak.range.start.line, leak.severity, leak.code) == (6, types.DiagnosticSeverity.Error, "FC001")
        assert (hint.range.start.line, hint.severity) == (5, types.DiagnosticSeverity.Hint)
        assert len(leak.related_information) == len(hint.related_information) == 3
        assert types.WORKSPACE_DID_CHANGE_WATCHED_FILES in editor.watchers
        await editor.until(lambda: "end" in editor.progress_kinds)
        assert editor.progress_kinds[:2] == ["create", "begin"]

    with_editor(work, folder)


def test_what_is_typed_counts_before_it_is_saved(folder):
    async def work(editor: Editor) -> None:
        app = folder / "app.py"
        await editor.until(lambda: len(editor.of(app)) == 2)
        editor.open(app)
        for version in range(2, 8):  # faster than the pause: all but the last are given up
            editor.type(app, APP.replace("user.phone", f"user.p{version}"), version)
        editor.type(app, APP.replace("user.phone", "user.city"), 8)
        await editor.until(lambda: editor.of(app) == [])
        assert app.read_text(encoding="utf-8") == APP
        editor.type(app, "# one more line\n" + APP, 9)
        await editor.until(lambda: [each.range.start.line for each in editor.of(app)] in ([7, 6], [6, 7]))
        editor.type(app, "def (\n", 10)
        await editor.until(lambda: [each.message for each in editor.of(app)] == ["not analysed: invalid syntax"])
        document = types.TextDocumentIdentifier(app.as_uri())
        editor.text_document_did_close(types.DidCloseTextDocumentParams(document))
        await editor.until(lambda: len(editor.of(app)) == 2)

    with_editor(work, folder)


def test_a_change_of_any_file_on_disk_counts(folder):
    async def work(editor: Editor) -> None:
        await editor.until(lambda: len(editor.of(folder / "app.py")) == 2)
        models = folder / "models.py"
        models.write_text(MODELS.replace("# flowcheck: security-collected", ""), encoding="utf-8")
        event = types.FileEvent(models.as_uri(), types.FileChangeType.Changed)
        editor.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        await editor.until(lambda: editor.of(folder / "app.py") == [])

    with_editor(work, folder)


def test_the_configuration_is_read_again_and_a_mistake_in_it_shown(folder):
    async def work(editor: Editor) -> None:
        config = folder / "flowcheck.toml"
        await editor.until(lambda: len(editor.of(folder / "app.py")) == 2)
        event = types.DidChangeWatchedFilesParams([types.FileEvent(config.as_uri(), types.FileChangeType.Changed)])
        config.write_text('path = ["x"]\n', encoding="utf-8")
        editor.workspace_did_change_watched_files(event)
        await editor.until(lambda: len(editor.of(config)) == 1)
        assert 'did you mean "paths"' in editor.of(config)[0].message
        assert any("flowcheck.toml:1" in message for message in editor.messages)
        config.write_text('exclude = ["app.py"]\n', encoding="utf-8")
        editor.workspace_did_change_watched_files(event)
        await editor.until(lambda: editor.of(config) == [] == editor.of(folder / "app.py"))

    with_editor(work, folder)


def test_several_roots(folder, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "both.py").write_text(MODELS + ADS + APP[APP.index("def") :], encoding="utf-8")

    async def work(editor: Editor) -> None:
        await editor.until(lambda: len(editor.of(folder / "app.py")) == 2 and len(editor.of(other / "both.py")) == 2)
        removed = [types.WorkspaceFolder(other.as_uri(), "other")]
        event = types.WorkspaceFoldersChangeEvent(added=[], removed=removed)
        editor.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
        await editor.until(lambda: editor.of(other / "both.py") == [])
        assert len(editor.of(folder / "app.py")) == 2

    with_editor(work, folder, other)


def test_hover_lenses_and_the_next_step(folder):
    async def work(editor: Editor) -> None:
        app, models = folder / "app.py", folder / "models.py"
        await editor.until(lambda: len(editor.of(app)) == 2)
        hover = await editor.text_document_hover_async(types.HoverParams(**at(models, 1, 6)))
        assert "`models.User.phone`, collected for security; flows to 1 place" in hover.contents.value
        assert "`ads.sync_audience` at app.py:7 (FC001)" in hover.contents.value
        hover = await editor.text_document_hover_async(types.HoverParams(**at(app, 5, 16)))
        assert "step 1 of 3" in hover.contents.value
        assert await editor.text_document_hover_async(types.HoverParams(**at(app, 0, 0))) is None
        document = types.TextDocumentIdentifier(models.as_uri())
        (lens,) = await editor.text_document_code_lens_async(types.CodeLensParams(document))
        assert lens.command.title == "collected for security: flows to 1 place"
        await command(editor, lens.command.command, lens.command.arguments)
        assert (editor.shown[-1].uri, editor.shown[-1].selection.start.line) == (app.as_uri(), 5)
        places = []
        for _ in range(3):
            shown = editor.shown[-1]
            start = shown.selection.start
            await command(editor, "flowcheck.nextStep", [shown.uri, start.line, start.character])
            places.append((editor.shown[-1].uri, editor.shown[-1].selection.start.line))
        assert {uri for uri, _ in places} == {app.as_uri()}
        assert places[-1][1] in (5, 6)

    with_editor(work, folder)


async def command(editor: Editor, name: str, arguments: list[object]) -> None:
    shown = len(editor.shown)
    await editor.workspace_execute_command_async(types.ExecuteCommandParams(name, arguments))
    await editor.until(lambda: len(editor.shown) > shown)


def test_code_actions(folder):
    (folder / "unknown.py").write_text(
        "import packer\nfrom ads import sync_audience\nfrom models import User\n\n\n"
        "def f(user: User):\n    packed = packer.pack(user.phone)\n    packed.send(1)\n",
        encoding="utf-8",
    )

    async def work(editor: Editor) -> None:
        app, models = folder / "app.py", folder / "models.py"
        await editor.until(lambda: len(editor.of(app)) == 2)
        (suppress,) = await actions(editor, app, 6)
        assert suppress.title == "Suppress FC001 here, with a reason"
        (edit,) = suppress.edit.changes[app.as_uri()]
        assert edit.new_text == "    # flowcheck: ignore[FC001] REASON\n"
        assert edit.range.start == types.Position(6, 0)
        (mark,) = await actions(editor, models, 2)
        (edit,) = mark.edit.changes[models.as_uri()]
        assert (edit.new_text, edit.range.start) == ("  # flowcheck: security-collected", types.Position(2, 13))
        found = await actions(editor, folder / "unknown.py", 6)
        models_row = [each for each in found if "how data passes through" in each.title]
        if models_row:
            text = models_row[0].edit.document_changes[-1].edits[0].new_text
            assert text.startswith('[[model]]\ncall = "packer.pack"')

    with_editor(work, folder)


async def actions(editor: Editor, path: Path, line: int) -> list[types.CodeAction]:
    here = types.Range(types.Position(line, 0), types.Position(line, 0))
    document = types.TextDocumentIdentifier(path.as_uri())
    parameters = types.CodeActionParams(document, here, types.CodeActionContext([]))
    return await editor.text_document_code_action_async(parameters)


def test_an_editor_beside_runs_on_one_cache(folder, monkeypatch, tmp_path):
    """Both write to it all the time: the runs change files, the editor types."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    app, words = folder / "app.py", [sys.executable, "-m", "flowcheck", "check", "--format", "json"]

    async def run() -> tuple[int | None, bytes]:
        process = await asyncio.create_subprocess_exec(*words, cwd=folder, stdout=-1, stderr=-1)
        out, error = await process.communicate()
        assert not error, error
        return process.returncode, out

    async def work(editor: Editor) -> None:
        await editor.until(lambda: len(editor.of(app)) == 2)
        editor.open(app)
        for turn in range(3):
            (folder / f"other{turn}.py").write_text(f"phone = {turn}\n", encoding="utf-8")
            runs = [asyncio.create_task(run()) for _ in range(3)]
            editor.type(app, APP.replace("user.phone", f"user.city + '{turn}'"), 2 * turn + 2)
            await editor.until(lambda: editor.of(app) == [])
            editor.type(app, f"{APP}# {turn}\n", 2 * turn + 3)
            await editor.until(lambda: len(editor.of(app)) == 2)
            results = [await each for each in runs]
            assert len(set(results)) == 1
            assert results[0][0] == 1
        assert not editor.messages

    with_editor(work, folder)
