"""Credentials as pages: one to show, one to check any, and the site's public keys."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from opportunities.engagements import credentials

MAX_TOKEN = 20_000


@login_not_required
@require_safe
def credential(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a credential, or answer the signed form to a program that asks for it."""
    completion = get_object_or_404(
        credentials.completions().shown_to(request.user), public_id=public_id[:40]
    )
    application, token = completion.application, credentials.issue(completion)
    is_own = request.user.is_authenticated and application.profile.user_id == request.user.pk
    wanted = request.headers.get("Accept", "")
    response = (
        HttpResponse(token, content_type="application/vc+jwt")
        if "application/vc+jwt" in wanted
        else JsonResponse(credentials.claims_of(completion), content_type="application/ld+json")
        if "json" in wanted
        else render(
            request,
            "engagements/credential.html",
            {
                "completion": completion,
                "role": application.opportunity,
                "own_name": application.name if is_own else "",
                "skills": [part.skill for part in completion.skills.all()],
                "token": token,
            },
        )
    )
    response["Vary"] = "Accept, Cookie"
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check a credential that somebody shows."""
    token = request.POST.get("jwt", "").strip()[:MAX_TOKEN]
    verdict = credentials.verify(token) if token else None
    return render(request, "engagements/verify.html", {"verdict": verdict, "token": token})


@login_not_required
@require_safe
def did(request: HttpRequest) -> HttpResponse:
    """Answer the site's did:web document."""
    response = JsonResponse(credentials.did_document(), content_type="application/did+json")
    response["Access-Control-Allow-Origin"] = "*"
    return response
