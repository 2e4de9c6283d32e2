"""Drafts of forms: kept by the script of the site, shown on a page of their own without it."""

from functools import partial
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from opportunities.accounts import drafts as operations
from opportunities.accounts.current import person
from opportunities.accounts.models import Draft, User
from opportunities.core.errors import Invalid, LimitReached
from opportunities.core.form_handling import act
from opportunities.core.given_back import page_of
from opportunities.core.retention import DRAFTS_DAYS

NAMED: Final = ("page", "form", "name", "box", "text", "title")


@never_cache
@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """List what the reader has typed and not sent; there are never many."""
    own = Draft.objects.filter(writer=person(request)).order_by("-changed_at", "-pk")
    context = {"drafts": own[: operations.MOST], "days": DRAFTS_DAYS}
    return render(request, "accounts/drafts.html", context)


@never_cache
@require_safe
def here(request: HttpRequest) -> JsonResponse:
    """Return the drafts of the boxes of one page."""
    own = Draft.objects.filter(writer=person(request), page=request.GET.get("page", "")[:200])
    found = [
        {"box": draft.box, "name": draft.name, "text": draft.text,
         "at": round(draft.changed_at.timestamp() * 1000)}
        for draft in own.order_by("pk")[: operations.MOST]
    ]  # fmt: skip
    return JsonResponse({"drafts": found})


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what stands in a box."""
    given = {name: request.POST.get(name, "") for name in NAMED}
    try:
        operations.keep(writer=person(request), at=timezone.now(), **given)
    except Invalid as broken:
        faults = [{"field": fault.field, "detail": fault.detail} for fault in broken.faults]
        return JsonResponse({"faults": faults}, status=422)
    except LimitReached as limit:
        headers = {"Retry-After": str(limit.wait)}
        return JsonResponse({"detail": str(limit)}, status=429, headers=headers)
    return HttpResponse(status=204)


@require_POST
def discard(request: HttpRequest, draft: int) -> HttpResponse:
    """Discard a draft."""
    operation = partial(operations.discard, writer=person(request), draft_id=draft)
    return act(request, operation, said=_("Discarded."), back="opportunities:drafts")


def forget_taken(request: HttpRequest) -> None:
    """Forget the drafts of a form that was taken."""
    if isinstance(request.user, User):
        operations.forget_sent(
            writer=request.user,
            page=page_of(request, otherwise="").split("?")[0],
            form=request.path,
            names=request.POST,
            box=request.POST.get("box", ""),
        )
