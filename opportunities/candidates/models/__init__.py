"""The tables of this room. Import models from here."""

from opportunities.candidates.models.profiles import (
    BlockedEmployer,
    CandidateProfile,
    CandidateProfileQuerySet,
    CandidateSkill,
    ProfileSight,
    Resume,
    TargetSkill,
    Visibility,
)
from opportunities.candidates.models.promised import PromisedProfile
from opportunities.candidates.models.saved import SavedRole, SavedSearch

__all__ = [
    "BlockedEmployer",
    "CandidateProfile",
    "CandidateProfileQuerySet",
    "CandidateSkill",
    "ProfileSight",
    "PromisedProfile",
    "Resume",
    "SavedRole",
    "SavedSearch",
    "TargetSkill",
    "Visibility",
]
