"""Tokens of the API on one page: make one, see it once, revoke it."""

from functools import partial

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from opportunities import tokening
from opportunities.errors import RuleBroken
from opportunities.models.integrations import SCOPES
from opportunities.web.acting import act, row_of
from opportunities.web.people import person


@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth's is without types
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """List the tokens and make one; its secret stands on this answer alone."""
    owner, now, secret = person(request), timezone.now(), ""
    if request.method == "POST":
        try:
            _, secret = tokening.make(
                person=owner,
                name=request.POST.get("name", ""),
                scopes=request.POST.getlist("scopes")[: len(SCOPES)],
                days=row_of(request.POST.get("days")),
                at=now,
            )
        except RuleBroken as refusal:
            messages.error(request, str(refusal))
    return render(
        request,
        "own/tokens.html",
        {
            "grants": tokening.grants_of(owner, at=now),
            "secret": secret,
            "scopes": SCOPES,
            "lives": tokening.LIVES,
        },
    )


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth's is without types
@require_POST
def revoke(request: HttpRequest, grant: int) -> HttpResponse:
    """Revoke a token."""
    operation = partial(tokening.revoke, person=person(request), grant_id=grant)
    return act(request, operation, said="The token is revoked.", back="opportunities:tokens")
