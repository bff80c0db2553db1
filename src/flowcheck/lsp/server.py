"""A server that analyses the workspace when it opens and whenever a file is saved, and publishes what it finds."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from flowcheck import __version__
from flowcheck.api import Backend, Request, report_of, silent
from flowcheck.errors import FlowcheckError
from flowcheck.lsp.diagnostics import diagnostics_of


class FlowcheckServer(LanguageServer):
    """Knows its backend and which files it has spoken of."""

    def __init__(self, backend: Backend) -> None:
        super().__init__("flowcheck", __version__)
        self._backend = backend
        self._published: set[str] = set()

    def analyse(self) -> None:
        """Analyse every workspace folder and publish the diagnostics; files without any are cleared."""
        found: dict[str, list[types.Diagnostic]] = {}
        for root in self._roots():
            found |= self._analyse_folder(root)
        for uri in sorted(self._published | set(found)):
            parameters = types.PublishDiagnosticsParams(uri, found.get(uri, []))
            self.text_document_publish_diagnostics(parameters)
        self._published = set(found)

    def _analyse_folder(self, root: Path) -> dict[str, list[types.Diagnostic]]:
        request = Request(current=root)
        try:
            analysis = self._backend.analyse(request, silent)
            report = report_of(analysis, request)
        except FlowcheckError as error:
            message = types.ShowMessageParams(types.MessageType.Error, f"flowcheck: {error}")
            self.window_show_message(message)
            return {}
        return diagnostics_of(report, analysis.root, analysis.lines)

    def _roots(self) -> list[Path]:
        """The folders that are open; nothing is analysed for a file opened alone."""
        uris = [folder.uri for folder in self.workspace.folders.values()]
        if not uris and self.workspace.root_uri:
            uris = [self.workspace.root_uri]
        paths = (to_fs_path(uri) for uri in uris)
        return [Path(path) for path in paths if path]


def server_for(backend: Backend) -> FlowcheckServer:
    """A server that is ready to serve."""
    server = FlowcheckServer(backend)

    @server.feature(types.INITIALIZED)
    @server.thread()
    def _on_initialized(ls: FlowcheckServer, parameters: types.InitializedParams) -> None:
        del parameters
        ls.analyse()

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    @server.thread()
    def _on_save(ls: FlowcheckServer, parameters: types.DidSaveTextDocumentParams) -> None:
        del parameters
        ls.analyse()

    return server
