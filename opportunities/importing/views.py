"""Roles from files, sources and adverts on pages: hand in, preview, watch, answer, keep."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opportunities.accounts.current import asked, person
from opportunities.core.errors import Invalid, RuleBroken
from opportunities.core.form_fields import storable
from opportunities.core.form_handling import (
    Gone,
    act,
    act_on_form,
    carry_out,
    leads_back,
    status_of,
)
from opportunities.core.languages import Translatable
from opportunities.core.limiting import asker_of
from opportunities.core.paging import page_of
from opportunities.core.parts import render_part
from opportunities.employers.membership import employers_of, own_employer
from opportunities.importing import jobs, pasting, sources, uploads
from opportunities.importing.adverts.advert import Advert
from opportunities.importing.adverts.read import MAX_ADVERT
from opportunities.importing.forms import (
    MappingForm,
    SettingsForm,
    SourceForm,
    file_sent,
    label_of,
)
from opportunities.importing.models import (
    MOST_AT_ONCE,
    Doubt,
    ImportJob,
    Leaving,
    ReadingKind,
    ReadingState,
    ReadRow,
    Source,
    SourceReading,
    SourceState,
)  # fmt: skip
from opportunities.importing.rows import Fate
from opportunities.importing.writing import COUNTED
from opportunities.places import areas
from opportunities.roles.formats import FORMATS
from opportunities.roles.models import Opportunity
from opportunities.roles.views import poster

SHOWN_UNREAD: Final = 50
"""Roles whose unread words stand on the page of an import."""
SETTINGS: Final = ("url", "rhythm", "leaving", "outcome")
WOULD: Final[Mapping[str, Translatable]] = {
    **dict(Fate.choices),
    Fate.NEW: gettext_lazy("Would be new"),
    Fate.CHANGED: gettext_lazy("Would change"),
    Fate.REFUSED: gettext_lazy("Would be left out"),
    Fate.ASKED: gettext_lazy("Would wait for your answer"),
    Fate.LEFT: gettext_lazy("Gone from the source: would close"),
    Fate.HELD: gettext_lazy("Gone from the source: would wait for you"),
    Fate.KEPT: gettext_lazy("Gone from the source: would stay"),
}
"""Fates in a preview, which has done nothing."""

SOURCE_GONE: Final = gettext_lazy("This source was removed already. Its roles stay as they are.")

type Done = Callable[..., object]
ACTIONS: Final[Mapping[str, tuple[Done, Translatable]]] = {
    "file": (sources.send_file, gettext_lazy("We have your file and look at it now.")),
    "preview": (sources.preview, gettext_lazy("We look at it now. The preview appears below.")),
    "read": (sources.read_now, gettext_lazy("We read it now.")),
    "begin": (sources.begin, gettext_lazy("We read it now, and from now on by itself.")),
    "pause": (sources.pause, gettext_lazy("Paused. Its roles stay as they are.")),
    "remove": (sources.remove, gettext_lazy("The source is removed. Its roles stay as they are.")),
}
"""What the buttons of a source do, and what is said when it is done."""


# --- Files ---


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports of one's organizations and take in a new file."""
    employers = employers_of(request)
    if not employers and request.method != "POST":
        return render(request, "site/employer/nothing.html")
    problem = ""
    if request.method == "POST":
        content, name = file_sent(request)
        ask = asked(
            request,
            jobs.ask,
            employer_id=own_employer(request, request.POST.get("employer", "")).pk,
            content=content,
            name=name,
            source=request.POST.get("source", ""),
        )
        try:
            job = carry_out(request, ask)
        except RuleBroken as refusal:
            problem = str(refusal)
        else:
            if job is None:
                return redirect("opportunities:imports")
            messages.success(request, _("We have your file. Its roles go to a moderator."))
            return redirect("opportunities:import-job", job.public_id)
    rows = ImportJob.objects.of(person(request)).defer("faults")
    found, cursor = page_of(rows, request, order=("-created_at", "-id"))
    context: dict[str, Any] = {
        "employers": employers,
        "jobs": found,
        "next": cursor.get_next_link(),
        "problem": problem,
        "source": request.POST.get("source", "")[:60],
    }
    return render(request, "importing/imports.html", context, status=422 if problem else 200)


@require_safe
def import_job(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show how far an import is; a page that is open asks again by itself."""
    job = get_object_or_404(ImportJob.objects.of(person(request)), public_id=public_id)
    roles = Opportunity.objects.filter(employer=job.employer, source=job.source)
    unread = roles.exclude(unparsed={}).order_by("-id")[:SHOWN_UNREAD] if job.is_over else ()
    words = [
        (role, label_of(name), words) for role in unread for name, words in role.unparsed.items()
    ]
    context = {"job": job, "unread": words, "unsure": _unsure_places(roles) if job.is_over else []}
    return render_part(request, "importing/import.html", "progress", context)


def _unsure_places(roles: QuerySet[Opportunity]) -> list[tuple[Opportunity, str]]:
    """Return the roles of an import whose place several cities are called by, and what to write."""
    nowhere = roles.filter(cities=[]).exclude(place="").select_related("employer")
    told = [
        (role, areas.unsure(role.place, role.country or role.employer.country))
        for role in nowhere.order_by("-id")[:SHOWN_UNREAD]
    ]
    return [(role, words) for role, words in told if words]


# --- Adverts ---


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
        return _keep_advert(request, advert)
    return _found(request, advert)


def _found(request: HttpRequest, advert: Advert, *, problem: str = "") -> HttpResponse:
    proposed = pasting.proposal(advert)
    begun = request.session.get(poster.DRAFT) or {}
    title = request.POST.get("title", "")
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


def _keep_advert(request: HttpRequest, advert: Advert) -> HttpResponse:
    """Keep what was found: as a draft of one's organization, else in this browser."""
    shown = {line.key for line in pasting.lines_of(advert)} - {"title"}
    skills, settled = pasting.chosen(advert, request.POST.getlist("skill"))
    named = request.POST.get("format", "")
    values = pasting.draft_of(
        advert,
        title=" ".join(request.POST.get("title", "").split())[:120],
        chosen_format=named if named in FORMATS else "",
        without=shown - set(request.POST.getlist("keep")),
        skills=skills,
    )
    employers = employers_of(request)
    is_whole = values.get("title") and values.get("format")
    if len(employers) != 1 or not is_whole:
        request.session[poster.DRAFT] = storable(values)
        return redirect("opportunities:new-role")
    keep = asked(
        request,
        pasting.keep_draft,
        employer_id=employers[0].pk,
        advert=advert,
        values=values,
        settled=settled,
    )
    try:
        role = carry_out(request, keep)
    except RuleBroken as refusal:
        return _found(request, advert, problem=str(refusal))
    if role is None:
        return redirect("opportunities:employer-home")
    messages.success(request, _("Saved as a draft. What is still missing is shown beside it."))
    return redirect("opportunities:edit-role", role.public_id)


# --- Sources ---


@require_http_methods(["GET", "HEAD", "POST"])
def source_list(request: HttpRequest) -> HttpResponse:
    """List the sources of one's organizations and set up a new one."""
    employers = employers_of(request)
    if not employers:
        return render(request, "site/employer/nothing.html")
    form = SourceForm(request.POST or None, request.FILES or None, employers=employers)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        content, file_name = file_sent(request)
        create = asked(
            request,
            sources.create,
            employer_id=own_employer(request, values["employer"]).pk,
            name=values["name"],
            values={name: values[name] for name in SETTINGS},
            content=content,
            file_name=file_name,
        )
        back = reverse("opportunities:sources")
        said = _("Set up. We look at it now and show what would come in; nothing has come in yet.")
        made = act_on_form(
            request, form, create, said=said, back=back, page_of=lambda row: _page_of(row.public_id)
        )
        if made:
            return made
    rows = Source.objects.of(person(request)).defer("columns", "mapping")
    found, cursor = page_of(rows, request, order=("-created_at", "-id"))
    context = {
        "form": form,
        "sources": found,
        "employers": employers,
        "next": cursor.get_next_link(),
        "most_at_once": MOST_AT_ONCE,
    }
    return render(request, "importing/sources.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@leads_back("opportunities:sources", SOURCE_GONE)
def source(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a source: its state, what it asks, how it is read, and what its readings did."""
    row = _own(request, public_id)
    form = SettingsForm(
        request.POST or None,
        initial={name: getattr(row, name) for name in SETTINGS},
        has_address=row.is_address,
    )
    if request.method == "POST" and form.is_valid() and form.settle():
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        change = asked(request, sources.change, source_id=row.pk, values=values)
        back = _page_of(public_id)
        if done := act_on_form(request, form, change, said=_("Saved."), back=back):
            return done
    readings, cursor = page_of(
        row.readings.defer("content"), request, order=("-created_at", "-id"), limit=20
    )
    doubts = row.doubts.filter(answer="").select_related("opportunity").order_by("pk")
    last = row.readings.defer("content").order_by("-created_at", "-pk").first()
    context = {
        "source": row,
        "form": form,
        "readings": readings,
        "next": cursor.get_next_link(),
        "doubts": doubts[:20],
        "more_doubts": max(0, doubts.count() - 20),
        "last": last,
        "is_busy": last is not None and not last.is_over,
        "held": row.readings.filter(state=ReadingState.HELD).first(),
        "has_preview": row.readings.filter(
            kind=ReadingKind.PREVIEW, state=ReadingState.FINISHED
        ).exists(),
        "states": SourceState,
        "closes": Leaving.CLOSE,
        "most_at_once": MOST_AT_ONCE,
    }
    status = 422 if form.errors else 200
    return render_part(request, "importing/source.html", "now", context, status=status)


@require_POST
@leads_back("opportunities:sources", SOURCE_GONE)
def act_on_source(request: HttpRequest, public_id: str, action: str) -> HttpResponse:
    """Look at a source, read it, begin, pause or remove it, or send its newest file."""
    row = _own(request, public_id)
    known: dict[str, Any] = {"source_id": row.pk}
    if action not in ACTIONS:
        raise Http404
    if action == "file":
        known["content"], known["file_name"] = file_sent(request)
    operation, said = ACTIONS[action]
    if action == "begin" and not row.is_address:
        said = _("We read it now, and every newer file that you send here.")
    back = reverse("opportunities:sources") if action == "remove" else _page_of(public_id)
    return act(request, asked(request, operation, **known), said=str(said), back=back)


@require_http_methods(["GET", "HEAD", "POST"])
@leads_back("opportunities:sources", SOURCE_GONE)
def mapping(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the columns of a source and say which field of a role each of them is."""
    row = _own(request, public_id)
    form = MappingForm(request.POST or None, source=row)
    if request.method == "POST" and form.is_valid():
        values = {"mapping": form.mapping(row.mapping)}
        change = asked(request, sources.change, source_id=row.pk, values=values)
        said = _("Saved. Look at a preview to see what the columns say now.")
        if done := act_on_form(request, form, change, said=said, back=_page_of(public_id)):
            return done
    context = {"source": row, "form": form}
    return render(request, "importing/mapping.html", context, status=422 if form.errors else 200)


@require_safe
def reading(request: HttpRequest, public_id: str, reading_id: str) -> HttpResponse:
    """Show what became of every row of a reading, or would become of it."""
    row = get_object_or_404(
        SourceReading.objects.select_related("source__employer").defer("content"),
        public_id=reading_id[:40],
        source=_own(request, public_id),
    )
    fate = request.GET.get("fate", "")
    rows = row.rows.select_related("opportunity").defer("opportunity__search")
    if fate in Fate.values:
        rows = rows.filter(fate=fate)
    found, cursor = page_of(rows, request, order=("position", "id"), limit=50)
    words: Mapping[str, Translatable] = WOULD if row.is_preview else dict(Fate.choices)
    context = {
        "reading": row,
        "source": row.source,
        "rows": [(each, words[each.fate]) for each in found],
        "next": cursor.get_next_link(),
        "fate": fate,
        "counts": _counts(row, words),
        "held": row.rows.filter(fate=Fate.HELD).count(),
        "most_at_once": MOST_AT_ONCE,
    }
    return render(request, "importing/reading.html", context)


def _counts(
    row: SourceReading, words: Mapping[str, Translatable]
) -> list[tuple[str, Translatable, int]]:
    """Return every fate that rows of a reading have, in words, and how many have it."""
    stated: dict[Fate, int] = {fate: getattr(row, name) for fate, name in COUNTED.items()}
    gone = ReadRow.objects.filter(reading=row, position__gt=row.total)
    for fate in (Fate.LEFT, Fate.HELD, Fate.KEPT):
        stated[fate] = gone.filter(fate=fate).count() if row.gone else 0
    return [(fate.value, words[fate], count) for fate, count in stated.items() if count]


@require_POST
@leads_back("opportunities:sources", SOURCE_GONE)
def settle_gone(request: HttpRequest, public_id: str, reading_id: str) -> HttpResponse:
    """Close the roles that are gone from a source, or keep them."""
    row = get_object_or_404(
        SourceReading, public_id=reading_id[:40], source=_own(request, public_id)
    )
    closes = request.POST.get("close") == "1"
    settle = asked(request, sources.settle_gone, reading_id=row.pk, closes=closes)
    said = _("They are closed.") if closes else _("They stay as they are.")
    back = reverse("opportunities:reading", args=[public_id, reading_id])
    return act(request, settle, said=said, back=back)


@require_POST
@leads_back("opportunities:sources", SOURCE_GONE)
def answer_doubt(request: HttpRequest, public_id: str, doubt: int) -> HttpResponse:
    """Say whether a row is the role that it looks like."""
    row = get_object_or_404(Doubt, pk=doubt, source=_own(request, public_id))
    answer = asked(request, sources.answer, doubt_id=row.pk, said=request.POST.get("answer", ""))
    said = _("Noted. The next reading goes by your answer.")
    return act(request, answer, said=said, back=_page_of(public_id))


def _page_of(public_id: str) -> str:
    """Return the address of the page of a source."""
    return reverse("opportunities:source", args=[public_id])


def _own(request: HttpRequest, public_id: str) -> Source:
    row = Source.objects.of(person(request)).filter(public_id=public_id[:40]).first()
    if row is None:
        raise Gone
    return row
