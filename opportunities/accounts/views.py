"""Tokens of the API on one page: make one, see it once, revoke it."""

from functools import partial

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from opportunities.accounts import second_factor
from opportunities.accounts import tokens as token_operations
from opportunities.accounts.current import person
from opportunities.accounts.models import SCOPES, Scope
from opportunities.accounts.permissions import is_moderator
from opportunities.core.errors import RuleBroken
from opportunities.core.form_handling import act, carry_out, row_of
from opportunities.core.retention import TOKENS_DAYS


@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth's is without types
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """List the tokens and make one; its secret stands on this answer alone."""
    owner, now, secret = person(request), timezone.now(), ""
    given = request.POST
    if request.method == "POST":
        operation = partial(
            token_operations.make,
            person=owner,
            name=given.get("name", ""),
            scopes=given.getlist("scopes")[: len(SCOPES)],
            days=row_of(given.get("days")),
            at=now,
            with_second_factor=second_factor.is_used_in(request),
        )
        try:
            made = carry_out(request, operation)
        except RuleBroken as refusal:
            messages.error(request, str(refusal))
        else:
            if made is None:
                again = gettext("This token was made already; its secret is not shown again.")
                messages.error(request, again)
                return redirect("opportunities:tokens")
            _, secret = made
    return render(
        request,
        "accounts/tokens.html",
        {
            "grants": [
                (grant, [Scope(scope).label for scope in grant.scopes])
                for grant in token_operations.grants_of(owner, at=now)
            ],
            "kept_days": TOKENS_DAYS,
            "ended": token_operations.ended_of(owner, at=now),
            "secret": secret,
            "scopes": [
                (scope, scope.label)
                for scope in Scope
                if scope != Scope.MODERATION_WRITE or is_moderator(owner)
            ],
            "lives": token_operations.LIVES,
            "name": "" if secret else given.get("name", ""),
            "chosen": [] if secret else given.getlist("scopes"),
            "days_chosen": None if secret else row_of(given.get("days")),
        },
    )


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth's is without types
@require_POST
def revoke(request: HttpRequest, grant: int) -> HttpResponse:
    """Revoke a token, or remove one that has expired."""
    owner = person(request)
    has_ended = token_operations.ended_of(owner, at=timezone.now()).filter(pk=grant).exists()
    operation = partial(token_operations.revoke, person=owner, grant_id=grant)
    return act(
        request,
        operation,
        said=gettext("The token is removed.") if has_ended else gettext("The token is revoked."),
        back="opportunities:tokens",
        gone=gettext("This token was revoked already, or has expired."),
    )
