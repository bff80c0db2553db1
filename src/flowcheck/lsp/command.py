"""`flowcheck lsp`: serve an editor over standard streams. Needs the extra: pip install 'flowcheck[lsp]'."""

from __future__ import annotations

import importlib
import importlib.util

import click

from flowcheck.api import Backend
from flowcheck.api import backend as real_backend
from flowcheck.errors import FlowcheckError


class MissingExtraError(FlowcheckError):
    """The packages of the language server are not installed."""

    def __str__(self) -> str:
        return "the language server needs two more packages: pip install 'flowcheck[lsp]'"


@click.command("lsp")
@click.pass_context
def command(context: click.Context) -> None:
    """Serve an editor over standard streams (needs: pip install 'flowcheck[lsp]')."""
    if importlib.util.find_spec("pygls") is None:
        raise MissingExtraError
    backend = context.obj if isinstance(context.obj, Backend) else real_backend()
    importlib.import_module("flowcheck.lsp.server").server_for(backend).start_io()
