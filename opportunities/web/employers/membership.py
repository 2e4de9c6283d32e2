"""For which organization a person acts on a page."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from opportunities.models import Application, Employer, Membership, Opportunity, User
from opportunities.web.people import person


def memberships_of(user: User) -> list[Membership]:
    """Return the organizations that an account acts for, the oldest first."""
    return list(user.memberships.select_related("employer").order_by("joined_at", "id"))


def employers_of(request: HttpRequest) -> list[Employer]:
    """Return the organizations of whoever asks; none for a visitor."""
    user = request.user
    return [row.employer for row in memberships_of(user)] if isinstance(user, User) else []


def own_employer(request: HttpRequest, slug: str) -> Membership:
    """Return the asker's membership of an organization, or 404."""
    rows = person(request).memberships.select_related("employer")
    return get_object_or_404(rows, employer__slug=slug)


def own_role(request: HttpRequest, public_id: str) -> Opportunity:
    """Return a role of the asker's organizations with its employer, or 404."""
    return get_object_or_404(_roles(request).select_related("employer"), public_id=public_id)


def own_role_id(request: HttpRequest, public_id: str) -> int:
    """Return the key of a role of the asker's organizations, for an operation on it, or 404."""
    return get_object_or_404(_roles(request).only("pk"), public_id=public_id).pk


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


def _roles(request: HttpRequest) -> QuerySet[Opportunity]:
    return Opportunity.objects.filter(employer__in=person(request).memberships.values("employer"))


def _applications(request: HttpRequest) -> QuerySet[Application]:
    return Application.objects.filter(
        opportunity__employer__in=person(request).memberships.values("employer")
    )
