"""JSON Resume 1.0.0 in and out: checked by its schema, previewed, and nothing kept in secret."""

from opportunities.candidates.resumes.keep import keep
from opportunities.candidates.resumes.read import MAX_SIZE, KnownSkill, Preview, preview

__all__ = [
    "MAX_SIZE",
    "KnownSkill",
    "Preview",
    "keep",
    "preview",
]
