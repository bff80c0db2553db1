"""The configuration that `init` writes: what may be set, explained, and proposals for a person to decide on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from flowcheck.report.proposals import Proposal

HEAD = """\
# flowcheck finds personal data that was collected for one purpose and is used for another.
# Every key is optional.

# Files and folders to analyse.
paths = ["."]

# Left out, as in a .gitignore; what the repository's .gitignore names is left out anyway.
exclude = ["tests/"]

# Findings that rest on an assumption are "possible"; "confirmed" leaves them out.
min_confidence = "possible"

# Files and folders with rules of your own.
# rules = ["privacy/"]

# Data is marked in the code:
#
#     phone = models.CharField(max_length=20)      # flowcheck: security-collected
#
# or here:
#
#     [[source]]
#     field = "accounts.models.User.phone"
#     collected_for = "security"
#     category = "user.contact.phone_number"
#
# and so are its uses, beside those of the advertising systems that flowcheck knows:
#
#     [[sink]]
#     call = "adtech.push"
#     used_for = "advertising"
#     recipient = "Acme Ads"
"""

INTRODUCTION = """
# These fields look as if they were collected for security. Take the # away from those that were.
"""


def starter_config(proposals: Iterable[Proposal]) -> str:
    """The text of a first flowcheck.toml."""
    return HEAD + "".join(proposed(proposals))


def proposed(proposals: Iterable[Proposal]) -> Iterator[str]:
    """Each proposal as a rule in a comment, with its evidence."""
    for number, proposal in enumerate(proposals):
        if number == 0:
            yield INTRODUCTION
        span = proposal.place.span
        yield f"\n# {one_line(proposal.place.path)}:{span.line}: {one_line(', '.join(proposal.evidence))}\n"
        yield "# [[source]]\n"
        yield f"# field = {json.dumps(proposal.field)}\n"
        yield '# collected_for = "security"\n'
        yield f'# category = "{proposal.category}"\n'


def one_line(text: str) -> str:
    """Text that cannot end a comment."""
    return " ".join(text.split())
