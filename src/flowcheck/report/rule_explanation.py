"""`flowcheck rules WORD`: what a rule means, in words.

sink  rules/advertising/tiktok.toml:3
  names      business_api_client.EventCallbackApi.pixel_track
  means      a call of that name, also through instances and subclasses, uses what it is given
  argument   `body`
  label      used for advertising (marketing.advertising) by TikTok
  judged by  FC001 error
  reference  https://business-api.tiktok.com/portal/docs
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from flowcheck.report.canvas import Canvas, Look
from flowcheck.report.flow_words import argument_words, flow_words, steps_words
from flowcheck.report.rules_listing import WORDS
from flowcheck.report.words import listed
from flowcheck.rules import purposes
from flowcheck.rules.lookup import pattern_of, patterns_of
from flowcheck.rules.model import (
    CallTarget,
    ColumnTarget,
    ConsentRule,
    FieldTarget,
    KeyTarget,
    ModelRule,
    PackageTarget,
    ParameterTarget,
    Policy,
    ReturnedTarget,
    Rule,
    RuleSet,
    SanitizerRule,
    SinkRule,
    SinkTarget,
    SourceRule,
    SourceTarget,
    TopicTarget,
    UrlTarget,
    VariableTarget,
)

LABEL_WIDTH = 12

MOST = 8
"""How many of the names that a pattern stands for are written out."""

_ADDRESS = re.compile(r"https?://[^\s,;]+[^\s,;.)]")

_Line = tuple[str, str]


def render_explanations(rules: RuleSet, meant: Iterable[Rule], look: Look) -> str:
    """Each rule that is meant, one after the other; `rules` are all in force."""
    canvas = Canvas(look)
    for number, rule in enumerate(meant):
        if number:
            canvas.blank()
        canvas.line((heading(rule), "bold"), "  ", canvas.place(rule.origin.file, rule.origin.line))
        for label, text in explanation(rule, rules):
            canvas.prose(text, indent=2, label=label.ljust(LABEL_WIDTH))
    return canvas.drawn()


def heading(rule: Rule) -> str:
    """The kind of a rule; a policy's id with it."""
    return f"policy {rule.id}" if isinstance(rule, Policy) else WORDS[type(rule)]


def explanation(rule: Rule, rules: RuleSet) -> Iterator[_Line]:
    """What is said of a rule: a label and a text for each line."""
    match rule:
        case Policy():
            yield from policy_lines(rule, rules)
        case SourceRule():
            yield from source_lines(rule, rules)
        case SinkRule():
            yield from sink_lines(rule, rules)
        case SanitizerRule():
            yield from sanitizer_lines(rule)
        case ConsentRule():
            yield from consent_lines(rule)
        case ModelRule():
            yield from model_lines(rule)
    yield from narrowing_lines(rule)
    yield from origin_lines(rule)


# --- one function a kind of rule ---------------------------------------------------------------


def policy_lines(policy: Policy, rules: RuleSet) -> Iterator[_Line]:
    """What it forbids, how it is reported, and what in force it speaks of."""
    data = f"data collected for {purpose_words(policy.collected_for)}"
    if policy.not_for:
        yield "means", f"{data} must not be used for {purpose_words(policy.not_for)}"
    if policy.not_matched_with:
        yield "means", f"{data} must not be matched with data supplied for {purpose_words(policy.not_matched_with)}"
    if policy.description:
        yield "says", policy.description
    yield "severity", policy.severity
    if policy.fix:
        yield "fix", policy.fix
    sources = [each for each in rules.sources if policy.id in judges(each, rules)]
    sinks = [each for each in rules.sinks if policy.id in judges(each, rules)]
    yield "speaks of", f"{len(sources)} source and {len(sinks)} sink rules in force, and marks in the code"


def source_lines(source: SourceRule, rules: RuleSet) -> Iterator[_Line]:
    """What is marked data, and as what."""
    yield from name_lines(source)
    yield "means", f"{source_words(source.target)} is marked data"
    yield "label", f"{source.relation.replace('_', ' ')} {purpose_words(source.purpose)}"
    if source.category:
        yield "category", source.category
    yield from judged_lines(source, rules)


def sink_lines(sink: SinkRule, rules: RuleSet) -> Iterator[_Line]:
    """What is a use of data, which arguments count, and whose use it is."""
    yield from name_lines(sink)
    yield "means", f"{sink_words(sink.target)}{'' if sink.trigger is None else ', once it is sent'}"
    if sink.trigger is not None:
        yield "trigger", f"{sink.trigger}: the finding stands where what was filled reaches a call of it"
    if sink.arguments:
        yield "argument", listed(tuple(map(argument_words, sink.arguments)))
    elif isinstance(sink.target, CallTarget | PackageTarget):
        yield "argument", "every one"
    for argument, text in sink.where:
        yield "only where", f'{argument_words(argument)} is "{text}"'
    by = f", by {sink.recipient}" if sink.recipient else ""
    yield "label", f"used for {purpose_words(sink.used_for)}{by}"
    yield from judged_lines(sink, rules)


def sanitizer_lines(sanitizer: SanitizerRule) -> Iterator[_Line]:
    """What is clean, where, for which use."""
    yield from name_lines(sanitizer)
    what = listed(tuple(map(argument_words, sanitizer.arguments))) or "what it is given"
    if sanitizer.is_guard:
        yield "means", f"{what} is clean where the call returned true"
    elif sanitizer.arguments:
        yield "means", f"{what} is clean after the call"
    else:
        yield "means", "what the call returns is clean"
    yield "cleans for", purpose_words(sanitizer.use) if sanitizer.use else "any use"


def consent_lines(consent: ConsentRule) -> Iterator[_Line]:
    """What is asked, and what it allows."""
    yield from name_lines(consent)
    yield "means", "where it is true, data of the person whose consent it is may be used; as a decorator, in all of it"
    yield "allows", purpose_words(consent.allows)


def model_lines(model: ModelRule) -> Iterator[_Line]:
    """How data passes through a call, a line for each flow."""
    yield from name_lines(model)
    for flow in model.flows:
        yield "passes", flow_words(flow)
    if model.is_clean:
        yield "means", "what the call returns carries nothing of what went in"
    elif not model.flows:
        yield "means", "nothing that goes in comes out"
    if model.returns is not None:
        yield "returns", str(model.returns)


# --- lines that several kinds share ------------------------------------------------------------


def name_lines(rule: Rule) -> Iterator[_Line]:
    """The pattern as written and the names that it stands for, or what is no name."""
    patterns = patterns_of(rule)
    if not patterns or (isinstance(rule, SinkRule) and pattern_of(rule.target) is None):
        yield "pattern", str(rule.target) if isinstance(rule, SourceRule | SinkRule) else ""
        return
    below = "".join(text_below(rule))
    names = patterns[0].spelled()
    yield "pattern", f"{patterns[0]}{below}"
    if len(names) > 1:
        yield from (("stands for" if number == 0 else "", f"{name}{below}") for number, name in enumerate(names[:MOST]))
    if len(names) > MOST:
        yield "", f"... and {len(names) - MOST} more"


def text_below(rule: Rule) -> Iterator[str]:
    """What a target says after its name: access steps, the name of a parameter."""
    if isinstance(rule, SourceRule | SinkRule):
        target = rule.target
        if isinstance(target, FieldTarget | VariableTarget):
            yield str(target).partition(str(target.pattern))[2].removesuffix('"')
        if isinstance(target, ParameterTarget):
            yield f":{target.name}"


def judged_lines(rule: SourceRule | SinkRule, rules: RuleSet) -> Iterator[_Line]:
    """The policies that speak of it; a rule that none does leads to no finding."""
    ids = judges(rule, rules)
    own = f"; reported as {rule.severity}" if rule.severity else ""
    said = listed(tuple(ids)) if ids else "no policy in force: it leads to no finding"
    yield "judged by", f"{said}{own}"


def narrowing_lines(rule: Rule) -> Iterator[_Line]:
    """Where else it does not hold."""
    if isinstance(rule, Policy):
        return
    if rule.narrowing.decorated is not None:
        yield "only where", f"the function is decorated with {rule.narrowing.decorated}"
    if rule.narrowing.unless:
        yield "unless", listed(tuple(str(each).removeprefix("**.") for each in rule.narrowing.unless))


def origin_lines(rule: Rule) -> Iterator[_Line]:
    """What its file says about it, and the documentation that it was taken from."""
    for comment in rule.origin.comments:
        if text := _ADDRESS.sub("", comment).strip():
            yield "comment", " ".join(text.split())
    for address in dict.fromkeys(each for comment in rule.origin.comments for each in _ADDRESS.findall(comment)):
        yield "reference", address
    if rule.origin.pack is not None:
        yield "pack", rule.origin.pack


# --- words -------------------------------------------------------------------------------------


def judges(rule: SourceRule | SinkRule, rules: RuleSet) -> list[str]:
    """The ids of the policies in force that speak of a source or a sink."""
    return [policy.id for policy in rules.policies if speaks_of(policy, rule)]


def speaks_of(policy: Policy, rule: SourceRule | SinkRule) -> bool:
    """Whether a policy judges what such a rule marks."""
    if isinstance(rule, SinkRule):
        return policy.not_for is not None and purposes.includes(policy.not_for, rule.used_for)
    if rule.relation == "supplied_for":
        return policy.not_matched_with is not None and purposes.includes(policy.not_matched_with, rule.purpose)
    return purposes.includes(policy.collected_for, rule.purpose)


def purpose_words(purpose: str) -> str:
    """A purpose as written, with its whole key where that is another."""
    whole = purposes.canonical(purpose)
    return purpose if whole == purpose else f"{purpose} ({whole})"


def source_words(target: SourceTarget) -> str:
    """What of a program such a target is."""
    match target:
        case CallTarget():
            return "what a call of that name returns"
        case FieldTarget(steps=steps):
            return steps_words("that attribute of an instance of the class or a subclass", steps)
        case ParameterTarget():
            return "that parameter of the function, also of methods that override it"
        case VariableTarget(steps=steps):
            return steps_words("that object of a module, and what is read below it", steps)
        case KeyTarget(of=of):
            return "what stands under that key of " + ("any mapping" if of is None else f"the mapping {of}")
        case ColumnTarget():
            return "what is read from that column, by SQL or an ORM"


def sink_words(target: SinkTarget) -> str:
    """What of a program such a target is, as a use of data."""
    match target:
        case CallTarget():
            return "a call of that name, also through instances and subclasses, uses what it is given"
        case FieldTarget(steps=steps):
            return f"what is written to {steps_words('that attribute of an instance', steps)} is used"
        case ParameterTarget():
            return "what is given for that parameter is used"
        case VariableTarget(steps=steps):
            return f"what is written to {steps_words('that object of a module, or below it', steps)} is used"
        case ColumnTarget():
            return "what is written to that table or column, by SQL or an ORM, is used"
        case PackageTarget():
            return "every function defined there or below uses what it is given"
        case UrlTarget():
            return "a request that a known HTTP client sends there uses all that it sends"
        case TopicTarget():
            return "what a known message client sends there is used"
        case ReturnedTarget():
            return "what a function of that name returns is used"
