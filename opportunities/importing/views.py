"""Roles from a file: hand one in, and watch how far its import is. A role from a pasted advert."""

from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from opportunities.accounts.current import person
from opportunities.core.errors import Invalid, RuleBroken
from opportunities.core.form_fields import storable
from opportunities.core.form_handling import carry_out, status_of
from opportunities.core.limiting import asker_of
from opportunities.core.paging import page_of
from opportunities.employers.membership import employers_of, own_employer
from opportunities.importing import jobs, pasting, uploads
from opportunities.importing.adverts.advert import Advert
from opportunities.importing.adverts.read import MAX_ADVERT
from opportunities.importing.forms import file_sent
from opportunities.importing.models import ImportJob
from opportunities.roles.formats import FORMATS
from opportunities.roles.models import Opportunity
from opportunities.roles.views import poster

SHOWN: Final = 2 * MAX_ADVERT
"""Characters of a text that was too long that the page gives back."""


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports of one's organizations and take in a new file."""
    employers = employers_of(request)
    if not employers and request.method != "POST":
        return render(request, "site/employer/nothing.html")
    problem = ""
    if request.method == "POST":
        try:
            made: list[ImportJob] = []
            if not carry_out(request, lambda: made.append(_ask(request))):
                return redirect("opportunities:imports")
            [job] = made
        except RuleBroken as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("We have your file. Its roles go to a moderator."))
            return redirect("opportunities:import-job", job.public_id)
    rows = ImportJob.objects.of(person(request)).defer("faults")
    jobs, cursor = page_of(rows, request, order=("-created_at", "-id"))
    context: dict[str, Any] = {
        "employers": employers,
        "jobs": jobs,
        "next": cursor.get_next_link(),
        "problem": problem,
        "source": request.POST.get("source", "")[:60],
    }
    return render(request, "importing/imports.html", context, status=422 if problem else 200)


@require_safe
def import_job(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show how far an import is; a page that is open asks again by itself."""
    job = get_object_or_404(ImportJob.objects.of(person(request)), public_id=public_id)
    is_part = request.headers.get("HX-Request") == "true"
    name = "importing/import.html#progress" if is_part else "importing/import.html"
    response = render(request, name, {"job": job})
    response["Vary"] = "HX-Request"
    return response


def _ask(request: HttpRequest) -> ImportJob:
    content, name = file_sent(request)
    return jobs.ask(
        employer_id=own_employer(request, request.POST.get("employer", "")).employer.pk,
        actor=person(request),
        content=content,
        name=name,
        source=request.POST.get("source", ""),
        at=timezone.now(),
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: HttpRequest) -> HttpResponse:
    """Read an advert that is pasted or sent as a file, show what was found, and keep a draft."""
    if request.method != "POST":
        return render(request, "importing/paste.html", {"most": MAX_ADVERT})
    now = timezone.now()
    raw = request.POST.get("text", "")
    try:
        file = request.FILES.get("file")
        if file:
            raw = uploads.words_of(file, who=asker_of(request), at=now)
        text = pasting.given_text(raw)
    except RuleBroken as refusal:
        faults = refusal.faults if isinstance(refusal, Invalid) else ()
        field = faults[0].field if faults else ""
        context = {"most": MAX_ADVERT, "text": raw, "problem": str(refusal), "blamed": field}
        response = render(request, "importing/paste.html", context)
        response.status_code, wait = status_of(refusal)
        if wait:
            response["Retry-After"] = str(wait)
        return response
    advert = pasting.read(text, today=timezone.localdate(now))
    if request.POST.get("act") == "keep" and not file:
        return _keep_advert(request, advert, now)
    return _found(request, advert)


def _found(request: HttpRequest, advert: Advert, *, problem: str = "") -> HttpResponse:
    proposed = pasting.proposal(advert)
    begun = request.session.get(poster.DRAFT) or {}
    title = request.POST.get("title", "") if "title" in request.POST else ""
    has_title = bool(title or "title" in advert.values)
    goes_on_its_own = len(employers_of(request)) == 1 and has_title and bool(proposed.format)
    context = {
        "most": MAX_ADVERT,
        "advert": advert,
        "text": advert.text,
        "lines": [line for line in pasting.lines_of(advert) if line.key != "title"],
        "pieces": pasting.pieces_of(advert),
        "unread": pasting.unread_of(advert),
        "chosen": request.POST.getlist("skill"),
        "title": (title or advert.values.get("title", ""))[:120],
        "proposed": proposed,
        "formats": [(entry.slug, entry.label) for entry in FORMATS.values()],
        "format": request.POST.get("format") or proposed.format,
        "left_out": pasting.described(advert.description)[1],
        "replaces": "" if goes_on_its_own else begun.get("title", ""),
        "problem": problem,
    }
    return render(request, "importing/found.html", context, status=422 if problem else 200)


def _keep_advert(request: HttpRequest, advert: Advert, now: datetime) -> HttpResponse:
    """Keep what was found: as a draft of one's organization, else in this browser."""
    shown = {line.key for line in pasting.lines_of(advert)} - {"title"}
    skills, settled = pasting.chosen(advert, request.POST.getlist("skill"))
    values = pasting.draft_of(
        advert,
        title=" ".join(request.POST.get("title", "").split())[:120],
        chosen_format=request.POST.get("format", "")
        if request.POST.get("format") in FORMATS
        else "",
        without=shown - set(request.POST.getlist("keep")),
        skills=skills,
    )
    employers = employers_of(request)
    is_whole = values.get("title") and values.get("format")
    if len(employers) != 1 or not is_whole:
        request.session[poster.DRAFT] = storable(values)
        return redirect("opportunities:new-role")
    made: list[Opportunity] = []

    def keep() -> None:
        made.append(
            pasting.keep_draft(
                employer_id=employers[0].pk,
                actor=person(request),
                advert=advert,
                values=values,
                settled=settled,
                at=now,
            )
        )

    try:
        carry_out(request, keep)
    except RuleBroken as refusal:
        return _found(request, advert, problem=str(refusal))
    if not made:
        return redirect("opportunities:employer-home")
    messages.success(request, _("Saved as a draft. What is still missing is shown beside it."))
    return redirect("opportunities:edit-role", made[0].public_id)
