"""Applications to the organizations that a person acts for."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from opportunities.accounts.current import person
from opportunities.applications.models import Application


def own_application(request: HttpRequest, public_id: str) -> Application:
    """Return an application to the asker's organizations with all that its page reads, or 404."""
    return get_object_or_404(
        _applications(request)
        .select_related("opportunity__employer", "profile__user", "resume", "completion")
        .prefetch_related("answers"),
        public_id=public_id,
    )


def own_application_id(request: HttpRequest, public_id: str) -> int:
    """Return the key of an application to the asker's organizations, to act on it, or 404."""
    return get_object_or_404(_applications(request).only("pk"), public_id=public_id).pk


def _applications(request: HttpRequest) -> QuerySet[Application]:
    return Application.objects.filter(
        opportunity__employer__in=person(request).memberships.values("employer")
    )
