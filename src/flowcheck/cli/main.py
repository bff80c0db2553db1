"""The `flowcheck` command: finds the subcommand asked for, loads only that, and settles the exit status.

    flowcheck src/            a first word that is no command begins the arguments of `check`

Status: 0 nothing to report, 1 findings, 2 wrong use, an unreadable configuration, or an internal error.
"""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

import click

from flowcheck import __version__
from flowcheck.errors import FlowcheckError

STATUS_ERROR = 2

COMMANDS: dict[str, tuple[str, str]] = {
    "check": ("flowcheck.cli.check", "Find leaks and report them, step by step."),
    "explain": ("flowcheck.cli.explain", "Show one finding whole, and how to fix it."),
    "graph": ("flowcheck.cli.graph", "Draw where marked data goes."),
    "why-not": ("flowcheck.cli.why_not", "Say why a flow you expected was not found."),
    "inventory": ("flowcheck.cli.inventory", "List sources, sinks, sanitizers and consent guards by purpose."),
    "baseline": ("flowcheck.cli.baseline", "Accept today's findings; later checks report only new ones."),
    "rules": ("flowcheck.cli.rules", "List, explain and validate the rules in force."),
    "init": ("flowcheck.cli.init", "Write a starter config; propose fields to mark."),
    "lsp": ("flowcheck.lsp.command", "Serve an editor over standard streams."),
}
"""Each command's module, whose `command` is it, and what it does in a line."""

HELP = """\
Find personal data that was collected for one purpose and is used for another.

A phone number given for two-factor login must not reach an advertising system: flowcheck follows marked data
through your code, without running it, and shows every such path from where the data is read to where it ends.

\b
Start here:
  1. Mark a field:     phone = CharField()      # flowcheck: security-collected
  2. Mark a use:       def sync_audience(rows): # flowcheck: advertising
  3. Run:              flowcheck src/

`flowcheck init` looks for fields that you may want to mark.
"""


class Commands(click.Group):
    """Commands that are loaded when they are used; other first words are paths to check."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table, the one most wanted first."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `check` before arguments that begin with no command and no option of the group."""
        own_options = {word for parameter in self.get_params(ctx) for word in parameter.opts}
        if args and args[0] not in COMMANDS and args[0] not in own_options:
            args = ["check", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=Commands,
    help=HELP,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    subcommand_metavar="[COMMAND] [PATH ...]",
)
@click.version_option(__version__, "-V", "--version", message="flowcheck %(version)s")
@click.pass_context
def flowcheck(ctx: click.Context) -> None:
    """Show the help when nothing is asked for."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> NoReturn:
    """Run the command line of this process."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str], backend: object = None) -> int:
    """Run a command line; returns the exit status. `backend` stands in for the one that analyses code."""
    try:
        status = flowcheck.main(list(arguments), prog_name="flowcheck", standalone_mode=False, obj=backend)
    except click.ClickException as error:
        error.show()
        return STATUS_ERROR
    except click.Abort:
        return complain("stopped")
    except FlowcheckError as error:
        return complain(str(error))
    except BrokenPipeError:
        return end_quietly()
    except Exception:  # noqa: BLE001 (the one place where a bug of ours becomes a status that is not "findings")
        traceback.print_exc()
        return complain("internal error: please report it with the lines above")
    return status if isinstance(status, int) else 0


def complain(message: str) -> int:
    """Say on standard error what is wrong."""
    click.echo(f"error: {message}", err=True)
    return STATUS_ERROR


def end_quietly() -> int:
    """End without a complaint when the reader of our output went away, as `head` does."""
    from flowcheck.cli.streams import silence  # noqa: PLC0415 - `--version` needs none of it

    silence()
    return STATUS_ERROR
