"""The language server: findings in the editor, also of what was not saved yet.

It analyses the folders that are open when they open, after a pause in typing, and when a file changes on disk; the
answers to hover, lenses, actions and commands are read off what was found last.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from flowcheck import __version__
from flowcheck.api import Backend
from flowcheck.errors import ConfigError, FlowcheckError
from flowcheck.lsp.answers import NEXT_STEP, actions_for, hover_at, lenses_in, next_step
from flowcheck.lsp.diagnostics import diagnostics_of, misconfigured
from flowcheck.lsp.session import Round, Session

WATCHED = ("**/*.py", "**/flowcheck.toml", "**/pyproject.toml", "**/.gitignore", "**/flowcheck-baseline.json")


class FlowcheckServer(LanguageServer):
    """Knows its session and which files it has spoken of."""

    def __init__(self, backend: Backend) -> None:
        super().__init__("flowcheck", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Incremental)
        self.session = Session(backend, self.folders, self.unsaved, self.take, self.watch)
        self.loop: asyncio.AbstractEventLoop | None = None
        self._published: set[str] = set()
        self._is_telling = False
        self._rounds = 0

    # --- what the session asks ----------------------------------------------------------

    def folders(self) -> list[Path]:
        """The folders that are open; nothing is analysed for a file opened alone."""
        uris = [folder.uri for folder in self.workspace.folders.values()]
        if not uris and self.workspace.root_uri:
            uris = [self.workspace.root_uri]
        paths = (to_fs_path(uri) for uri in uris)
        return sorted({Path(path) for path in paths if path})

    def unsaved(self) -> dict[Path, bytes]:
        """What open documents hold."""
        documents = list(self.workspace.text_documents.values())
        return {Path(document.path): document.source.encode("utf-8", "replace") for document in documents}

    # --- what the session tells, from its thread ----------------------------------------

    def take(self, found: Round) -> None:
        """Have a round published by the thread that speaks with the client."""
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self.publish, found)

    def watch(self, stage: str, done: int) -> None:
        """Have the progress told by the thread that speaks with the client."""
        if self.loop is not None and done % 50 == 0:
            self.loop.call_soon_threadsafe(self.tell_progress, stage, done)

    # --- what the client is told --------------------------------------------------------

    def publish(self, found: Round) -> None:
        """Publish the diagnostics of a round; files without any are cleared."""
        diagnostics: defaultdict[str, list[types.Diagnostic]] = defaultdict(list)
        for answer in found.answers:
            listed = diagnostics_of(answer.report, answer.analysis.root, answer.analysis.lines)
            for uri, several in listed.items():
                diagnostics[uri] += several
        for folder, error in found.failures:
            self._tell_failure(folder, error, diagnostics)
        for uri in sorted(self._published | set(diagnostics)):
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics.get(uri, [])))
        self._published = set(diagnostics)
        self.end_progress()
        self._refresh_lenses()

    def _tell_failure(
        self, folder: Path, error: FlowcheckError, diagnostics: defaultdict[str, list[types.Diagnostic]]
    ) -> None:
        """Say what is wrong: at its line, where it stands in a file of the folder."""
        path = folder / error.path if isinstance(error, ConfigError) else folder
        if isinstance(error, ConfigError) and path.is_file():
            uri, diagnostic = misconfigured(error, path)
            diagnostics[uri].append(diagnostic)
        self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"flowcheck: {error}"))

    def _refresh_lenses(self) -> None:
        workspace = self.client_capabilities.workspace
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self.workspace_code_lens_refresh(None)

    def tell_progress(self, stage: str, done: int) -> None:
        """Show how far an analysis is."""
        window = self.client_capabilities.window
        if window is None or not window.work_done_progress:
            return
        if not self._is_telling:
            self._is_telling = True
            self._rounds += 1
            self.work_done_progress.create(self._token)
            self.work_done_progress.begin(self._token, types.WorkDoneProgressBegin("flowcheck", message=stage))
        message = f"{stage} {done}" if done else stage
        self.work_done_progress.report(self._token, types.WorkDoneProgressReport(message=message))

    @property
    def _token(self) -> str:
        return f"flowcheck/{self._rounds}"

    def end_progress(self) -> None:
        """The analysis is done."""
        if self._is_telling:
            self._is_telling = False
            self.work_done_progress.end(self._token, types.WorkDoneProgressEnd())

    def show(self, place: types.Location) -> None:
        """Have the client go to a place, or tell the place to one that cannot be sent there."""
        window = self.client_capabilities.window
        if window and window.show_document and window.show_document.support:
            self.window_show_document(types.ShowDocumentParams(place.uri, take_focus=True, selection=place.range))
        else:
            told = f"flowcheck: {to_fs_path(place.uri)}:{place.range.start.line + 1}"
            self.window_show_message(types.ShowMessageParams(types.MessageType.Info, told))


def server_for(backend: Backend) -> FlowcheckServer:
    """A server that is ready to serve."""
    server = FlowcheckServer(backend)
    add_changes(server)
    add_questions(server)
    return server


def add_changes(server: FlowcheckServer) -> None:
    """What begins an analysis."""

    @server.feature(types.INITIALIZED)
    def _initialized(ls: FlowcheckServer, parameters: types.InitializedParams) -> None:
        ls.loop = asyncio.get_running_loop()
        watch_files(ls)
        ls.session.ask()

    def changed(ls: FlowcheckServer, parameters: object) -> None:
        ls.session.ask()

    for feature in (
        types.TEXT_DOCUMENT_DID_OPEN,
        types.TEXT_DOCUMENT_DID_CHANGE,
        types.TEXT_DOCUMENT_DID_SAVE,
        types.TEXT_DOCUMENT_DID_CLOSE,
        types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
        types.WORKSPACE_DID_CHANGE_CONFIGURATION,
        types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS,
    ):
        server.feature(feature)(changed)

    @server.feature(types.SHUTDOWN)
    def _shutdown(ls: FlowcheckServer, parameters: object) -> None:
        ls.session.close()


def watch_files(ls: FlowcheckServer) -> None:
    """Ask the client to tell of changes on disk, if it can."""
    workspace = ls.client_capabilities.workspace
    watched = workspace.did_change_watched_files if workspace else None
    if watched is None or not watched.dynamic_registration:
        return
    watchers = [types.FileSystemWatcher(pattern) for pattern in WATCHED]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
    registration = types.Registration("flowcheck-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    ls.client_register_capability(types.RegistrationParams([registration]))


def add_questions(server: FlowcheckServer) -> None:
    """What is answered from the last analyses."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def _hover(ls: FlowcheckServer, parameters: types.HoverParams) -> types.Hover | None:
        return hover_at(ls.session.answers, parameters.text_document.uri, parameters.position)

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def _lenses(ls: FlowcheckServer, parameters: types.CodeLensParams) -> list[types.CodeLens]:
        return lenses_in(ls.session.answers, parameters.text_document.uri)

    kinds = [types.CodeActionKind.QuickFix, types.CodeActionKind.RefactorRewrite]

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(kinds))
    def _actions(ls: FlowcheckServer, parameters: types.CodeActionParams) -> list[types.CodeAction]:
        uri, where = parameters.text_document.uri, parameters.range
        lines = ls.workspace.get_text_document(uri).lines
        line = lines[where.start.line] if where.start.line < len(lines) else ""
        return actions_for(ls.session.answers, uri, where, line.rstrip("\r\n"))

    @server.command(NEXT_STEP)
    def _next_step(
        ls: FlowcheckServer,
        uri: str,
        line: int,
        character: int,
        *is_there: Any,  # noqa: ANN401 - as the client sent it
    ) -> types.Location | None:
        position = types.Position(line, character)
        here = types.Location(uri, types.Range(position, position))
        found = here if is_there else next_step(ls.session.answers, uri, position)
        if found is not None:
            ls.show(found)
        return found
