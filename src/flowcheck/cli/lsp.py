"""`flowcheck lsp`: a language server."""

from __future__ import annotations

import click

from flowcheck.api import NotAvailableError


@click.command("lsp")
def command() -> None:
    """Serve an editor over standard streams."""
    raise NotAvailableError("lsp")
