"""For which organization a person acts on a page."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from opportunities.accounts.current import person
from opportunities.accounts.models import User
from opportunities.employers.models import Employer, Membership


def memberships_of(user: User) -> list[Membership]:
    """Return the organizations that an account acts for, the oldest first."""
    return list(user.memberships.select_related("employer").order_by("joined_at", "id"))


def employers_of(request: HttpRequest) -> list[Employer]:
    """Return the organizations of whoever asks; none for a visitor."""
    user = request.user
    return [row.employer for row in memberships_of(user)] if isinstance(user, User) else []


def own_employer(request: HttpRequest, slug: str) -> Employer:
    """Return an organization that the asker acts for, or 404."""
    return get_object_or_404(Employer, slug=slug, memberships__user=person(request))
