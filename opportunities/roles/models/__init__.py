"""The tables of this room. Import models from here."""

from opportunities.roles.models.listings import (
    Mode,
    Opportunity,
    OpportunityQuerySet,
    RoleOutcome,
    Schedule,
)
from opportunities.roles.models.parts import (
    Deliverable,
    ExternalClicks,
    OpportunitySkill,
    Question,
    RolePost,
)

__all__ = [
    "Deliverable",
    "ExternalClicks",
    "Mode",
    "Opportunity",
    "OpportunityQuerySet",
    "OpportunitySkill",
    "Question",
    "RoleOutcome",
    "RolePost",
    "Schedule",
]
