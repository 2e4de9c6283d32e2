"""The role form on one page: kept in the session until there is an account to keep it.

Beside the facts stands the role as candidates see it, with what an hour truly pays, what a
moderator would object to and how many people it fits now. It is drawn anew while one types;
without script, on request.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from opportunities.accounts import second_factor
from opportunities.accounts.current import asked
from opportunities.accounts.models import User
from opportunities.core import given_back, languages
from opportunities.core.errors import Fault, Invalid, LimitReached, NotFound, RuleBroken
from opportunities.core.form_fields import storable
from opportunities.core.form_handling import carry_out, leads_back
from opportunities.core.iso_names import countries, currency_in
from opportunities.core.lifecycle import EDITABLE, ON_MARKET, RoleStatus
from opportunities.core.limiting import Limit, asker_of
from opportunities.core.models import Site
from opportunities.core.pay import PayKind
from opportunities.core.retelling import inside
from opportunities.employers.membership import employers_of
from opportunities.moderation.models import Verdict
from opportunities.roles import drafts
from opportunities.roles.fields import FIELDS, PARTS
from opportunities.roles.formats import FORMATS, FormatName
from opportunities.roles.lookup import own_role
from opportunities.roles.models import Mode, Opportunity
from opportunities.roles.publishing import drafting, submitting
from opportunities.roles.views import poster as posting
from opportunities.roles.views.poster import DRAFT, POSTER, SENT, Poster, PosterForm
from opportunities.roles.views.sections import RoleForm, section_of
from opportunities.skills.models import Skill

USUAL_DAYS: Final = 28
"""Days until the last day to apply that a new form proposes."""
LOOKS: Final = Limit(
    "role_help",
    90,
    60,
    gettext_lazy("The help beside the form rests for a moment. What you wrote is kept."),
)
"""How often the help is worked out for an account or an address."""
FACTOR_FIRST: Final = gettext_lazy(
    "Who acts for an organization here needs a second factor: add a passkey or an authenticator"
    " app to your account first. Your draft is kept."
)
DRAFT_GONE: Final = gettext_lazy("This draft was deleted already.")
SAVE, SEND, LOOK = "save", "send", "look"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a whole role on one page; a visitor's draft stays in this browser."""
    now, employers = timezone.now(), employers_of(request)
    draft: dict[str, Any] = request.session.get(DRAFT, {})
    user = request.user if isinstance(request.user, User) else None
    who = PosterForm(
        _sent(request), employers=employers, user=user, kept=request.session.get(POSTER) or {}
    )
    usual = {} if draft else usual_of(request, who.read(), now)
    form = RoleForm(_sent(request), draft=draft, usual=usual)
    desk = {"poster": who, "poster_said": who.read(), "is_begun": bool(draft)}
    act = _act(request, form)
    if act in (SAVE, SEND):
        form.full_clean()
        wanted = drafts.restated(draft, form.changed())
        if act == SEND:
            form.blame(faults_of(wanted, who.read(), now))
            who.blame_for_sending()
        else:
            form.blame(drafts.read(wanted).faults)
        if not form.errors and not who.errors:
            done = _take(request, form, who.read(), wanted, now, is_sent=act == SEND)
            if done is not None:
                return done
    return _page(request, form, desk, now)


@require_http_methods(["GET", "HEAD"])
def keep(request: HttpRequest) -> HttpResponse:
    """Lead a person who has just signed in to what became of the draft of this browser."""
    if arrived := request.session.pop(posting.ARRIVED, ""):
        return redirect("opportunities:manage-role", arrived)
    return redirect("opportunities:new-role")


@login_not_required
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """Throw away the draft that this browser keeps."""
    posting.forget(request)
    messages.success(request, _("The draft is deleted."))
    return redirect("opportunities:employers")


@require_http_methods(["GET", "HEAD", "POST"])
@leads_back("opportunities:employer-home", DRAFT_GONE)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask for a stored role on one page: a draft is edited, a role on the market is amended."""
    role, now = own_role(request, public_id), timezone.now()
    if role.status not in EDITABLE and role.status not in ON_MARKET:
        state = inside(role.get_status_display())
        messages.error(request, _("This role is %(state)s: first act on that.") % {"state": state})
        return redirect("opportunities:manage-role", public_id)
    form = RoleForm(_sent(request), draft=drafts.values_of(role))
    desk = {
        "stored": role,
        "poster_said": Poster(role.employer),
        "amending": role.status in ON_MARKET,
    }
    act = _act(request, form)
    if act in (SAVE, SEND):
        form.full_clean()
        is_sent = act == SEND and role.status in EDITABLE
        _write(request, role, form, now, is_sent=is_sent)
        if not form.errors:
            role.refresh_from_db(fields=["status"])
            there, said = "edit-role", _("Saved as a draft.")
            if desk["amending"] or is_sent:
                again = role.status == RoleStatus.IN_REVIEW
                said = _("Sent for review again.") if again else _("Changed.")
                there, said = "manage-role", str(SENT) if is_sent else said
            messages.success(request, said)
            return redirect(f"opportunities:{there}", public_id)
    return _page(request, form, desk, now)


@login_not_required
@require_POST
def help_beside(request: HttpRequest) -> HttpResponse:
    """Draw the help and the preview of a form as it stands, for the script of the page."""
    now = timezone.now()
    try:
        LOOKS.use(asker_of(request), at=now)
    except LimitReached:
        return HttpResponse(status=204)  # the page keeps what it shows
    user = request.user if isinstance(request.user, User) else None
    if role_id := request.POST.get("role", ""):
        if user is None:
            raise Http404
        stored = own_role(request, role_id)
        draft, said = drafts.values_of(stored), Poster(stored.employer)
    else:
        stored, draft, employers = None, {}, employers_of(request)
        said = PosterForm(request.POST, employers=employers, user=user, kept={}).read()
    form = RoleForm(request.POST, draft=draft)
    context = {"stored": stored, **beside(_as_it_stands(form), said, request.user, now)}
    return render(request, "roles/_beside.html", context)


def usual_of(request: HttpRequest, poster: Poster, now: datetime) -> dict[str, Any]:
    """Return what a new form says before anybody wrote in it."""
    site, employer = Site.load(), poster.employer
    named = request.GET.get("format", "").replace("-", "_")
    country = employer.country if employer else ""
    return {
        "format": named if named in FORMATS else FormatName.MICRO_INTERNSHIP.value,
        "pay_kind": PayKind.FIXED_FEE.value,
        "pay_currency": currency_in(country) or site.currency,
        "mode": Mode.REMOTE.value,
        "country": country,
        "field": employer.field if employer else "",
        "apply_by": now.date() + timedelta(days=USUAL_DAYS),
        "language": languages.locale().language,
        "capacity": 1,
    }


def faults_of(values: Mapping[str, Any], poster: Poster, now: datetime) -> list[Fault]:
    """Return what a new role that is sent does not say."""
    today = drafting.today_of(values, poster.employer, at=now)
    return _with_country(drafts.submission_faults(values, today=today), values, poster)


def _with_country(faults: list[Fault], values: Mapping[str, Any], poster: Poster) -> list[Fault]:
    """Ask for the country of a new role besides: its pay floor holds for it."""
    is_known = poster.employer is not None and poster.employer.country
    where = values.get("country") or (values.get("mode") != Mode.REMOTE and values.get("place"))
    if where or is_known or any(fault.field == "country" for fault in faults):
        return faults
    detail = _("Say in which country: its pay floor applies.")
    return [*faults, Fault("country", "required", detail)]


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _act(request: HttpRequest, form: RoleForm) -> str:
    """Return what the form was sent for; anything but a button that says so only looks."""
    if request.method != "POST" or form.is_asking:
        return LOOK
    act = request.POST.get("act", SAVE)
    return act if act in (SAVE, SEND) else LOOK


def _take(
    request: HttpRequest,
    form: RoleForm,
    poster: Poster,
    wanted: Mapping[str, Any],
    now: datetime,
    *,
    is_sent: bool,
) -> HttpResponse | None:
    """Keep or send a new role; None means that the form is asked again, with the reason."""
    is_guest = not isinstance(request.user, User)
    if poster.employer is None:
        request.session[DRAFT] = storable(wanted)
        posting.keep(request, poster, at=now if is_sent and is_guest else None)
        if not is_sent or is_guest:
            return _kept_here(request, poster, is_sent=is_sent)
        if second_factor.stands_before_owners(request):
            form.add_error(None, FACTOR_FIRST)
            return None
    return _store(request, form, poster, wanted, is_sent=is_sent)


def _store(
    request: HttpRequest,
    form: RoleForm,
    poster: Poster,
    wanted: Mapping[str, Any],
    *,
    is_sent: bool,
) -> HttpResponse | None:
    """Store or send a new role; None means that something refuses it, which its fields say."""
    employer_id = poster.employer.pk if poster.employer else None
    store: Callable[..., Opportunity] = drafting.create_draft
    if is_sent:
        store = partial(submitting.post, founding=poster.founding)
    made = _carried_out(
        request, form, asked(request, store, employer_id=employer_id, values=wanted)
    )
    if form.errors:
        return None
    posting.forget(request)
    if made is None:  # the same form was taken before
        return redirect("opportunities:employer-home")
    messages.success(request, SENT if is_sent else _("Saved as a draft."))
    there = "opportunities:manage-role" if is_sent else "opportunities:edit-role"
    return redirect(there, made.public_id)


def _kept_here(request: HttpRequest, poster: Poster, *, is_sent: bool) -> HttpResponse:
    """Say that this browser keeps the draft; a visitor who sent it goes on to an account."""
    if not is_sent:
        messages.success(request, _("Saved in this browser."))
        return redirect("opportunities:new-role")
    messages.success(request, _("Your role is kept. Create an account, and it goes on to review."))
    following = {"email": poster.email, "next": reverse("opportunities:keep-role")}
    return redirect(f"{reverse('account_signup')}?{urlencode(following)}")


def _write(
    request: HttpRequest, role: Opportunity, form: RoleForm, now: datetime, *, is_sent: bool
) -> None:
    """Store what was answered of a stored role, or say at the form why not."""
    if not form.settle():
        return
    changed = form.changed()
    wanted = drafts.restated(form.draft, changed)
    today = drafting.today_of(wanted, role.employer, at=now)
    if form.blame(
        drafts.submission_faults(wanted, today=today) if is_sent else drafts.read(wanted).faults
    ):
        return
    if is_sent:
        change = submitting.finish
    else:
        change = drafting.update_draft if role.status in EDITABLE else submitting.amend
    known = {"opportunity_id": role.pk, "values": changed, "version": role.version}
    _carried_out(request, form, asked(request, change, **known))


def _carried_out(
    request: HttpRequest, form: RoleForm, operation: Callable[[], Opportunity]
) -> Opportunity | None:
    """Carry an operation out and return what came of it, or put what refuses it at its fields."""
    try:
        return carry_out(request, operation)
    except NotFound as unknown:
        raise Http404 from unknown
    except Invalid as broken:
        form.blame(broken.faults)
    except RuleBroken as refusal:
        form.add_error(None, str(refusal))
    return None


def _as_it_stands(form: RoleForm) -> dict[str, Any]:
    """Return what a form says now, whether or not all of it passes."""
    if not form.is_bound:
        return {**{name: form.initial.get(name) for name in FIELDS}, **form.draft}
    form.is_valid()
    return drafts.restated(form.draft, form.changed())


def _page(
    request: HttpRequest, form: RoleForm, desk: dict[str, Any], now: datetime
) -> HttpResponse:
    who: PosterForm | None = desk.get("poster")
    context: dict[str, Any] = {
        **desk,
        "form": form,
        "sections": form.drawn(request.GET.get("open", "")),
    }
    if form.is_asking and request.headers.get("HX-Request"):
        return render(request, "roles/form.html", context)
    is_wrong = _act(request, form) != LOOK and bool(form.errors or (who and who.errors))
    if is_wrong:
        given_back.mark_unsent(request)
    context["is_fresh"] = not (form.is_bound or form.draft)
    try:
        if not context["is_fresh"]:  # what nobody wrote yet is not worked out
            LOOKS.use(asker_of(request), at=now)
            context |= beside(_as_it_stands(form), desk["poster_said"], request.user, now)
    except LimitReached as limit:
        context["rests"] = str(limit)
    context["is_wrong"] = is_wrong
    if desk.get("amending"):
        context["seen_at_once"] = [
            row.label for row in FIELDS.values() if not (row.is_material or row.follows)
        ]
    return render(request, "roles/form.html", context, status=422 if is_wrong else 200)


def beside(
    values: Mapping[str, Any], poster: Poster, viewer: object, now: datetime
) -> dict[str, Any]:
    """Return what stands beside the form: the role as candidates see it, and what helps."""
    employer = poster.shown(verified_at=now)
    email = viewer.email if isinstance(viewer, User) else poster.email
    found = drafting.assess(values=values, employer=employer, poster_email=email, at=now)
    faults = found.faults if poster.employer else _with_country(found.faults, values, poster)
    role = found.role if found.role.format in FORMATS else None
    country = role.country or employer.country if role else ""
    slugs = [entry["name"] for entry in values.get("skills") or []]
    named = dict(Skill.objects.filter(slug__in=slugs).values_list("slug", "name"))
    return {
        "role": role,
        "values": values,
        "skills": [
            {**entry, "name": named.get(entry["name"], entry["name"])}
            for entry in values.get("skills") or []
        ],
        "role_skills": found.parts.get("skills", []),
        "hourly": drafts.own_hourly(role) if role else None,
        "currency": role.pay_currency if role else "",
        "floor": found.standards.floor_of(country) if role else None,
        "floor_in": countries().name(country),
        "missing": [(_said(fault), _place_of(fault.field)) for fault in faults],
        "objections": [one for one in found.results if one.verdict != Verdict.CLEAR],
        "clear": sum(one.verdict == Verdict.CLEAR for one in found.results),
        "stopped": any(one.verdict == Verdict.STOP for one in found.results),
    }


def _said(fault: Fault) -> str:
    """Say what is missing, or of which field something is wrong."""
    row = FIELDS.get(fault.field)
    if fault.code == "required" or row is None:
        return fault.detail
    return _("%(field)s: %(fault)s") % {"field": row.label, "fault": fault.detail}


def _place_of(field: str) -> str:
    """Return where on the page a field is asked."""
    row = FIELDS.get(field)
    return f"id_{field}" if row and field not in PARTS else f"section-{section_of(field).slug}"
