"""The dates of one application as a calendar file, for each side."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from opportunities.applications import dates
from opportunities.applications.lookup import own_application
from opportunities.applications.models import Application
from opportunities.applications.views.candidate import own
from opportunities.core import calendar_files, clock


@require_safe
def of_candidate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Return the dates of one of the asker's applications."""
    return _file(own(request, public_id), by_employer=False)


@require_safe
def of_employer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Return the dates of an application to the asker's organizations."""
    return _file(own_application(request, public_id), by_employer=True)


def _file(application: Application, *, by_employer: bool) -> HttpResponse:
    content = calendar_files.write(
        dates.entries(application, by_employer=by_employer),
        title=application.opportunity.title,
        zone=clock.here(),
    )
    return calendar_files.answer(content, name=application.opportunity.title)
