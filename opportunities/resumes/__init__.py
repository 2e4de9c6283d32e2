"""JSON Resume 1.0.0 in and out: checked by its schema, previewed, and nothing kept in secret."""

from opportunities.resumes.reading import MAX_SIZE, KnownSkill, Preview, preview
from opportunities.resumes.saving import keep
from opportunities.resumes.writing import write

__all__ = ["MAX_SIZE", "KnownSkill", "Preview", "keep", "preview", "write"]
