"""Files that people uploaded, handed out so that no browser ever runs them."""

from django.http import FileResponse

from opportunities.candidates.models import Resume
from opportunities.candidates.uploads import HEADERS
from opportunities.core.text import clean_name


def attachment(resume: Resume) -> FileResponse:
    """Return a resume as a download: never shown inside a page, never sniffed."""
    return FileResponse(
        resume.file.open("rb"),
        as_attachment=True,
        filename=clean_name(resume.name),
        content_type="application/pdf",  # else Django guesses it from the name
        headers=dict(HEADERS),
    )
