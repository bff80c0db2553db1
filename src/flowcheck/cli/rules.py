"""`flowcheck rules`: the rules in force, read and checked."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from flowcheck.cli.options import analysis_options, backend_of, color_option, paths_option, request_from
from flowcheck.cli.streams import look_for, warn, write_report
from flowcheck.report.rule_explanation import render_explanations
from flowcheck.report.rules_listing import render_rules
from flowcheck.rules.lookup import known_words, rules_meant
from flowcheck.rules.model import Rule, RuleSet


@click.command("rules")
@click.argument("words", nargs=-1, metavar="[WORD ...]")
@paths_option
@analysis_options
@click.option("--models", is_flag=True, help="List the built-in models of libraries too.")
@color_option
@click.pass_context
def command(context: click.Context, /, words: tuple[str, ...], *, models: bool, **options: Any) -> None:  # noqa: ANN401 (click's own values)
    """List the rules in force and validate them: a mistake is named with its file and line.

    With WORDs, explain the rules meant: by a name or its end, a place or a pack, an address, a policy, a recipient
    or a purpose.
    """
    rules = backend_of(context).rules(request_from(options))
    warn(str(warning) for warning in rules.warnings)
    look = look_for(options["color"], Path(), None)
    if words:
        text = render_explanations(rules, all_meant(rules, words), look)
    else:
        text = render_rules(rules, look, has_models=models)
    write_report(text, None, is_for_people=True)


def all_meant(rules: RuleSet, words: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules that the words speak of, each once; a word that speaks of none is wrong use."""
    found: dict[Rule, None] = {}
    for word in words:
        meant = rules_meant(rules, word)
        if not meant:
            raise click.UsageError(f'no rule in force speaks of "{word}"{near(rules, word)}')
        found |= dict.fromkeys(meant)
    return tuple(found)


def near(rules: RuleSet, word: str) -> str:
    """A hint at what may have been meant."""
    meant = get_close_matches(word.rpartition(".")[2], known_words(rules), n=1)
    return f'; did you mean "{meant[0]}"?' if meant else ""
