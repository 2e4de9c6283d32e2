"""The switch at the foot of every page: in which language this browser, and its account, reads."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from opportunities.accounts import languages
from opportunities.accounts.models import User
from opportunities.core import given_back
from opportunities.core.errors import Invalid

COOKIE_SECONDS = 365 * 24 * 60 * 60


@csrf_exempt  # else every page would hold a token; the browser says whose page it was on
@login_not_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep a language for the browser and the account, and go back to the page."""
    if given_back.origin_of(request) == "other":
        return render(request, "403.html", status=403)
    try:
        code = languages.read(request.POST.get("language", ""))
    except Invalid:
        return render(request, "400.html", status=400)
    if isinstance(request.user, User):
        languages.choose(person=request.user, language=code)
    response = redirect(given_back.page_of(request, otherwise="/"))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=COOKIE_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response
