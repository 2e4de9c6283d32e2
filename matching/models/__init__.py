"""The tables of matching. Import models from here, never from the modules inside."""

from matching.models.introductions import (
    Introduction,
    IntroductionPreference,
    IntroductionQuerySet,
    IntroductionRhythm,
    Toward,
)
from matching.models.market import Market, Price, RoleList
from matching.models.odds import RoleOdds, SiteOdds
from matching.models.owed import OwedWork, Subject
from matching.models.packed import PackedCandidate, PackedRole
from matching.models.plans import CandidatePlan, PlanKind, PlannedRole
from matching.models.reactions import Dismissal, DismissalReason, Feedback
from matching.models.runs import Run, RunCell, RunInput, RunPart, RunRoles, RunState

__all__ = [
    "CandidatePlan", "Dismissal", "DismissalReason", "Feedback", "Introduction",
    "IntroductionPreference", "IntroductionQuerySet", "IntroductionRhythm", "Market", "OwedWork",
    "PackedCandidate", "PackedRole", "PlanKind", "PlannedRole", "Price", "RoleList", "RoleOdds",
    "Run", "RunCell", "RunInput", "RunPart", "RunRoles", "RunState", "SiteOdds", "Subject",
    "Toward",
]  # fmt: skip
