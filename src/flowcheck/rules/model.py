"""The rule records: what a rule file says, read and checked, ready to be asked.

    [[sink]]                                          SinkRule(
    call = "adtech.push"                                  target=CallTarget(Pattern("adtech.push")),
    argument = "users"                                    arguments=(ArgumentPath(None, "users"),),
    used_for = "advertising"                              used_for="advertising", ...)

What a rule speaks of is its target, one of the small records below. Where it was written is its origin;
together with its target that is what a warning about the rule says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from flowcheck.rules.access import AccessStep, ArgumentPath, shown_steps
from flowcheck.rules.flows import ModelFlow
from flowcheck.rules.labels import Relation
from flowcheck.rules.patterns import Pattern
from flowcheck.rules.texts import TextPattern, UrlPattern

Severity: TypeAlias = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, order=True)
class RuleOrigin:
    """Where a rule is written; `file` as messages show it. `pack` is the built-in pack it belongs to.

    Two rules never share file and line but when they stand in one inline array: `number` tells those apart.
    `comments` are those at the head of the file and right above the rule.
    """

    file: str
    line: int
    number: int = 0
    pack: str | None = None
    comments: tuple[str, ...] = field(default=(), compare=False, repr=False)

    @property
    def is_builtin(self) -> bool:
        """Whether the rule came with flowcheck."""
        return self.pack is not None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


# --- targets -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CallTarget:
    """`call = "adtech.push"`: calls of what has such a name."""

    pattern: Pattern

    def __str__(self) -> str:
        return f'call "{self.pattern}"'


@dataclass(frozen=True, slots=True)
class FieldTarget:
    """`field = "pkg.Class.attr"`: an attribute of the instances of a class; with `steps`, what lies below it."""

    pattern: Pattern
    steps: tuple[AccessStep, ...] = ()

    def __str__(self) -> str:
        return f'field "{self.pattern}{shown_steps(self.steps)}"'


@dataclass(frozen=True, slots=True)
class ParameterTarget:
    """`parameter = "pkg.mod.func:name"`: a parameter of a function; `name` may hold wildcards."""

    pattern: Pattern
    name: TextPattern

    def __str__(self) -> str:
        return f'parameter "{self.pattern}:{self.name}"'


@dataclass(frozen=True, slots=True)
class VariableTarget:
    """`variable = "flask.request.form"`: an object of a module and what is read (or written) below it."""

    pattern: Pattern
    steps: tuple[AccessStep, ...] = ()

    def __str__(self) -> str:
        return f'variable "{self.pattern}{shown_steps(self.steps)}"'


@dataclass(frozen=True, slots=True)
class KeyTarget:
    """`key = "tfa_phone"`: what stands under a constant key of any mapping, or of the one that `of` names."""

    key: TextPattern
    of: Pattern | None = None

    def __str__(self) -> str:
        return f'key "{self.key}"' + (f' of "{self.of}"' if self.of else "")


@dataclass(frozen=True, slots=True)
class ColumnTarget:
    """`table = "users"`, `column = "phone"`: columns in SQL text and ORM models. None stands for any."""

    table: TextPattern | None
    column: TextPattern | None

    def __str__(self) -> str:
        parts = (("table", self.table), ("column", self.column))
        return ", ".join(f'{word} "{pattern}"' for word, pattern in parts if pattern is not None)


@dataclass(frozen=True, slots=True)
class PackageTarget:
    """`package = "shop.ads"`: every function defined in the package or module and below it."""

    pattern: Pattern

    def __str__(self) -> str:
        return f'package "{self.pattern}"'


@dataclass(frozen=True, slots=True)
class UrlTarget:
    """`url = "https://graph.facebook.com/**"`: a request that a known HTTP client sends to such an address."""

    url: UrlPattern

    def __str__(self) -> str:
        return f'url "{self.url}"'


@dataclass(frozen=True, slots=True)
class TopicTarget:
    """`topic = "ads.*"`: a topic, queue or channel of a known message client."""

    topic: TextPattern

    def __str__(self) -> str:
        return f'topic "{self.topic}"'


@dataclass(frozen=True, slots=True)
class ReturnedTarget:
    """`returned = "pkg.views.*"`: the value that a function returns."""

    pattern: Pattern

    def __str__(self) -> str:
        return f'returned "{self.pattern}"'


CommonTarget: TypeAlias = CallTarget | FieldTarget | ParameterTarget | VariableTarget | ColumnTarget
SourceTarget: TypeAlias = CommonTarget | KeyTarget
SinkTarget: TypeAlias = CommonTarget | PackageTarget | UrlTarget | TopicTarget | ReturnedTarget


# --- rules -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What any rule may say about where it holds.

    `decorated`: only functions with a decorator of that name. `unless`: names that end so are left out.
    """

    decorated: Pattern | None = None
    unless: tuple[Pattern, ...] = ()

    def excludes(self, name: str) -> bool:
        """Whether an `unless` speaks of the dotted name."""
        return any(pattern.matches(name) for pattern in self.unless)


@dataclass(frozen=True, slots=True)
class SourceRule:
    """Data collected or supplied for a purpose. `severity` overrides that of the policy."""

    target: SourceTarget
    relation: Relation
    purpose: str
    category: str | None
    severity: Severity | None
    narrowing: Narrowing
    origin: RuleOrigin

    def describe(self) -> str:
        """One line for people: what the rule speaks of and what it says."""
        return f"source {self.target}: {self.relation.replace('_', ' ')} {self.purpose}"


@dataclass(frozen=True, slots=True)
class SinkRule:
    """A use of data for a purpose. No `arguments` means all of them.

    With a `trigger`, `target` is a carrier: the finding stands where the carrier reaches a call that
    the trigger names. `where` names arguments whose constant texts decide whether a call is meant.
    `severity` overrides that of the policy.
    """

    target: SinkTarget
    arguments: tuple[ArgumentPath, ...]
    used_for: str
    recipient: str | None
    trigger: Pattern | None
    severity: Severity | None
    narrowing: Narrowing
    origin: RuleOrigin
    where: tuple[tuple[ArgumentPath, TextPattern], ...] = ()

    def describe(self) -> str:
        """One line for people: what the rule speaks of and what it says."""
        arguments = f" ({', '.join(map(str, self.arguments))})" if self.arguments else ""
        where = "".join(f' where {argument} is "{text}"' for argument, text in self.where)
        recipient = f" by {self.recipient}" if self.recipient else ""
        return f"sink {self.target}{arguments}{where}: used for {self.used_for}{recipient}"


@dataclass(frozen=True, slots=True)
class Policy:
    """What may not be: data collected for one purpose used for another, or matched with data supplied for it.

    At least one of `not_for` and `not_matched_with` is given.
    """

    id: str
    collected_for: str
    not_for: str | None
    not_matched_with: str | None
    severity: Severity
    description: str | None
    fix: str | None
    origin: RuleOrigin

    def describe(self) -> str:
        """One line for people: what the policy forbids."""
        uses = [f"used for {self.not_for}"] if self.not_for else []
        uses += [f"matched with data supplied for {self.not_matched_with}"] if self.not_matched_with else []
        return f"policy {self.id}: collected for {self.collected_for}, not to be {' or '.join(uses)}"


@dataclass(frozen=True, slots=True)
class SanitizerRule:
    """A call that cleans data, for one use or (`use` is None) for any.

    Without `arguments` its result is clean. With them it cleans those in place, or, when it `is_guard`,
    they are clean where it returned true; a guard without arguments speaks of all it is given.
    """

    call: Pattern
    arguments: tuple[ArgumentPath, ...]
    use: str | None
    is_guard: bool
    severity: Severity | None
    narrowing: Narrowing
    origin: RuleOrigin

    def describe(self) -> str:
        """One line for people: what cleans what for which use."""
        arguments = f" ({', '.join(map(str, self.arguments))})" if self.arguments else ""
        return f'sanitizer "{self.call}"{arguments}: cleans for {self.use or "any use"}'


@dataclass(frozen=True, slots=True)
class ConsentRule:
    """A condition (a field, variable or call) that allows a use where it is true."""

    condition: Pattern
    allows: str
    severity: Severity | None
    narrowing: Narrowing
    origin: RuleOrigin

    def describe(self) -> str:
        """One line for people: what allows which use."""
        return f'consent "{self.condition}": allows {self.allows}'


@dataclass(frozen=True, slots=True)
class ReturnType:
    """`list[str]`: the type of what a call returns; builtin types are spelled `builtins.list`."""

    name: str
    arguments: tuple[ReturnType, ...] = ()

    def __str__(self) -> str:
        inner = f"[{', '.join(map(str, self.arguments))}]" if self.arguments else ""
        return f"{self.name}{inner}"


@dataclass(frozen=True, slots=True)
class ModelRule:
    """How data passes through a call whose code is not read: by `flows`, and no other way.

    `is_clean`: the result carries nothing of what went in. `returns` is the type of the result, so that
    its methods have names.
    """

    call: Pattern
    flows: tuple[ModelFlow, ...]
    is_clean: bool
    returns: ReturnType | None
    severity: Severity | None
    narrowing: Narrowing
    origin: RuleOrigin

    def describe(self) -> str:
        """One line for people: how data passes."""
        flows = "; ".join(map(str, self.flows)) or ("clean" if self.is_clean else "nothing passes")
        return f'model "{self.call}": {flows}'


Rule: TypeAlias = SourceRule | SinkRule | Policy | SanitizerRule | ConsentRule | ModelRule


def purposes_of(rule: Rule) -> tuple[str, ...]:
    """The purposes that a rule names, as written."""
    match rule:
        case SourceRule():
            return (rule.purpose,)
        case SinkRule():
            return (rule.used_for,)
        case Policy():
            return tuple(use for use in (rule.collected_for, rule.not_for, rule.not_matched_with) if use)
        case SanitizerRule():
            return (rule.use,) if rule.use else ()
        case ConsentRule():
            return (rule.allows,)
        case ModelRule():
            return ()


@dataclass(frozen=True, slots=True, order=True)
class RuleWarning:
    """Something about a rule that a person should look at; it changes nothing else."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules in force, the user's own first, each kind in the order of the files and lines they stand on."""

    sources: tuple[SourceRule, ...] = ()
    sinks: tuple[SinkRule, ...] = ()
    policies: tuple[Policy, ...] = ()
    sanitizers: tuple[SanitizerRule, ...] = ()
    consents: tuple[ConsentRule, ...] = ()
    models: tuple[ModelRule, ...] = ()
    warnings: tuple[RuleWarning, ...] = ()

    def rules(self) -> tuple[Rule, ...]:
        """Every rule, kind by kind."""
        return (*self.policies, *self.sources, *self.sinks, *self.sanitizers, *self.consents, *self.models)

    def purposes(self) -> frozenset[str]:
        """Every purpose that a policy, source, sink, sanitizer or consent names, as written."""
        named = [policy.collected_for for policy in self.policies]
        named += [use for policy in self.policies for use in (policy.not_for, policy.not_matched_with) if use]
        named += [source.purpose for source in self.sources] + [sink.used_for for sink in self.sinks]
        named += [sanitizer.use for sanitizer in self.sanitizers if sanitizer.use]
        return frozenset([*named, *(consent.allows for consent in self.consents)])
