"""JSON Resume 1.0.0 in and out: checked by its schema, previewed, and nothing kept in secret."""

from opportunities.candidates.resumes.keep import keep
from opportunities.candidates.resumes.read import MAX_SIZE, KnownSkill, Preview, preview
from opportunities.candidates.resumes.skills import FoundSkill, find_skills

__all__ = [
    "MAX_SIZE",
    "FoundSkill",
    "KnownSkill",
    "Preview",
    "find_skills",
    "keep",
    "preview",
]
