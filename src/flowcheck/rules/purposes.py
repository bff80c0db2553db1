"""Purposes: what data was collected for and what it is used for, as a tree.

A purpose is a dotted key; a parent includes its children. The known keys are those of Fideslang's
`data_uses`, so that a finding fits a company's privacy register; a few have short names:

    includes("essential.service", "essential.service.security")   True
    includes("advertising", "marketing.advertising.third_party")  True: short for marketing.advertising
    includes("marketing.advertising.third_party", "advertising")  False: a child lacks its parent
    includes("security", "essential.fraud_detection")             True: see SECURITY_BRANCHES

Any other key is a purpose of one's own, with its own tree by dots; `-` and `_` are the same in a key.
"""

from __future__ import annotations

from difflib import get_close_matches

DATA_USES: tuple[str, ...] = (
    "analytics",
    "analytics.reporting",
    "analytics.reporting.ad_performance",
    "analytics.reporting.campaign_insights",
    "analytics.reporting.content_performance",
    "analytics.reporting.system",
    "analytics.reporting.system.performance",
    "collect",
    "employment",
    "employment.recruitment",
    "essential",
    "essential.fraud_detection",
    "essential.legal_obligation",
    "essential.service",
    "essential.service.authentication",
    "essential.service.notifications",
    "essential.service.notifications.email",
    "essential.service.notifications.sms",
    "essential.service.operations",
    "essential.service.operations.improve",
    "essential.service.operations.support",
    "essential.service.payment_processing",
    "essential.service.security",
    "essential.service.upgrades",
    "finance",
    "functional",
    "functional.service",
    "functional.service.improve",
    "functional.storage",
    "functional.storage.privacy_preferences",
    "marketing",
    "marketing.advertising",
    "marketing.advertising.first_party",
    "marketing.advertising.first_party.contextual",
    "marketing.advertising.first_party.targeted",
    "marketing.advertising.frequency_capping",
    "marketing.advertising.negative_targeting",
    "marketing.advertising.profiling",
    "marketing.advertising.serving",
    "marketing.advertising.third_party",
    "marketing.advertising.third_party.targeted",
    "marketing.communications",
    "marketing.communications.email",
    "marketing.communications.sms",
    "operations",
    "personalize",
    "personalize.content",
    "personalize.content.limited",
    "personalize.content.profiled",
    "personalize.content.profiling",
    "personalize.profiling",
    "personalize.system",
    "sales",
    "third_party_sharing",
    "third_party_sharing.legal_obligation",
    "train_ai_system",
)
"""The keys of Fideslang's `data_uses`."""

SHORT_NAMES: dict[str, str] = {
    "advertising": "marketing.advertising",
    "authentication": "essential.service.authentication",
    "email_marketing": "marketing.communications.email",
    "fraud_detection": "essential.fraud_detection",
    "legal_obligation": "essential.legal_obligation",
    "notifications": "essential.service.notifications",
    "payment_processing": "essential.service.payment_processing",
    "personalization": "personalize",
    "security": "essential.service.security",
    "sms_marketing": "marketing.communications.sms",
    "support": "essential.service.operations.support",
}
"""Short names, by their key with `_`."""

SECURITY = "essential.service.security"

SECURITY_BRANCHES: tuple[str, ...] = ("essential.service.authentication", "essential.fraud_detection")
"""Keys that stand elsewhere in Fideslang's tree and that security includes here: what a person gives to
log in safely or to be protected from fraud was given for security."""

_KNOWN = tuple(sorted({*DATA_USES, *SHORT_NAMES}))


def canonical(purpose: str) -> str:
    """The full key of a purpose: a short name in front spelled out, `-` written as `_`."""
    head, dot, rest = purpose.strip().lower().replace("-", "_").partition(".")
    return f"{SHORT_NAMES.get(head, head)}{dot}{rest}"


def includes(parent: str, child: str) -> bool:
    """Whether `parent` is `child` or stands above it in the tree; both as marks and rules write them."""
    above, below = canonical(parent), canonical(child)
    if _is_above(above, below):
        return True
    return _is_above(above, SECURITY) and any(_is_above(branch, below) for branch in SECURITY_BRANCHES)


def _is_above(above: str, below: str) -> bool:
    return below == above or below.startswith(f"{above}.")


def is_known(purpose: str) -> bool:
    """Whether the purpose is a key of the tree or a short name of one."""
    return canonical(purpose) in DATA_USES


def nearest(purpose: str) -> str | None:
    """The known purpose that an unknown one is probably meant to be, written as people write it."""
    found = get_close_matches(purpose.strip().lower().replace("-", "_"), _KNOWN, n=1, cutoff=0.85)
    return found[0].replace("_", "-") if found and found[0] in SHORT_NAMES else (found[0] if found else None)


def doubt(purpose: str) -> str | None:
    """What to say of a purpose that is nearly a known one; None when there is nothing to say."""
    meant = None if is_known(purpose) else nearest(purpose)
    if meant is None:
        return None
    return f'"{purpose}" is no known purpose and is taken as one of your own; did you mean "{meant}"?'
