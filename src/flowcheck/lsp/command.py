"""`flowcheck lsp`: serve an editor over standard streams."""

from __future__ import annotations

import click

from flowcheck.api import Backend
from flowcheck.api import backend as real_backend


@click.command("lsp")
@click.pass_context
def command(context: click.Context) -> None:
    """Serve an editor over standard streams."""
    from flowcheck.lsp.server import server_for  # noqa: PLC0415 - the protocol's types are slow to load

    backend = context.obj if isinstance(context.obj, Backend) else real_backend()
    server_for(backend).start_io()
