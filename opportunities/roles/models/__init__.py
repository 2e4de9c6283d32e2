"""The tables of this room. Import models from here."""

from opportunities.roles.models.listings import (
    Mode,
    Opportunity,
    OpportunityQuerySet,
    Outcome,
    Schedule,
)
from opportunities.roles.models.parts import Deliverable, OpportunitySkill, Question, RolePost

__all__ = [
    "Deliverable",
    "Mode",
    "Opportunity",
    "OpportunityQuerySet",
    "OpportunitySkill",
    "Outcome",
    "Question",
    "RolePost",
    "Schedule",
]
