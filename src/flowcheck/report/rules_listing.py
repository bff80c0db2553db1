"""`flowcheck rules`: the rules in force, kind by kind, each with where it is written."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from flowcheck.report.canvas import Canvas, Look
from flowcheck.report.words import counted
from flowcheck.rules.model import ConsentRule, ModelRule, Policy, Rule, RuleSet, SanitizerRule, SinkRule, SourceRule

WORDS: dict[type[Rule], str] = {
    Policy: "policy",
    SourceRule: "source",
    SinkRule: "sink",
    SanitizerRule: "sanitizer",
    ConsentRule: "consent rule",
    ModelRule: "model",
}


def render_rules(rules: RuleSet, look: Look, *, has_models: bool = False) -> str:
    """The rules of the user's own and of the built-in packs; models of libraries only on request, they are many."""
    canvas = Canvas(look)
    shown = [rule for rule in rules.rules() if has_models or not is_builtin_model(rule)]
    for kind, group in groupby(shown, key=type):
        canvas.line((plural(kind), "bold"))
        for rule in group:
            draw_rule(canvas, rule)
        canvas.blank()
    canvas.line(", ".join(totals(rules.rules())))
    if not has_models and len(shown) < len(rules.rules()):
        canvas.line(("flowcheck rules --models also lists the built-in models of libraries", "dim"))
    return canvas.drawn()


def is_builtin_model(rule: Rule) -> bool:
    """Whether the rule is one of the many models that come with flowcheck."""
    return isinstance(rule, ModelRule) and rule.origin.is_builtin


def draw_rule(canvas: Canvas, rule: Rule) -> None:
    """What a rule says and where it stands; a policy also with its fix."""
    canvas.line(rule.describe(), ("  " + str(rule.origin), "dim"), indent=2)
    if isinstance(rule, Policy) and rule.fix:
        canvas.prose(rule.fix, indent=4, label="fix: ")


def plural(kind: type[Rule]) -> str:
    """The heading of a kind."""
    return "policies" if kind is Policy else f"{WORDS[kind]}s"


def totals(rules: Iterable[Rule]) -> list[str]:
    """`2 policies, 5 sources, ...`."""
    kinds = [type(rule) for rule in rules]
    numbers = [(kind, kinds.count(kind)) for kind in WORDS]
    return [
        f"{number} policies" if kind is Policy and number != 1 else counted(number, WORDS[kind])
        for kind, number in numbers
        if number
    ]
