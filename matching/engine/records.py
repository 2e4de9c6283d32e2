"""Describe what comes into the engine as plain records: one role, one candidate.

Field names, units and meanings are those of the model (``docs/matching.md``). Dates are ISO
strings, money is in major units of one currency, ``None`` means unstated. Nobody's name, gender,
age, origin, school or grade is a field, and a test keeps it so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

SUIT_PARTS: Final = ("competence", "track_record", "motivation", "interest", "growth")
EVIDENCE: Final = ("reference", "certificate", "evaluation", "public_work")
MODES: Final = ("remote", "hybrid", "onsite")
FLEXIBILITY: Final[Mapping[str, float]] = {
    "fixed": 0.0,
    "core_hours": 1 / 3,
    "flexible": 2 / 3,
    "asynchronous": 1.0,
}
CONTACT_OF_MODE: Final[Mapping[str, float]] = {"onsite": 1.0, "hybrid": 0.78, "remote": 0.6}
STEP_HOURS: Final[Mapping[str, float]] = {
    "profile": 0.1,
    "resume": 0.25,
    "reference_check": 0.25,
    "questions": 0.5,
    "portfolio": 0.5,
    "phone_screen": 0.5,
    "cover_letter": 1.0,
    "interview": 1.0,
    "test": 1.5,
    "panel_interview": 2.0,
    "work_sample": 3.0,
}
PAY_KINDS: Final = ("hourly", "fixed_fee", "stipend_month", "unpaid")
CREDIT_WISHES: Final = ("none", "wanted", "required")
RATE_REFERENCE: Final = 20.0
"""Pay per hour that is fully adequate unless the candidate says otherwise."""


class Prior(Protocol):
    """Conservative facts that stand in for those which a role of one format leaves out."""

    @property
    def hours(self) -> float: ...
    @property
    def weeks(self) -> float: ...
    @property
    def mentor_minutes_per_week(self) -> float: ...
    @property
    def contacts(self) -> int: ...
    @property
    def task_areas(self) -> int: ...
    @property
    def hands_on(self) -> float: ...
    @property
    def schedule(self) -> str: ...
    @property
    def evidence(self) -> tuple[str, ...]: ...
    @property
    def public_works(self) -> int: ...
    @property
    def steps(self) -> tuple[str, ...]: ...
    @property
    def rate(self) -> float: ...


Priors = Mapping[str, Prior]
"""The prior of every format, by its slug."""


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill that a role asks for or teaches."""

    name: str
    level: int = 1
    """0 to 4: the level at which the work needs it; 0 is taught on the job."""
    importance: int = 1
    """1 to 3."""
    must: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a role is: a point in a country, or a country whose point is not known."""

    latitude: float | None = None
    longitude: float | None = None
    country: str = ""
    division: str = ""
    """Code of the first division inside its country."""


@dataclass(frozen=True, slots=True)
class Area:
    """What a candidate reaches: so many kilometres around a point, or a country or division.

    The country of a circle is that of its centre; it tells who reaches a role that states its
    country alone.
    """

    latitude: float | None = None
    longitude: float | None = None
    km: float | None = None
    country: str = ""
    division: str = ""


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One role, as its employer states it."""

    id: str | int
    format: str = "micro_internship"
    org: str = ""
    field: str = ""
    hours_total: float | None = None
    weeks: float | None = None
    hours_per_week: float | None = None
    start_earliest: str | None = None
    start_latest: str | None = None
    schedule: str | None = None
    mode: str = "remote"
    region: str = ""
    """A name that candidates share, where the place is no known one."""
    places: tuple[Place, ...] = ()
    """Where it is done; it is enough to reach one of them."""
    pay_kind: str | None = None
    """One of ``PAY_KINDS``; None is undisclosed."""
    pay_amount: float = 0.0
    is_pay_comparable: bool = True
    """False where the pay is stated in a currency without a rate: nobody's floor can judge it."""
    credit: bool = False
    skills: tuple[Skill, ...] = ()
    deliverables: int = 0
    public_works: int | None = None
    task_areas: int | None = None
    hands_on: float | None = None
    """Share of the hours spent doing, 0 to 1."""
    mentor_minutes_per_week: float | None = None
    contacts: int | None = None
    """People worked with regularly."""
    steps: tuple[str, ...] | None = None
    """Selection steps, from ``STEP_HOURS``."""
    evidence: tuple[str, ...] | None = None
    completed: int = 0
    """Engagements of this employer that were completed before."""
    converted: int = 0
    """Of those, the ones that led to a longer engagement."""
    capacity: int = 1
    holistic: float | None = None
    """The employer's own mix of task fit (0) and potential (1); None leaves it to the facts."""
    requires_enrolment: bool = False
    min_age: int = 0
    work_rights: str = ""
    """Country whose right to work is needed; empty is none."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person's wishes and limits."""

    id: str | int
    goal: float = 0.5
    """0 quick skill acquisition to 1 in-depth career exploration."""
    explore: float = 0.5
    """0 stay with known interests to 1 try new fields."""
    scope_wish: float | None = None
    """0 one focused task to 1 a broad project; None follows ``goal``."""
    available_from: str = "2027-01-04"
    available_until: str | None = None
    hours_per_week: float = 20.0
    skills: Mapping[str, int] = field(default_factory=dict)
    """Level 0 to 4 by skill."""
    verified: frozenset[str] = frozenset()
    """Skills whose level is backed by completed work."""
    targets: Mapping[str, int] = field(default_factory=dict)
    """Priority 1 to 3 by skill that the candidate wants to practise."""
    interests: Mapping[str, float] = field(default_factory=dict)
    """1 wanted, less for a field next to it, by field."""
    only_fields: frozenset[str] = frozenset()
    """The only fields in which the candidate would work; empty is any."""
    fields_first: bool = False
    """Whether the interests count twice."""
    fields_done: frozenset[str] = frozenset()
    modes: frozenset[str] = frozenset(MODES)
    regions: frozenset[str] = frozenset()
    """Names of regions that are reached, as roles name them."""
    areas: tuple[Area, ...] = ()
    """What is reached of known places."""
    rate_floor: float = 0.0
    rate_target: float = RATE_REFERENCE
    income_need: float | None = None
    """Total income wanted from the engagement or plan."""
    credit: str = "none"
    evidence_wanted: tuple[str, ...] = EVIDENCE
    importance: Mapping[str, float] = field(default_factory=dict)
    """Explicit rating 0 to 4 by aspect."""
    top3: tuple[str, ...] = ()
    ratings: tuple[int, ...] = ()
    """1 to 5, from completed engagements."""
    enrolled: bool = True
    age_ok: int = 99
    """Highest minimum age that the candidate attests to meet."""
    rights: frozenset[str] = frozenset()
    """Countries in which the candidate may work."""
    blocked_weeks: frozenset[str] = frozenset()
    """Weeks without any work: ISO dates, each standing for its Monday-to-Sunday week."""
    weekly_hours: tuple[tuple[str, str, float], ...] = ()
    """Periods (first day, last day, hours per week) that differ from ``hours_per_week``."""
