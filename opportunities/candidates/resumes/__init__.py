"""CVs in: read by bounded readers, previewed, and nothing kept in secret."""

from opportunities.candidates.resumes.keep import add, keep
from opportunities.candidates.resumes.read import (
    MAX_SIZE,
    KnownSkill,
    Preview,
    is_json_resume,
    preview,
)
from opportunities.candidates.resumes.skills import FoundSkill, find_skills

__all__ = [
    "MAX_SIZE",
    "FoundSkill",
    "KnownSkill",
    "Preview",
    "add",
    "find_skills",
    "is_json_resume",
    "keep",
    "preview",
]
