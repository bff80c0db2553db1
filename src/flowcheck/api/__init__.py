"""The composition root: a request in, an analysis out, and what the faces ask of it.

    report = check(Request(paths=(Path("src"),)))

The faces (command line, language server) call nothing else. What runs an analysis is handed to them as a
`Backend`, so that they can be tried with one that is made up.
"""

from flowcheck.api.answers import (
    UnknownFingerprintError,
    everything,
    finding_with,
    report_of,
    write_baseline,
)
from flowcheck.api.containment import Fault, attempted
from flowcheck.api.memory import Memory
from flowcheck.api.requests import (
    Analysis,
    Backend,
    NotAvailableError,
    Progress,
    Proposals,
    Request,
    silent,
)
from flowcheck.api.running import analyse, backend, check, proposals, rules_in_force

__all__ = [
    "Analysis",
    "Backend",
    "Fault",
    "Memory",
    "NotAvailableError",
    "Progress",
    "Proposals",
    "Request",
    "UnknownFingerprintError",
    "analyse",
    "attempted",
    "backend",
    "check",
    "everything",
    "finding_with",
    "proposals",
    "report_of",
    "rules_in_force",
    "silent",
    "write_baseline",
]
