"""The profile form: what matching knows of a candidate, who may change all of it."""

import re
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from opportunities.accounts.models import User
from opportunities.candidates import aspects, calendar_weeks, guest_profile, profiles, week_strip
from opportunities.candidates.fields import FIELDS, MONEY
from opportunities.candidates.models import EVIDENCE, CandidateProfile, CreditWish, FieldRule
from opportunities.candidates.profiles import ProfileOwner
from opportunities.candidates.week_strip import WeeksField
from opportunities.core import given_back
from opportunities.core.edited import Edited
from opportunities.core.errors import Invalid, RuleBroken
from opportunities.core.fields_of_work import Field
from opportunities.core.form_fields import (
    amount_to_type,
    minor_units,
    money,
    several,
    state_currency,
    text,
)
from opportunities.core.form_handling import carry_out
from opportunities.core.forms import Counted
from opportunities.core.iso_names import countries, currency_choices
from opportunities.core.languages import Translatable
from opportunities.core.models import Site
from opportunities.places.areas import countries_of, split_reach
from opportunities.places.form_field import PlaceInput, ask_which
from opportunities.roles.models import Mode
from opportunities.roles.wording import EVIDENCE_WORDS, LEVEL_WORDS
from opportunities.skills.picker import Column, Picker

LEVELS: Final = tuple(enumerate(LEVEL_WORDS))
PRIORITIES: Final = (
    (1, gettext_lazy("some day")),
    (2, gettext_lazy("soon")),
    (3, gettext_lazy("most of all")),
)
AIMS: Final = (
    (0.1, gettext_lazy("Prove or learn a skill, soon")),
    (0.3, gettext_lazy("Rather a skill, soon")),
    (0.5, gettext_lazy("A bit of both")),
    (0.7, gettext_lazy("Rather in depth")),
    (0.9, gettext_lazy("Find out in depth whether this work is for me")),
)
NEWNESS: Final = (
    (0.1, gettext_lazy("Stay in my fields")),
    (0.5, gettext_lazy("Some of each")),
    (0.9, gettext_lazy("Try new fields")),
)
BREADTHS: Final = (
    (0.0, gettext_lazy("One focused task")),
    (0.5, gettext_lazy("A few areas")),
    (1.0, gettext_lazy("Broad work")),
)
WEEKS: Final = "weeks"
NUMBERED: Final = ("goal", "explore", "scope_wish")


def _day(*, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(required=required, widget=widget)


def _closest(choices: tuple[tuple[float, Translatable], ...], empty: Translatable = "") -> Any:
    offered = [("", empty), *choices] if empty else list(choices)
    return forms.TypedChoiceField(choices=offered, coerce=float, required=False, empty_value=None)


class ProfileForm(Edited):
    """Every fact of a profile but its skills, which the pickers ask for."""

    headline = forms.CharField(max_length=120, required=False)
    school = forms.CharField(
        max_length=120, required=False, help_text=gettext_lazy("Shown only where you apply.")
    )
    about = text("", most=2000, rows=3)
    goal = _closest(AIMS)
    explore = _closest(NEWNESS)
    scope_wish = _closest(BREADTHS, empty=gettext_lazy("As my aim says"))
    available_from = _day(required=True)
    available_until = _day()
    hours_per_week = forms.FloatField()
    weeks = WeeksField(
        required=False,
        label=gettext_lazy("Weeks with other hours"),
        help_text=gettext_lazy(
            "Leave a week empty for your usual hours. 0 means that you are away."
        ),
    )
    modes = forms.MultipleChoiceField(choices=Mode.choices, widget=forms.CheckboxSelectMultiple)
    regions = Counted(
        max_length=2400,
        required=False,
        help_text=gettext_lazy(
            "Each with a distance, if you like, and a semicolon between: Leeds, 30 km; York."
            " Or all of a county or country: West Yorkshire; GB."
        ),
        widget=PlaceInput,
    )
    currency = forms.ChoiceField(choices=currency_choices)
    rate_floor = money("", hint=gettext_lazy("Roles that pay less are left out."))
    rate_target = money("")
    income_need = money("")
    credit = forms.ChoiceField(choices=CreditWish.choices)
    interests = several("", Field.choices)
    field_rule = forms.ChoiceField(
        choices=FieldRule.choices,
        help_text=gettext_lazy(
            "Only these: roles of other fields are left out. These first: they count like"
            " one of the things that matter most."
        ),
    )
    fields_done = several("", Field.choices)
    evidence_wanted = several("", [(item, capfirst(EVIDENCE_WORDS[item])) for item in EVIDENCE])
    enrolled = forms.BooleanField(required=False)
    age_ok = forms.IntegerField(
        help_text=gettext_lazy("For roles with a minimum age; nothing else.")
    )
    rights = Counted(
        max_length=2400,
        required=False,
        help_text=gettext_lazy("By name, with a comma between: United Kingdom, Ireland."),
    )
    top3 = forms.MultipleChoiceField(
        choices=lambda: aspects.labels().items(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: QueryDict | None = None, *, profile: CandidateProfile | None) -> None:
        self.today = timezone.now().date()
        self.shown = profile or CandidateProfile(
            available_from=self.today, currency=Site.load().currency
        )
        self.mondays = calendar_weeks.shown_weeks(
            self.today, self.shown.weekly_hours, self.shown.blocked_weeks
        )
        super().__init__(data, initial=_initial(self.shown, self.mondays))
        for name, asked in self.fields.items():
            if name != WEEKS:
                asked.label = FIELDS[MONEY.get(name, name)].label
        self.plain = [self[name] for name in self.base_fields]

    @property
    def months(self) -> list[tuple[date, list[week_strip.Week]]]:
        """Return the boxes of the calendar by month, as they were sent or are stored."""
        return week_strip.months_of(self.mondays, self[WEEKS].value())

    def clean_rights(self) -> str:
        """Return the codes of the countries that were named, or say which is not known."""
        codes = []
        for named in re.split(r"[,;]", self.cleaned_data["rights"]):
            code = countries().read(named)
            if named.strip() and not code:
                raise forms.ValidationError(
                    _("We know no country called “%(name)s”.") % {"name": named.strip()[:60]}
                )
            codes.append(code)
        return ",".join(dict.fromkeys(filter(None, codes)))

    def full_clean(self) -> None:
        """Read the form, amounts in the currency that it states."""
        state_currency(self, self.data.get("currency", ""))
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        """Ask which place is meant where a name has several."""
        given = super().clean() or self.cleaned_data
        rights = (given.get("rights") or "").split(",")
        ask_which(self, "regions", countries=countries_of(given.get("regions") or "", rights))
        return given

    def facts(self) -> dict[str, Any]:
        """Return the facts as the operation takes them; raise ``ValueError`` for finer money."""
        given = self.cleaned_data
        facts = {
            name: value
            for name, value in given.items()
            if name not in {*MONEY, WEEKS, "rights", "interests", "regions"}
        }
        for name in ("goal", "explore"):
            if facts[name] is None:
                del facts[name]
        facts["rights"] = [code for code in given["rights"].split(",") if code]
        facts |= self._weeks()
        facts["regions"] = split_reach(given["regions"])
        for name in MONEY:
            facts[f"{name}_minor"] = minor_units(given[name], given["currency"])
        facts["rate_floor_minor"] = facts["rate_floor_minor"] or 0
        facts["interests"] = dict.fromkeys(given["interests"], 1)
        return facts

    def _weeks(self) -> dict[str, Any]:
        """Return the calendar as facts: only the weeks that were changed are written anew."""
        stored, given = self.initial[WEEKS], self.cleaned_data[WEEKS]
        changed = {
            monday: given.get(monday)
            for monday in {*stored, *given}
            if stored.get(monday) != given.get(monday)
        }
        if not changed:
            return {}
        periods, away = calendar_weeks.with_weeks(
            changed,
            periods=self.shown.weekly_hours,
            blocked=self.shown.blocked_weeks,
            since=self.mondays[0],
        )
        return {"weekly_hours": periods, "blocked_weeks": away}

    def blame(self, broken: Invalid) -> None:
        """Put each fault at its field, or above the form."""
        for fault in broken.faults:
            name = fault.field.removesuffix("_minor")
            name = WEEKS if name in {"weekly_hours", "blocked_weeks"} else name
            self.add_error(name if name in self.fields else None, fault.detail)


def _initial(shown: CandidateProfile, mondays: list[date]) -> dict[str, Any]:
    initial: dict[str, Any] = {
        name: getattr(shown, name)
        for name in ProfileForm.base_fields
        if name not in {*MONEY, WEEKS}
    }
    for name in MONEY:
        initial[name] = amount_to_type(getattr(shown, f"{name}_minor"), shown.currency)
    initial["rights"] = ", ".join(countries().name(code) for code in shown.rights)
    initial["hours_per_week"] = f"{shown.hours_per_week:g}"
    initial["regions"] = "; ".join(shown.regions)
    differing = calendar_weeks.hours_by_week(
        mondays,
        periods=shown.weekly_hours,
        blocked=shown.blocked_weeks,
        usual=shown.hours_per_week,
    )
    initial[WEEKS] = {monday: float(f"{hours:g}") for monday, hours in differing.items()}
    initial["interests"] = [name for name, share in shown.interests.items() if share >= 1]
    for name, choices in zip(NUMBERED, (AIMS, NEWNESS, BREADTHS), strict=True):
        value = getattr(shown, name)
        if value is not None:
            initial[name] = min((number for number, _ in choices), key=lambda n: abs(n - value))
    return initial


def _pickers(profile: CandidateProfile | None, data: QueryDict | None) -> list[Picker]:
    held = Picker("skills", _("Skills you have"), (Column("level", _("Level"), LEVELS, 1),))
    wanted = Picker(
        "targets",
        _("Skills you want to learn"),
        (Column("priority", pgettext_lazy("a priority", "When"), PRIORITIES, 1),),
    )
    if data is not None:
        held.read(data)
        wanted.read(data)
    elif profile is not None:
        slug = F("skill__slug")
        held.fill(profile.skills.order_by("id").values("level", slug=slug))
        wanted.fill(profile.targets.order_by("id").values("priority", slug=slug))
    return [held, wanted]


def _keep(
    owner: ProfileOwner, profile: CandidateProfile | None, facts: dict[str, Any], *, at: datetime
) -> None:
    if profile is not None:
        profiles.change(owner=owner, facts=facts, at=at)
    elif isinstance(owner, User):
        profiles.create(facts=facts, user=owner, at=at)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Show every fact of the profile and keep what is changed.

    An account's first one begins with what was answered in this browser.
    """
    if isinstance(request.user, User) and guest_profile.has_answered(request):
        guest_profile.owner_with_profile(request, at=timezone.now())
    owner, profile = guest_profile.owner_of(request), guest_profile.profile_of(request)
    if owner is None or (profile is None and not isinstance(owner, User)):
        if request.method == "POST" and given_back.written(request.POST):
            return given_back.signed_out(request)
        return redirect("matching:keep")
    data: QueryDict | None = request.POST if request.method == "POST" else None
    form, pickers = ProfileForm(data, profile=profile), _pickers(profile, data)
    searching, span_fault = any(picker.is_searching for picker in pickers), ""
    is_filled = False
    if data is not None and week_strip.is_asked(data):
        data, span_fault = week_strip.fill(data, WEEKS, form.mondays)
        form, searching, is_filled = ProfileForm(data, profile=profile), True, not span_fault
    if data is not None and not searching and form.is_valid() and form.settle():
        held, wanted = pickers
        try:
            facts = form.facts() | {
                "skills": {row.slug: row.numbers["level"] for row in held.rows},
                "targets": {row.slug: row.numbers["priority"] for row in wanted.rows},
            }
            carry_out(request, partial(_keep, owner, profile, facts, at=timezone.now()))
        except Invalid as broken:
            form.blame(broken)
        except (RuleBroken, ValueError) as refusal:
            form.add_error(None, str(refusal))
        else:
            guest_profile.forget_making(request)
            messages.success(request, _("Saved. Your matches follow in a moment."))
            return redirect("opportunities:profile")
    context: dict[str, Any] = {
        "form": form,
        "pickers": pickers,
        "profile": profile,
        "is_filled": is_filled,
    }
    if data is not None and span_fault:
        typed = {f"span_{name}": data.get(f"span-{name}", "") for name in week_strip.SPAN}
        context |= {"span_fault": span_fault, **typed}
    failed = bool(span_fault) or (bool(form.errors) and not searching)
    return render(request, "candidates/profile.html", context, status=422 if failed else 200)
