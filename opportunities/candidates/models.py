"""Candidates: what they can, want, are free for and keep. No protected attribute is a field."""

from typing import TYPE_CHECKING, Self

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from opportunities.core import identifiers
from opportunities.core.ranges import array_of, in_range, once, one_of
from opportunities.core.tables import Numbered
from opportunities.places import areas
from opportunities.places.columns import StatedJSON

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from opportunities.accounts.models import User

MODES = ("onsite", "hybrid", "remote")
EVIDENCE = ("reference", "certificate", "evaluation", "public_work")


class Visibility(models.TextChoices):
    """Who sees somebody before they apply; whatever shows them asks the questions below."""

    HIDDEN = "hidden", _("Nobody: employers see me only when I apply")
    PSEUDONYM = "pseudonym", _("Employers whose roles fit me, under a pseudonym")
    OPEN = "open", _("Employers whose roles fit me, under a pseudonym and with my headline")

    @property
    def is_seen(self) -> bool:
        """Say whether employers see anything at all."""
        return self is not Visibility.HIDDEN

    @property
    def shows_headline(self) -> bool:
        """Say whether they see the line that somebody wrote about themselves."""
        return self is Visibility.OPEN


class FieldRule(models.TextChoices):
    """How the fields that interest somebody are meant."""

    OPEN = "open", _("Open to other fields too")
    FIRST = "first", _("These first")
    ONLY = "only", _("Only these")


class CreditWish(models.TextChoices):
    NONE = "none", _("Not needed")
    WANTED = "wanted", _("Would be good")
    REQUIRED = "required", _("Required")


def all_modes() -> list[str]:
    """Return every mode: a candidate accepts all until they say otherwise."""
    return list(MODES)


def all_evidence() -> list[str]:
    """Return every kind of evidence: a candidate wants all until they say otherwise."""
    return list(EVIDENCE)


class CandidateProfileQuerySet(models.QuerySet["CandidateProfile"]):
    """The named questions we ask of profiles."""

    def of(self, user: "User | AnonymousUser") -> Self:
        """Keep this account's own profile, unless it was erased."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(user=user, erased_at__isnull=True)

    def counted(self) -> Self:
        """Keep profiles that weigh in the market: those of accounts with a confirmed address.

        Anybody can make the others by the hundred. They are ranked for themselves; in prices,
        lists of roles, counts and figures they take no part.
        """
        confirmed = EmailAddress.objects.filter(user=OuterRef("user"), verified=True)
        return self.filter(Exists(confirmed), erased_at__isnull=True)

    def matchable(self) -> Self:
        """Keep profiles that employers may be shown, at least under a pseudonym."""
        seen = [each for each in Visibility if each.is_seen]
        return self.counted().filter(visibility__in=seen)


class CandidateProfile(models.Model):
    """What matching knows of a candidate; the account is optional, a secret link keeps it too.

    Field names and units are those of the matching model: hours, weeks, shares in [0, 1],
    levels 0 to 4, money in minor units of ``currency``.
    """

    public_id = identifiers.column(identifiers.profile_id)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="profile",
    )
    secret_digest = models.CharField(
        max_length=64, null=True, blank=True, unique=True, editable=False
    )
    headline = models.CharField(max_length=120, blank=True)
    about = models.TextField(max_length=2000, blank=True)
    school = models.CharField(max_length=120, blank=True, help_text="Shown only to employers.")
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.HIDDEN)
    portfolio_is_public = models.BooleanField(default=False)

    goal = models.FloatField(default=0.5, help_text="0 quick skills to 1 in-depth exploration.")
    explore = models.FloatField(default=0.5, help_text="0 specialize to 1 try new fields.")
    scope_wish = models.FloatField(null=True, blank=True, help_text="0 one task to 1 broad.")
    available_from = models.DateField()
    available_until = models.DateField(null=True, blank=True)
    hours_per_week = models.FloatField(default=20)
    weekly_hours = models.JSONField(
        default=list,
        blank=True,
        help_text='Other hours by period: [{"from": date, "until": date, "hours": n}].',
    )
    blocked_weeks = ArrayField(
        models.DateField(), default=list, blank=True, size=104, help_text="Mondays."
    )
    interests = models.JSONField(
        default=dict, blank=True, help_text="Field to 1 (wanted) or 0.5 (related)."
    )
    field_rule = models.CharField(max_length=5, choices=FieldRule, default=FieldRule.OPEN)
    fields_done = ArrayField(models.CharField(max_length=20), default=list, blank=True, size=40)
    modes = ArrayField(models.CharField(max_length=8), default=all_modes, size=3)
    regions = ArrayField(
        models.CharField(max_length=120), default=list, blank=True, size=40,
        help_text="What is reached: Leeds, 30 km; West Yorkshire; GB.",
    )  # fmt: skip
    areas = StatedJSON(
        default=list,
        db_default=models.Value([], models.JSONField()),
        blank=True,
        editable=False,
        help_text="What the regions name: a city and kilometres, a country or a division.",
    )
    currency = models.CharField(max_length=3, default="GBP")
    rate_floor_minor = models.PositiveIntegerField(default=0, help_text="Hard, an hour.")
    rate_target_minor = models.PositiveIntegerField(
        null=True, blank=True, help_text="An hour; empty takes the model's reference."
    )
    income_need_minor = models.PositiveIntegerField(null=True, blank=True)
    credit = models.CharField(max_length=8, choices=CreditWish, default=CreditWish.NONE)
    evidence_wanted = ArrayField(
        models.CharField(max_length=12), default=all_evidence, blank=True, size=4
    )
    importance = models.JSONField(default=dict, blank=True, help_text="Aspect to 0..4.")
    top3 = ArrayField(models.CharField(max_length=12), default=list, blank=True, size=3)
    enrolled = models.BooleanField(default=True)
    age_ok = models.PositiveSmallIntegerField(
        default=18, help_text="Highest minimum age that the candidate attests to meet."
    )
    rights = ArrayField(
        models.CharField(max_length=2), default=list, blank=True, size=60,
        help_text="Countries with the right to work.",
    )  # fmt: skip

    created_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(editable=False)
    seen_at = models.DateTimeField(editable=False, help_text="For the retention sweep.")
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CandidateProfileQuerySet.as_manager()

    class Meta:
        constraints = [
            in_range("profile", "goal", 0, 1),
            in_range("profile", "explore", 0, 1),
            in_range("profile", "scope_wish", 0, 1),
            in_range("profile", "hours_per_week", 1, 80),
            in_range("profile", "rate_floor_minor", 0, 100_000_000),
            in_range("profile", "rate_target_minor", 1, 100_000_000),
            in_range("profile", "income_need_minor", 1, 2_000_000_000),
            in_range("profile", "age_ok", 0, 99),
            one_of("profile", "credit", CreditWish.values),
            one_of("profile", "field_rule", FieldRule.values),
            one_of("profile", "visibility", Visibility.values),
            array_of("profile", "modes", MODES),
            array_of("profile", "evidence_wanted", EVIDENCE),
            models.CheckConstraint(
                name="profile_is_available_before_it_ends",
                condition=Q(available_until__isnull=True)
                | Q(available_until__gte=models.F("available_from")),
                violation_error_message="available_until is not before available_from.",
            ),
        ]

    def __str__(self) -> str:
        return f"profile {self.public_id} (#{self.pk})"

    def areas_stated(self) -> list[dict[str, str | int]]:
        """Return the areas that the regions name; the rights tell where they probably lie."""
        return areas.areas_of(self.regions, countries=self.rights)


class CandidateSkill(Numbered):
    """What a candidate can: level 0 to 4; verified once completed work shows it."""

    profile = models.ForeignKey(CandidateProfile, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey("skills.Skill", on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(default=1)
    verified = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = "skill of a candidate"
        verbose_name_plural = "skills of candidates"
        constraints = [
            once("candidate_skill_once", "profile", "skill"),
            in_range("candidate_skill", "level", 0, 4),
        ]


class TargetSkill(Numbered):
    """What a candidate wants to learn: priority 1 to 3."""

    profile = models.ForeignKey(CandidateProfile, on_delete=models.CASCADE, related_name="targets")
    skill = models.ForeignKey("skills.Skill", on_delete=models.PROTECT, related_name="+")
    priority = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "skill a candidate wants"
        verbose_name_plural = "skills candidates want"
        constraints = [
            once("target_skill_once", "profile", "skill"),
            in_range("target_skill", "priority", 1, 3),
        ]


class BlockedEmployer(Numbered):
    """An employer that a candidate never wants to see or be seen by."""

    profile = models.ForeignKey(
        CandidateProfile, on_delete=models.CASCADE, related_name="blocked_employers"
    )
    employer = models.ForeignKey(
        "employers.Employer", on_delete=models.CASCADE, related_name="blocked_by"
    )
    blocked_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = [once("blocked_employer_once", "profile", "employer")]


class ProfileSight(Numbered):
    """An employer was shown a matched candidate on a day, under a handle that only it knows.

    The rows bound how many people an employer looks at in a day, and turn its handle back into
    the profile when it invites: it can invite only whom it was shown.
    """

    employer = models.ForeignKey(
        "employers.Employer", on_delete=models.CASCADE, related_name="sights"
    )
    profile = models.ForeignKey(CandidateProfile, on_delete=models.CASCADE, related_name="sights")
    handle = models.CharField(max_length=20)
    seen_on = models.DateField(editable=False)

    class Meta:
        verbose_name = "profile shown to an employer"
        verbose_name_plural = "profiles shown to employers"
        constraints = [once("profile_sight_once_a_day", "employer", "seen_on", "profile")]
        indexes = [models.Index(fields=["employer", "handle"], name="profile_sight_handle")]


class Resume(Numbered):
    """A PDF kept under a random name outside the web root."""

    profile = models.ForeignKey(CandidateProfile, on_delete=models.CASCADE, related_name="resumes")
    file = models.FileField(upload_to="resumes/", max_length=120)
    name = models.CharField(max_length=120, help_text="As uploaded, for the download.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = [in_range("resume", "size", 1, 2 * 1024 * 1024)]


class PromisedProfile(Numbered):
    """Whoever signed up in the guest's browser finds the profile wherever they sign in first.

    Addresses are confirmed on another device as often as not. ``proof`` is of the password set at
    that sign-up: who owns the mailbox alone, or sets another password, is not shown the profile.
    """

    profile = models.OneToOneField(
        CandidateProfile, on_delete=models.CASCADE, related_name="promise"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="promised_profiles"
    )
    proof = models.CharField(max_length=64, editable=False)
    promised_at = models.DateTimeField(editable=False)


class SavedRole(Numbered):
    """A role that a candidate keeps an eye on, and is reminded of before it closes."""

    profile = models.ForeignKey(
        CandidateProfile, on_delete=models.CASCADE, related_name="saved_roles"
    )
    opportunity = models.ForeignKey(
        "roles.Opportunity", on_delete=models.CASCADE, related_name="saved_by"
    )
    saved_at = models.DateTimeField(editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [once("saved_role_once", "profile", "opportunity")]


class Rhythm(models.TextChoices):
    OFF = "off", _("No email")
    DAILY = "daily", _("At most once a day")
    WEEKLY = "weekly", _("At most once a week")


class SavedSearch(Numbered):
    """A filter of the list of roles, and how often to tell of new ones."""

    public_id = identifiers.column(identifiers.saved_search_id)
    profile = models.ForeignKey(
        CandidateProfile, on_delete=models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000, help_text="The list's own query string.")
    rhythm = models.CharField(max_length=8, choices=Rhythm, default=Rhythm.DAILY)
    created_at = models.DateTimeField(editable=False)
    looked_at = models.DateTimeField(editable=False, help_text="Newer roles have not been told.")

    class Meta:
        verbose_name = "saved search"
        verbose_name_plural = "saved searches"
        constraints = [
            once("saved_search_once", "profile", "query"),
            models.CheckConstraint(name="saved_search_has_name", condition=~Q(name="")),
        ]
