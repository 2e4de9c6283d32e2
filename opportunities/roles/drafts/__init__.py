"""What a draft of a role may say, read once for pages, API and files. Nothing here is stored.

Durations are hours, weeks and hours a week; money is in major units of ``pay_currency``.
"""

from opportunities.roles.drafts.derive import (
    WHERE,
    Parts,
    derive,
    durations,
    forget_derived,
    own_hourly,
    settle_place,
    told_parts,
    values_of,
)
from opportunities.roles.drafts.read import Reading, draft_faults, read, submission_faults

__all__ = [
    "WHERE", "Parts", "Reading", "derive", "draft_faults", "durations", "forget_derived",
    "own_hourly", "read", "settle_place", "submission_faults", "told_parts",
    "values_of",
]  # fmt: skip
