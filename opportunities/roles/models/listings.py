"""Roles: internships and micro-internships of every format, in one table."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from opportunities.core import clock, identifiers
from opportunities.core.fields_of_work import Field
from opportunities.core.lifecycle import LIVE, ON_MARKET, RoleStatus
from opportunities.core.pay import PayKind
from opportunities.core.ranges import array_of, in_range, one_of, state_has_date
from opportunities.employers.models import EmployerStatus
from opportunities.places import areas, gazetteer
from opportunities.places.columns import StatedArray, StatedMoment, StatedText
from opportunities.roles.formats import FORMATS, FormatName, Kind, of_family

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from opportunities.accounts.models import User

STEPS = (
    "profile", "resume", "reference_check", "questions", "portfolio", "phone_screen",
    "cover_letter", "interview", "test", "panel_interview", "work_sample",
)  # fmt: skip
SEARCH_CONFIG = "plain_english"
"""How the search reads texts: English word forms, without accents (made by a migration)."""

FOLLOWING: Final = (
    ("time_zone", frozenset({"cities", "country"})),
    ("closes_at", frozenset({"apply_by", "time_zone"})),
)
"""Columns that are worked out, each with those it follows from: written whenever one of them is."""

EVIDENCE_OFFERED = ("reference", "certificate", "evaluation")


class Schedule(models.TextChoices):
    FIXED = "fixed", _("Fixed hours")
    CORE_HOURS = "core_hours", _("Core hours")
    FLEXIBLE = "flexible", _("Flexible hours")
    ASYNCHRONOUS = "asynchronous", _("Any hours, by a deadline")


class Mode(models.TextChoices):
    ONSITE = "onsite", _("On site")
    HYBRID = "hybrid", _("Hybrid")
    REMOTE = "remote", _("Remote")


class RoleOutcome(models.TextChoices):
    FILLED_HERE = "filled_here", _("Filled through this site")
    FILLED_ELSEWHERE = "filled_elsewhere", _("Filled elsewhere")
    CANCELLED = "cancelled", _("No longer needed")


class ClosedBecause(models.TextChoices):
    EMPLOYER = "employer", _("The employer closed it")
    APPLY_BY = "apply_by", _("Its last day to apply passed")
    UNCONFIRMED = "unconfirmed", _("The employer did not confirm it")
    SILENT = "silent", _("The employer left applicants without an answer")
    SANCTION = "sanction", _("The employer may not post")


def slug_of(title: str) -> str:
    """Return the readable part of a role's address."""
    return slugify(title)[:60].strip("-") or "role"


def path_of(title: str, public_id: str) -> str:
    """Return the path of a role's page."""
    return f"/opportunities/{slug_of(title)}-{public_id}/"


class OpportunityQuerySet(models.QuerySet["Opportunity"]):
    """The named questions we ask of roles."""

    def update(self, **values: Any) -> int:
        """Change many rows at once; when they close is not left behind."""
        if not {"apply_by", "time_zone"}.isdisjoint(values) and "closes_at" not in values:
            raise TypeError("closes_at follows from apply_by and time_zone: save the rows.")
        return super().update(**values)

    def open(self, *, at: datetime) -> Self:
        """Keep those a candidate may apply to at that moment; expiry is derived, not stored."""
        return self.filter(
            status=RoleStatus.OPEN,
            closes_at__gt=at,
            employer__status=EmployerStatus.ACTIVE,
        )

    def listed(self, *, at: datetime) -> Self:
        """Keep those that lists and matches show: open, and not hidden for a silent employer."""
        return self.open(at=at).filter(hidden_at__isnull=True)

    def prompt(self, *, at: datetime) -> Self:
        """Leave out those that owe somebody an answer past the promised day.

        The step before hiding: such a role stays in lists, but the site no longer puts it forward.
        """
        return self.exclude(Exists(Opportunity.objects.late(at=at).filter(pk=OuterRef("pk"))))

    def late(self, *, at: datetime) -> Self:
        """Keep those where somebody waits for an answer past the promised day."""
        # One filter: state and day must be those of the same application.
        return self.filter(
            applications__status__in=sorted(LIVE), applications__answer_due_on__lt=at.date()
        )

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep what this account may read; ``permissions.can_view`` says the same of one row.

        A role that was open and has closed keeps its page; drafts and roles in review are the
        employer's and the moderators' alone; who applied sees the role in every state.
        """
        public = Q(
            status__in=[RoleStatus.OPEN, RoleStatus.CLOSED],
            opened_at__isnull=False,
            employer__status=EmployerStatus.ACTIVE,
        )
        if not user.is_authenticated:
            return self.filter(public)
        if user.has_perm("roles.moderate_opportunity"):
            return self.all()
        own = Q(employer__in=user.memberships.values("employer"))
        applied = Q(
            pk__in=Opportunity.objects.filter(applications__profile__user=user).values("pk")
        )
        return self.filter(public | own | applied)

    def whole(self) -> Self:
        """Read with each role all that it says: its employer, skills, results and questions."""
        lists = ("skills__skill", "deliverables", "questions")
        return self.select_related("employer").prefetch_related(*lists)


def _of_its_family(kind: Kind) -> Q:
    return Q(kind=kind, format__in=[entry.slug for entry in of_family(kind)])


def _index_of_open(name: str, *fields: str) -> models.Index:
    return models.Index(fields=fields, condition=Q(status=RoleStatus.OPEN), name=name)


class Opportunity(models.Model):
    """A role that an employer offers for a limited time.

    Names and units are those of the matching model (``model.md`` section 2): hours, weeks,
    minutes a week, shares in [0, 1]; money in minor units of ``pay_currency``. A fact that is
    NULL is not stated: the format's prior stands in for it, and people are told so.
    """

    public_id = identifiers.column(identifiers.opportunity_id)
    employer = models.ForeignKey(
        "employers.Employer", on_delete=models.PROTECT, related_name="opportunities"
    )
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    kind = models.CharField(max_length=10, choices=Kind, editable=False)
    format = models.CharField(max_length=30, choices=FormatName)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True)
    description = models.TextField(max_length=8000, blank=True, help_text="Markdown.")
    field = models.CharField(max_length=20, choices=Field, blank=True)
    language = models.CharField(max_length=5, default="en", help_text="Of the work, BCP 47.")

    hours_total = models.FloatField(null=True, blank=True, help_text="Hours in all.")
    weeks = models.FloatField(null=True, blank=True, help_text="Elapsed calendar weeks.")
    hours_per_week = models.FloatField(null=True, blank=True)
    start_earliest = models.DateField(null=True, blank=True)
    start_latest = models.DateField(null=True, blank=True)
    apply_by = models.DateField(null=True, blank=True, help_text="Last day to apply.")
    schedule = models.CharField(  # noqa: DJ001  (NULL: not stated)
        max_length=12, choices=Schedule, null=True, blank=True
    )
    mode = models.CharField(  # noqa: DJ001  (NULL: not stated)
        max_length=8, choices=Mode, null=True, blank=True, default=Mode.REMOTE
    )
    place = models.CharField(
        max_length=areas.LONGEST, blank=True, help_text="One place or several: Leeds; York."
    )
    region = models.CharField(
        max_length=60, blank=True, help_text="A county or division; of a known place its own."
    )
    cities = StatedArray(
        models.IntegerField(),
        default=list,
        db_default=[],
        blank=True,
        editable=False,
        help_text="The cities that the place names, by their numbers at GeoNames.",
    )
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2.")
    time_zone = StatedText(
        max_length=clock.LONGEST_NAME,
        default="UTC",
        db_default="UTC",
        editable=False,
        help_text="Of the place: whose days its dates are. Name of the tz database.",
    )
    closes_at = StatedMoment(
        null=True,
        blank=True,
        editable=False,
        help_text="The first instant after the last day to apply, in the role's time zone.",
    )

    pay_kind = models.CharField(  # noqa: DJ001  (NULL: not stated)
        max_length=14, choices=PayKind, null=True, blank=True
    )
    pay_amount_minor = models.BigIntegerField(null=True, blank=True)
    pay_max_minor = models.BigIntegerField(
        null=True, blank=True, help_text="Upper end of a range; the model reads the lower."
    )
    pay_currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217.")
    pay_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Days from acceptance of the work to payment."
    )
    hourly_minor = models.BigIntegerField(
        null=True,
        blank=True,
        editable=False,
        help_text="Effective hourly pay in the site's currency, as pay.py gives it.",
    )
    credit = models.BooleanField(default=False, help_text="Academic credit is given.")
    credit_possible = models.BooleanField(
        default=False, db_default=False, help_text="A school can count it for credit."
    )
    concentrated = models.BooleanField(
        default=False, db_default=False, help_text="Done in one stretch, day after day."
    )
    repeatable = models.BooleanField(
        default=False, db_default=False, help_text="More such work follows for the same person."
    )
    learning = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="What is learnt."
    )

    public_works = models.PositiveSmallIntegerField(null=True, blank=True)
    task_areas = models.PositiveSmallIntegerField(null=True, blank=True)
    hands_on = models.FloatField(null=True, blank=True, help_text="Share of hours spent doing.")
    mentor_name = models.CharField(max_length=120, blank=True)
    mentor_minutes_per_week = models.FloatField(null=True, blank=True)
    contacts = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="People worked with regularly."
    )
    steps = ArrayField(models.CharField(max_length=16), null=True, blank=True, size=12)
    evidence = ArrayField(models.CharField(max_length=12), null=True, blank=True, size=3)
    capacity = models.PositiveSmallIntegerField(default=1, help_text="Places.")
    seats_held = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="Open offers plus acceptances."
    )
    holistic = models.FloatField(
        null=True, blank=True, help_text="0 task competence to 1 overall fit and potential."
    )
    requires_enrolment = models.BooleanField(default=False)
    min_age = models.PositiveSmallIntegerField(default=0)
    work_rights = models.CharField(
        max_length=2, blank=True, help_text="Country whose right to work is needed."
    )

    blind_review = models.BooleanField(
        default=False, help_text="Name and school stay hidden until shortlisted."
    )
    apply_url = models.URLField(
        max_length=300, blank=True, help_text="On the employer's own verified domain only."
    )
    response_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Promised answer, working days."
    )

    status = models.CharField(
        max_length=14, choices=RoleStatus, default=RoleStatus.DRAFT, editable=False
    )
    created_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="First publication; never bumped."
    )
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirm_asked_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Asked whether it is still open."
    )
    paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_because = models.CharField(
        max_length=12, choices=ClosedBecause, blank=True, default="", editable=False
    )
    outcome_asked_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Asked once more what became of it."
    )
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    outcome = models.CharField(
        max_length=16, choices=RoleOutcome, blank=True, default="", editable=False
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="claimed_opportunities",
        editable=False,
    )
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    source = models.CharField(max_length=60, blank=True, editable=False)
    external_id = models.CharField(max_length=200, blank=True, editable=False)
    source_digest = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Of the imported row as it was written.",
    )
    unparsed = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="Field to the imported words that could not be read as a value.",
    )
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config=SEARCH_CONFIG)
        + SearchVector("summary", "place", "region", weight="B", config=SEARCH_CONFIG)
        + SearchVector("description", weight="C", config=SEARCH_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = OpportunityQuerySet.as_manager()

    km_away: int | None = None
    """How far it is from whoever is looking: set by who knows, and never stored."""

    class Meta:
        verbose_name = "role"
        verbose_name_plural = "roles"
        permissions = [("moderate_opportunity", "Can moderate opportunities")]
        constraints = [
            one_of("opportunity", "format", FORMATS),
            models.CheckConstraint(
                name="opportunity_kind_is_family_of_format",
                condition=_of_its_family(Kind.INTERNSHIP) | _of_its_family(Kind.MICRO),
            ),
            models.CheckConstraint(name="opportunity_has_title", condition=~Q(title="")),
            in_range("opportunity", "hours_total", 0.5, 4000),
            in_range("opportunity", "weeks", 0.1, 104),
            in_range("opportunity", "hours_per_week", 0.5, 80),
            in_range("opportunity", "pay_amount_minor", 0, 10_000_000_000),
            in_range("opportunity", "pay_max_minor", 0, 10_000_000_000),
            in_range("opportunity", "pay_days", 0, 365),
            in_range("opportunity", "hourly_minor", 0, 10_000_000_000),
            in_range("opportunity", "public_works", 0, 50),
            in_range("opportunity", "task_areas", 1, 5),
            in_range("opportunity", "hands_on", 0, 1),
            in_range("opportunity", "mentor_minutes_per_week", 0, 2400),
            in_range("opportunity", "contacts", 0, 500),
            in_range("opportunity", "capacity", 1, 1000),
            in_range("opportunity", "holistic", 0, 1),
            in_range("opportunity", "min_age", 0, 99),
            in_range("opportunity", "response_days", 1, 60),
            one_of("opportunity", "schedule", Schedule.values),
            one_of("opportunity", "mode", Mode.values),
            one_of("opportunity", "pay_kind", PayKind.values),
            array_of("opportunity", "steps", STEPS),
            array_of("opportunity", "evidence", EVIDENCE_OFFERED),
            models.CheckConstraint(
                name="opportunity_seats_fit_capacity",
                condition=Q(seats_held__lte=F("capacity")),
                violation_error_message="Every place is held by an offer or an acceptance.",
            ),
            models.CheckConstraint(
                name="opportunity_start_window_is_ordered",
                condition=Q(start_latest__gte=F("start_earliest"))
                | Q(start_latest__isnull=True)
                | Q(start_earliest__isnull=True),
                violation_error_message="start_latest is not before start_earliest.",
            ),
            models.CheckConstraint(
                name="opportunity_pay_range_is_ordered",
                condition=Q(pay_max_minor__isnull=True)
                | Q(pay_max_minor__gte=F("pay_amount_minor")),
                violation_error_message="The upper end of pay is not below the lower.",
            ),
            models.CheckConstraint(
                name="opportunity_pay_amount_has_currency",
                condition=Q(pay_amount_minor__isnull=True) | ~Q(pay_currency=""),
                violation_error_message="An amount of pay names its currency.",
            ),
            state_has_date("opportunity", [RoleStatus.IN_REVIEW], "submitted_at"),
            state_has_date("opportunity", ON_MARKET, "opened_at"),
            state_has_date("opportunity", ON_MARKET, "confirmed_at"),
            state_has_date("opportunity", ON_MARKET, "apply_by"),
            state_has_date("opportunity", [RoleStatus.PAUSED], "paused_at"),
            state_has_date("opportunity", [RoleStatus.CLOSED], "closed_at"),
            state_has_date("opportunity", [RoleStatus.REMOVED], "removed_at"),
            models.CheckConstraint(
                name="opportunity_published_states_what_is_needed",
                condition=~Q(status__in=list(ON_MARKET))
                | Q(
                    hours_total__isnull=False,
                    weeks__isnull=False,
                    pay_kind__isnull=False,
                    mode__isnull=False,
                ),
                violation_error_message="An open role states its hours, weeks, pay and mode.",
            ),
            models.UniqueConstraint(
                fields=["source", "employer", "external_id"],
                condition=~Q(source=""),
                name="opportunity_source_once",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="opportunity_search"),
            GinIndex(fields=["cities"], name="opportunity_cities"),
            GinIndex(
                fields=["title"], opclasses=["gin_trgm_ops"], name="opportunity_title_trigrams"
            ),
            _index_of_open("opportunity_newest_open", "-opened_at", "-id"),
            _index_of_open("opportunity_newest_of_field", "field", "kind", "-opened_at", "-id"),
            _index_of_open("opportunity_deadline_open", "apply_by", "id"),
            models.Index(
                fields=["kind", "employer"],
                include=["format", "closes_at"],
                condition=Q(status=RoleStatus.OPEN, hidden_at__isnull=True),
                name="opportunity_counted",
            ),
            _index_of_open("opportunity_pay_open", "-hourly_minor", "-id"),
            models.Index(
                fields=["submitted_at", "id"],
                condition=Q(status=RoleStatus.IN_REVIEW),
                name="opportunity_queue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (#{self.pk})"

    def save(self, *, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """Store the row, and with some columns those that follow from them."""
        if update_fields is not None:
            update_fields = set(update_fields)
            for name, sources in FOLLOWING:
                if sources & update_fields:
                    update_fields.add(name)
        super().save(update_fields=update_fields, **options)

    @property
    def slug(self) -> str:
        """Return the readable part of the address."""
        return slug_of(self.title)

    @property
    def path(self) -> str:
        """Return the path of its page."""
        return path_of(self.title, self.public_id)

    @property
    def format_path(self) -> str:
        """Return the name of its format as addresses have it."""
        return FORMATS[self.format].path

    @property
    def format_name(self) -> str:
        """Name its format; Django's ``get_format_display`` translates every name to find one."""
        return str(FormatName(self.format).label)

    def cities_stated(self) -> list[int]:
        """Return the cities that the row names; the place of its employer where it names none."""
        return areas.site_of(self.place, self.region, self.country, of_employer=self._home())

    def _home(self) -> tuple[str, str]:
        employer = self.employer if self.employer_id else None
        return (employer.place, employer.country) if employer else ("", "")

    @property
    def towns(self) -> "list[gazetteer.City]":
        """Return the cities where it is done."""
        return gazetteer.cities(self.cities)

    def time_zone_stated(self) -> str:
        """Return the zone of the first city it names, else of its country, else of its employer's.

        Of a country without a city the largest stands for it. Where nothing is known, days are
        those of UTC.
        """
        return areas.zone_of_site(self.place, self.region, self.country, of_employer=self._home())

    def closes_at_stated(self) -> datetime | None:
        """Return when its last day to apply is over, by the clock of its zone."""
        return clock.end_of(self.apply_by, self.zone) if self.apply_by else None

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone whose days its dates are."""
        return clock.zone_of(self.time_zone)

    def today(self, *, at: datetime) -> date:
        """Return which day it is where the role is."""
        return clock.day_in(self.zone, at=at)

    def is_open(self, *, at: datetime) -> bool:
        """Say of one row with its employer what ``OpportunityQuerySet.open`` says of many."""
        return (
            self.status == RoleStatus.OPEN
            and self.closes_at is not None
            and self.closes_at > at
            and self.employer.status == EmployerStatus.ACTIVE
        )
