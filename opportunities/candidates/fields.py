"""The fields of a candidate's profile, one row each: what reads it, and what matching makes of it.

The operation that changes a profile, the API, a resume brought along, the form's limits and the
engine's reading are derived from ``FIELDS``. Nothing is stated by leaving it out: a field that is
not here cannot be set by a candidate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from opportunities.candidates import aspects
from opportunities.candidates.models import (
    EVIDENCE,
    MODES,
    CandidateProfile,
    CreditWish,
    FieldRule,
    Visibility,
)
from opportunities.core.errors import Invalid
from opportunities.core.fields_of_work import Field
from opportunities.core.languages import Translatable
from opportunities.core.pay import CURRENCIES
from opportunities.core.validation import (
    COUNTRY,
    ByName,
    Day,
    Each,
    Flag,
    Kind,
    Parts,
    Refused,
    StrictNumber,
    Text,
    Word,
    read_each,
)
from opportunities.roles.fields import AS_IT_IS, UNREAD, WORKED_OUT

MAX_SKILLS: Final = 60
MAX_TARGETS: Final = 20
MAX_PERIODS: Final = 60
"""A year whose every week differs from the one before has 53."""
LIFETIME: Final = Day(date(2020, 1, 1), date(2100, 1, 1))
WORK_FIELDS: Final = Word(tuple(Field.values))


@dataclass(frozen=True, slots=True)
class ProfileField:
    """One fact that a candidate may state."""

    name: str
    kind: Kind
    label: Translatable = ""
    """What the form asks; a field without one is asked elsewhere."""
    is_nullable: bool = False
    engine: str = AS_IT_IS
    """How matching reads it: as it is, worked out with others, or not at all."""

    def read(self, raw: object) -> Any:
        """Return the value, or raise ``Refused``; only some fields may be without one."""
        value = None if raw is None else self.kind(raw)
        if value is None and not self.is_nullable:
            raise Refused("required")
        return value


def _aspect(raw: object) -> str:
    return Word(tuple(aspects.labels()))(raw)


def _mondays(raw: object) -> list[date]:
    days = sorted(set(Each(LIFETIME, most=104)(raw)))
    if any(day.weekday() for day in days):
        raise Refused("not_monday")
    return days


def _periods(raw: object) -> list[dict[str, Any]]:
    periods = sorted(Each(_period, most=MAX_PERIODS)(raw), key=lambda period: str(period["from"]))
    if any(one["until"] >= two["from"] for one, two in pairwise(periods)):
        raise Refused("overlapping")
    return periods


def _period(raw: object) -> dict[str, Any]:
    if not isinstance(raw, Mapping) or set(raw) != {"from", "until", "hours"}:
        raise Refused("malformed", gettext("Each period has from, until and hours."))
    first, last = LIFETIME(raw["from"]), LIFETIME(raw["until"])
    if first is None or last is None:
        raise Refused("not_a_date")
    if last < first:
        raise Refused("before_first_day")
    hours = StrictNumber(0, 80)(raw["hours"])
    return {"from": first.isoformat(), "until": last.isoformat(), "hours": hours}


_ROWS: Final = (
    ProfileField("headline", Text(120), _("Headline"), engine=UNREAD),
    ProfileField("about", Text(2000, lines=True), _("About you"), engine=UNREAD),
    ProfileField("school", Text(120), _("School"), engine=UNREAD),
    ProfileField("visibility", Word(tuple(Visibility.values)), engine=WORKED_OUT),
    ProfileField("portfolio_is_public", Flag(), engine=UNREAD),
    ProfileField("goal", StrictNumber(0, 1), _("What should it do for you?")),
    ProfileField("explore", StrictNumber(0, 1), _("New fields")),
    ProfileField("scope_wish", StrictNumber(0, 1), _("Breadth of the work"), is_nullable=True),
    ProfileField("available_from", LIFETIME, _("You can start on")),
    ProfileField("available_until", LIFETIME, _("You are free until"), is_nullable=True),
    ProfileField("hours_per_week", StrictNumber(1, 80), _("Hours a week")),
    ProfileField("weekly_hours", _periods, _("Times with other hours"), engine=WORKED_OUT),
    ProfileField("blocked_weeks", _mondays, _("Weeks you are away"), engine=WORKED_OUT),
    ProfileField("interests", ByName(WORK_FIELDS, StrictNumber(0, 1), most=60),
        _("Fields that interest you"), engine=WORKED_OUT),
    ProfileField("field_rule", Word(tuple(FieldRule.values)), _("How these fields count"),
        engine=WORKED_OUT),
    ProfileField("fields_done", Each(WORK_FIELDS, most=60, distinct=True),
        _("Fields you have worked in"), engine=WORKED_OUT),
    ProfileField("modes", Each(Word(MODES), most=3, least=1, distinct=True),
        _("Where you can work"), engine=WORKED_OUT),
    ProfileField("regions", Each(Text(120), most=40, distinct=True), _("Places you reach"),
        engine=WORKED_OUT),
    ProfileField("currency", Word(CURRENCIES), _("Currency"), engine=WORKED_OUT),
    ProfileField("rate_floor_minor", StrictNumber(0, 100_000_000, whole=True),
        _("Least pay an hour"), engine=WORKED_OUT),
    ProfileField("rate_target_minor", StrictNumber(1, 100_000_000, whole=True),
        _("Pay an hour that you hope for"), is_nullable=True, engine=WORKED_OUT),
    ProfileField("income_need_minor", StrictNumber(1, 2_000_000_000, whole=True),
        _("Income you need in all"), is_nullable=True, engine=WORKED_OUT),
    ProfileField("credit", Word(tuple(CreditWish.values)), _("Academic credit")),
    ProfileField("evidence_wanted", Each(Word(EVIDENCE), most=4, distinct=True),
        _("What you want to leave with")),
    ProfileField("importance", ByName(_aspect, StrictNumber(0, 4), most=60)),
    ProfileField("top3", Each(_aspect, most=3, distinct=True),
        _("Up to three things that matter most"), engine=WORKED_OUT),
    ProfileField("enrolled", Flag(), _("I am enrolled in a course")),
    ProfileField("age_ok", StrictNumber(0, 99, whole=True), _("I am at least this old")),
    ProfileField("rights", Each(COUNTRY, most=60, distinct=True), _("Countries where I may work"),
        engine=WORKED_OUT),
)  # fmt: skip
FIELDS: Final[Mapping[str, ProfileField]] = {row.name: row for row in _ROWS}
MONEY: Final = {name.removesuffix("_minor"): name for name in FIELDS if name.endswith("_minor")}
"""Amounts in majors of the profile's currency, and the columns that hold them in minors."""
PARTS: Final[Mapping[str, Parts]] = {
    "skills": Parts({"name": Text(160), "level": StrictNumber(0, 4, whole=True)}, "name", 200),
    "targets": Parts({"name": Text(160), "priority": StrictNumber(1, 3, whole=True)}, "name", 200),
}
"""Skills as the API lists them: the name of each, and its number."""
ENGINE_AS_IS: Final = tuple(row.name for row in _ROWS if row.engine == AS_IT_IS)
ENGINE_COLUMNS: Final = tuple(row.name for row in _ROWS if row.engine != UNREAD)

_KINDS: Final[Mapping[str, Kind]] = {
    **{row.name: row.read for row in _ROWS},
    "skills": ByName(Text(160), StrictNumber(0, 4, whole=True), most=200),
    "targets": ByName(Text(160), StrictNumber(1, 3, whole=True), most=200),
}


def checked(facts: Mapping[str, Any], profile: CandidateProfile | None = None) -> dict[str, Any]:
    """Return the facts with their values checked, or raise ``Invalid`` naming every fault.

    With a profile, dates are held against those that it keeps.
    """
    values, refused = read_each(_KINDS, facts)
    first = values.get("available_from", profile and profile.available_from)
    last = values.get("available_until", profile and profile.available_until)
    if first and last and last < first:
        refused.append(Refused("before_first_day", place="available_until"))
    if refused:
        raise Invalid(*(refusal.fault() for refusal in refused))
    return values
