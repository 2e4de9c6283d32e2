"""The way to an employer's own application page, and the candidate's word that they took it."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from opportunities.accounts.current import person
from opportunities.accounts.models import User
from opportunities.applications import external
from opportunities.candidates import guest_profile
from opportunities.core.errors import RuleBroken
from opportunities.core.form_handling import act
from opportunities.roles import external as way
from opportunities.roles.models import Opportunity


@login_not_required
@require_POST
@never_cache
def follow(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Count the click and lead on; the page leads itself, since forms may not leave the site."""
    role = _role(request, public_id)
    viewer = request.user if isinstance(request.user, User) else None
    context: dict[str, Any] = {"role": role}
    try:
        context["address"] = way.follow(opportunity_id=role.pk, viewer=viewer, at=timezone.now())
    except RuleBroken as refusal:
        context["refusal"] = refusal
    status = 409 if "refusal" in context else 200
    return render(request, "applications/leaving.html", context, status=status)


@require_POST
def applied(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put on the candidate's track that they applied on the employer's site."""
    role, candidate, now = _role(request, public_id), person(request), timezone.now()
    guest_profile.owner_with_profile(request, at=now)
    operation = partial(external.state_applied, opportunity_id=role.pk, candidate=candidate, at=now)
    said = _("It is on your list. The employer does not learn it from us.")
    return act(request, operation, said=said, back="opportunities:applications")


@require_POST
def take_back(request: HttpRequest, statement: int) -> HttpResponse:
    """Take an application on an employer's site off the list."""
    operation = partial(external.take_back, statement_id=statement, candidate=person(request))
    said, gone = _("It is off your list."), _("It was off your list already.")
    return act(request, operation, said=said, back="opportunities:applications", gone=gone)


def _role(request: HttpRequest, public_id: str) -> Opportunity:
    roles = Opportunity.objects.visible_to(request.user).select_related("employer")
    return get_object_or_404(roles, public_id=public_id)
