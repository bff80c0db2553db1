"""The server as pytest-lsp drives it, with what Visual Studio Code, Neovim and Emacs say they can do.

pytest-lsp holds each message of the server against the capabilities of the client that it plays.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from lsprotocol import types

pytest_lsp = pytest.importorskip("pytest_lsp")

from pytest_lsp import (  # noqa: E402 - only where it is
    ClientServerConfig,
    LanguageClient,
    client_capabilities,
    make_test_lsp_client,
)

APP = """\
class User:
    phone = ""  # flowcheck: security-collected
    city = ""


def sync_audience(rows):  # flowcheck: advertising
    pass


def nightly(user: User):
    number = user.phone
    sync_audience(number)
"""
FIELD, SOURCE, SINK = 1, 10, 11
CLIENTS = ("visual-studio-code", "neovim", "emacs")


def made_client() -> LanguageClient:
    """A client that also answers what pytest-lsp's own leaves open."""
    client = make_test_lsp_client()
    client.feature(types.CLIENT_REGISTER_CAPABILITY)(nothing)
    client.feature(types.WORKSPACE_CODE_LENS_REFRESH)(nothing)
    return client


def nothing(client: LanguageClient, parameters: object) -> None:
    pass


SERVER = ClientServerConfig([sys.executable, "-m", "flowcheck", "lsp"], client_factory=made_client)


@pytest_lsp.fixture(config=SERVER, params=CLIENTS)
async def client(lsp_client: LanguageClient, request, folder: Path) -> AsyncIterator[None]:
    await open_folders(lsp_client, request.param, folder)
    yield
    await lsp_client.shutdown_session()


@pytest_lsp.fixture(config=SERVER)
async def two_folders(lsp_client: LanguageClient, folder: Path, other: Path) -> AsyncIterator[None]:
    await open_folders(lsp_client, "visual-studio-code", folder, other)
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made_folder(tmp_path / "one")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    return made_folder(tmp_path / "two")


def made_folder(path: Path) -> Path:
    path.mkdir()
    (path / "app.py").write_text(APP, encoding="utf-8")
    (path / "flowcheck.toml").write_text("", encoding="utf-8")
    return path


async def open_folders(client: LanguageClient, name: str, *folders: Path) -> None:
    opened = [types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders]
    capabilities = client_capabilities(name)
    await client.initialize_session(
        types.InitializeParams(capabilities, root_uri=folders[0].as_uri(), workspace_folders=opened)
    )


async def until(holds: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


def lines(client: LanguageClient, path: Path) -> list[int]:
    return sorted(each.range.start.line for each in client.diagnostics.get(path.as_uri(), ()))


def shown(client: LanguageClient, path: Path) -> list[str]:
    return [each.message for each in client.diagnostics.get(path.as_uri(), ())]


def type_text(client: LanguageClient, path: Path, text: str, version: int) -> None:
    document = types.VersionedTextDocumentIdentifier(version, path.as_uri())
    change = types.TextDocumentContentChangeWholeDocument(text)
    client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))


def at(path: Path, line: int, character: int) -> dict[str, object]:
    return {"text_document": types.TextDocumentIdentifier(path.as_uri()), "position": types.Position(line, character)}


@pytest.mark.asyncio
async def test_a_session(client: LanguageClient, folder: Path):
    app, config = folder / "app.py", folder / "flowcheck.toml"
    await until(lambda: lines(client, app) == [SOURCE, SINK])
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(app.as_uri(), "python", 1, APP))
    )

    hover = await client.text_document_hover_async(types.HoverParams(**at(app, FIELD, 6)))
    assert "collected for security; flows to 1 place" in hover.contents.value
    document = types.TextDocumentIdentifier(app.as_uri())
    lenses = await client.text_document_code_lens_async(types.CodeLensParams(document))
    assert FIELD in [lens.range.start.line for lens in lenses]
    here = types.Range(types.Position(SINK, 0), types.Position(SINK, 0))
    asked = types.CodeActionParams(document, here, types.CodeActionContext([]))
    titles = [action.title for action in await client.text_document_code_action_async(asked)]
    assert titles == ["Suppress FC001 here, with a reason"]
    asked = types.ExecuteCommandParams("flowcheck.nextStep", [app.as_uri(), SOURCE, 13])
    there = await client.workspace_execute_command_async(asked)
    assert there["range"]["start"]["line"] in (SOURCE, SINK)
    window = client.capabilities.window
    can_show = bool(window and window.show_document and window.show_document.support)
    assert [bool(client.shown_documents), bool(client.messages)] == [can_show, not can_show]

    type_text(client, app, APP.replace("user.phone", "user.city"), 2)
    await until(lambda: lines(client, app) == [])
    type_text(client, app, f"# typed\n{APP}", 3)
    await until(lambda: lines(client, app) == [SOURCE + 1, SINK + 1])

    config.write_text('path = ["x"]\n', encoding="utf-8")
    event = types.FileEvent(config.as_uri(), types.FileChangeType.Changed)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    await until(lambda: any('did you mean "paths"' in message for message in shown(client, config)))
    config.write_text("", encoding="utf-8")
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    await until(lambda: not shown(client, config) and lines(client, app) == [SOURCE + 1, SINK + 1])

    for reports in client.progress_reports.values():
        kinds = [each.kind for each in reports]
        assert kinds[0] == "begin"
        assert kinds[-1] == "end"
    assert client.error is None


@pytest.mark.asyncio
async def test_folders_come_and_go(two_folders: LanguageClient, folder: Path, other: Path):
    apps = [folder / "app.py", other / "app.py"]
    await until(lambda: [lines(two_folders, app) for app in apps] == [[SOURCE, SINK]] * 2)
    gone = types.WorkspaceFoldersChangeEvent(added=[], removed=[types.WorkspaceFolder(other.as_uri(), other.name)])
    two_folders.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(gone))
    await until(lambda: [lines(two_folders, app) for app in apps] == [[SOURCE, SINK], []])


@pytest.mark.asyncio
async def test_a_question_that_is_taken_back_and_an_analysis_that_is_overtaken(
    two_folders: LanguageClient, folder: Path
):
    app = folder / "app.py"
    await until(lambda: lines(two_folders, app) == [SOURCE, SINK])
    item = types.TextDocumentItem(app.as_uri(), "python", 1, APP)
    two_folders.text_document_did_open(types.DidOpenTextDocumentParams(item))
    question = two_folders.protocol.send_request_async(
        types.TEXT_DOCUMENT_HOVER, types.HoverParams(**at(app, FIELD, 6))
    )
    task = asyncio.ensure_future(question)
    await asyncio.sleep(0)
    number = next(iter(two_folders.protocol._request_futures))
    two_folders.protocol.notify(types.CANCEL_REQUEST, types.CancelParams(number))
    await asyncio.wait([task], timeout=20)
    assert task.done()
    for version in range(2, 30):
        type_text(two_folders, app, APP + "\n" * version, version)
        await asyncio.sleep(0.01)
    type_text(two_folders, app, APP.replace("user.phone", "user.city"), 30)
    await until(lambda: lines(two_folders, app) == [])
    hover = await two_folders.text_document_hover_async(types.HoverParams(**at(app, FIELD, 6)))
    assert "flows to" not in hover.contents.value or "0 places" in hover.contents.value
