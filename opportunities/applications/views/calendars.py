"""The dates of one application as a calendar file, for each side."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from opportunities.applications.dates import entries
from opportunities.applications.views.sides import EMPLOYER, Side
from opportunities.core import calendar_files, clock


@require_safe
def dates(request: HttpRequest, public_id: str, side: Side) -> HttpResponse:
    """Return the dates of one of the asker's applications."""
    application = side.find(request, public_id)
    title = application.opportunity.title
    found = entries(application, by_employer=side is EMPLOYER)
    content = calendar_files.write(found, title=title, zone=clock.here())
    return calendar_files.answer(content, name=title)
