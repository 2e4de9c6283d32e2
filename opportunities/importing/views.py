"""Roles from a file: hand one in, and watch how far its import is."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from opportunities.accounts.current import person
from opportunities.core.errors import RuleBroken
from opportunities.core.form_handling import carry_out
from opportunities.core.paging import page_of
from opportunities.employers.membership import employers_of, own_employer
from opportunities.importing import operations as importing
from opportunities.importing.models import MAX_BYTES, ImportJob


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
            messages.success(request, "We have your file. Its roles go to a moderator.")
            return redirect("opportunities:import-job", job.public_id)
    rows = ImportJob.objects.filter(employer__in=[employer.pk for employer in employers])
    jobs, cursor = page_of(
        rows.select_related("employer").defer("content", "faults"),
        request,
        order=("-created_at", "-id"),
    )
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
    own = person(request).memberships.values("employer")
    rows = ImportJob.objects.filter(employer__in=own).select_related("employer").defer("content")
    job = get_object_or_404(rows, public_id=public_id)
    is_part = request.headers.get("HX-Request") == "true"
    name = "importing/import.html#progress" if is_part else "importing/import.html"
    response = render(request, name, {"job": job})
    response["Vary"] = "HX-Request"
    return response


def _ask(request: HttpRequest) -> ImportJob:
    file = request.FILES.get("file")
    return importing.ask(
        employer_id=own_employer(request, request.POST.get("employer", "")).employer.pk,
        actor=person(request),
        content=file.read(MAX_BYTES + 1) if file else b"",
        name=(file.name or "") if file else "",
        source=request.POST.get("source", ""),
        at=timezone.now(),
    )
