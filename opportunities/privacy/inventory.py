"""Every table that speaks of a person: how its rows are found, and what erasing does to them.

``by_user`` and ``by_profile`` are lookups from the table to the account and to the profile.
*Delete* takes the rows away; *blank* keeps what others rely on (that an application existed, how
it ended, what a moderator decided) and empties every word about the person; *keep* marks rows
that hold no word about anybody.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import reduce
from operator import or_
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.db.models import CASCADE, Model, Q, QuerySet
from knox.models import AuthToken

from opportunities import ROOMS
from opportunities.accounts.models import Draft, StoredAnswer, StoredSession, TokenGrant, User
from opportunities.accounts.sessions import names_of
from opportunities.applications.models import (
    Answer,
    Application,
    ApplicationEvent,
    ApplicationNote,
    ExternalApplication,
    InterviewSlot,
    Message,
    RoleInvitation,
)
from opportunities.candidates.models import (
    BlockedEmployer,
    CandidateProfile,
    CandidateSkill,
    ProfileSight,
    PromisedProfile,
    Resume,
    SavedRole,
    SavedSearch,
    TargetSkill,
)
from opportunities.employers.models import EmailVerification, Membership, TeamInvitation
from opportunities.engagements.models import Completion, CompletionSkill, Review
from opportunities.messaging.models import Letter, Notice, NoticePreference
from opportunities.moderation.models import Appeal, Decision, HeldDecision, Report, Sanction
from opportunities.roles.models import RolePost
from opportunities.webhooks.models import Event


class Fate(Enum):
    DELETE = "delete"
    BLANK = "blank"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Entry:
    """One table: where its rows hang, and what becomes of them."""

    name: str
    model: type[Model]
    fate: Fate
    by_user: str = ""
    by_profile: str = ""
    by_name: Callable[[User], Collection[str]] | None = None
    """For rows without a foreign key: the values of ``by_user`` that stand for an account."""
    blank: Mapping[str, Any] = field(default_factory=dict)
    sealed: frozenset[str] = frozenset()
    """Columns that no archive shows: they hold a secret link."""

    def rows(self, *, user: User | None, profile: CandidateProfile | None) -> QuerySet[Any]:
        """Return the rows that speak of this person."""
        rows: QuerySet[Any] = QuerySet(self.model).order_by("pk")
        if self.by_profile:
            return rows.filter(**{self.by_profile: profile}) if profile else rows.none()
        if user is None:
            return rows.none()
        if self.by_name is not None:
            found = [Q((self.by_user, name)) for name in self.by_name(user)]
            return rows.filter(reduce(or_, found)) if found else rows.none()
        return rows.filter(**{self.by_user: user})


def askers(user: User) -> list[str]:
    """Return the names under which an account and its tokens ask; see ``config.contract``."""
    tokens = AuthToken.objects.filter(user=user).values_list("pk", flat=True)
    return [f"account:{user.pk}", *[f"token:{pk[:64]}" for pk in tokens]]


def addresses(user: User) -> list[str]:
    """Return every address of an account."""
    known = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return sorted({user.email, *known})


ERASED_NAME: Final = "Erased candidate"

_OF_PROFILE: Final = (
    Entry("skills", CandidateSkill, Fate.DELETE, by_profile="profile"),
    Entry("target_skills", TargetSkill, Fate.DELETE, by_profile="profile"),
    Entry("blocked_employers", BlockedEmployer, Fate.DELETE, by_profile="profile"),
    Entry("shown_to_employers", ProfileSight, Fate.DELETE, by_profile="profile"),
    Entry("saved_roles", SavedRole, Fate.DELETE, by_profile="profile"),
    Entry("external_applications", ExternalApplication, Fate.DELETE, by_profile="profile"),
    Entry("saved_searches", SavedSearch, Fate.DELETE, by_profile="profile"),
    Entry("invitations", RoleInvitation, Fate.DELETE, by_profile="profile"),
    Entry("resumes", Resume, Fate.DELETE, by_profile="profile"),
    Entry(
        "applications",
        Application,
        Fate.BLANK,
        by_profile="profile",
        blank={
            "name": ERASED_NAME,
            "cover_letter": "",
            "work_sample_url": "",
            "resume": None,
            "offer_message": "",
            "rejection_message": "",
        },
    ),
    Entry("answers", Answer, Fate.DELETE, by_profile="application__profile"),
    Entry("application_events", ApplicationEvent, Fate.KEEP, by_profile="application__profile"),
    Entry("employer_notes", ApplicationNote, Fate.DELETE, by_profile="application__profile"),
    Entry("interview_slots", InterviewSlot, Fate.DELETE, by_profile="application__profile"),
    Entry(
        "messages",
        Message,
        Fate.BLANK,
        by_profile="application__profile",
        blank={"text": "", "sender": None},
    ),
    Entry(
        "completions",
        Completion,
        Fate.BLANK,
        by_profile="application__profile",
        blank={"summary": "", "deliverables": [], "is_public": False, "revoked_because": ""},
    ),
    Entry(
        "completion_skills",
        CompletionSkill,
        Fate.KEEP,
        by_profile="completion__application__profile",
    ),
    Entry(
        "reviews",
        Review,
        Fate.BLANK,
        by_profile="completion__application__profile",
        blank={"text": ""},
    ),
)
_OF_ACCOUNT: Final = (
    Entry("repeated_answers", StoredAnswer, Fate.DELETE, by_user="asker", by_name=askers),
    Entry(
        "letters", Letter, Fate.DELETE, by_user="address__iexact", by_name=addresses,
        sealed=frozenset({"body"}),
    ),
    Entry(
        "team_invitations", TeamInvitation, Fate.DELETE, by_user="email__iexact", by_name=addresses,
    ),
    Entry("tokens", TokenGrant, Fate.DELETE, by_user="token__user"),
    Entry("events", Event, Fate.BLANK, by_user="person", blank={"person": None}),
    Entry("sessions", StoredSession, Fate.DELETE, by_user="whose", by_name=names_of),
    Entry("drafts", Draft, Fate.DELETE, by_user="writer"),
    Entry("promised_profiles", PromisedProfile, Fate.DELETE, by_user="user"),
    Entry("notices", Notice, Fate.DELETE, by_user="recipient"),
    Entry("notice_preference", NoticePreference, Fate.DELETE, by_user="user"),
    Entry("memberships", Membership, Fate.DELETE, by_user="user"),
    Entry("address_checks", EmailVerification, Fate.DELETE, by_user="user"),
    Entry(
        "reports",
        Report,
        Fate.BLANK,
        by_user="reporter",
        blank={"text": "", "answer": "", "reporter": None},
    ),
    Entry(
        "questions_on_roles", RolePost, Fate.BLANK, by_user="author",
        blank={"question": "", "author": None},
    ),
    Entry("decisions_in_their_minute", HeldDecision, Fate.DELETE, by_user="moderator"),
    Entry("appeals", Appeal, Fate.BLANK, by_user="author", blank={"text": "", "answer": ""}),
    Entry("sanctions", Sanction, Fate.BLANK, by_user="account", blank={"reason": ""}),
    Entry("decisions", Decision, Fate.BLANK, by_user="account", blank={"reason": ""}),
)  # fmt: skip
INVENTORY: Final = (*_OF_PROFILE, *_OF_ACCOUNT)
"""The marketplace's own tables; those of other apps follow from their foreign keys."""

NOT_ABOUT_THE_PERSON: Final = frozenset({"admin.LogEntry"})
"""Tables of other apps that record what staff did and hold no word about the person."""

_MARKET = "What an employer says to everybody; who of the team wrote it is let go of."
_FILE = "An employer's own file and what became of its rows; who asked for it is let go of."
_WORDS = "The vocabulary of skills."
_STAFF = "What whoever runs the site has set."
_COMPUTED = "Computed from roles and profiles, and made anew without the profile."
_RIGHTS = "What accounts may do; erasing takes it away from the account."
_OWNED = "Goes with the row it is about, which stands above."

WITHOUT_A_PERSON: Final[Mapping[str, str]] = {
    "accounts.User_groups": _RIGHTS,
    "accounts.User_user_permissions": _RIGHTS,
    "admin.LogEntry": "What staff did, on record; it names rows by number.",
    "auth.Group": _RIGHTS,
    "auth.Group_permissions": _RIGHTS,
    "auth.Permission": _RIGHTS,
    "contenttypes.ContentType": "The names of tables.",
    "core.AutoApproval": _STAFF,
    "core.ExchangeRate": _STAFF,
    "core.PayFloor": _STAFF,
    "core.ReservedWord": _STAFF,
    "core.SentForm": "A digest for two days, which nothing leads from to anybody.",
    "core.Site": _STAFF,
    "employers.Employer": "An organization.",
    "importing.Doubt": _FILE,
    "importing.ImportJob": _FILE,
    "importing.ReadRow": _FILE,
    "importing.Source": _FILE,
    "importing.SourceReading": _FILE,
    "matching.Market": _COMPUTED,
    "matching.OwedWork": "Which rows are to be computed anew, by number.",
    "matching.PackedCandidate": _COMPUTED,
    "matching.PackedRole": _COMPUTED,
    "matching.Price": _COMPUTED,
    "matching.RoleList": _COMPUTED,
    "matching.RoleOdds": _COMPUTED,
    "matching.Run": _COMPUTED,
    "matching.RunCell": _COMPUTED,
    "matching.RunInput": _COMPUTED,
    "matching.RunPart": _COMPUTED,
    "matching.RunRoles": _COMPUTED,
    "matching.SiteOdds": _COMPUTED,
    "messaging.Delivery": _OWNED,
    "moderation.Finding": "What checks noticed in a role.",
    "moderation.Fingerprint": "Digests of the text of roles.",
    "moderation.FingerprintBand": "Digests of the text of roles.",
    "roles.Deliverable": _MARKET,
    "roles.ExternalClicks": "How often a day a link was followed, by nobody in particular.",
    "roles.Opportunity": _MARKET,
    "roles.OpportunitySkill": _MARKET,
    "roles.Question": _MARKET,
    "sessions.Session": "Django's own table, which is not used: sessions are StoredSession.",
    "site.PolicyReport": "How often a kind of page broke the policy, without who saw it.",
    "skills.Skill": _WORDS,
    "skills.SkillAlias": _WORDS,
    "skills.SkillBroader": _WORDS,
    "webhooks.WebhookDelivery": "Numbers and states of an employer's rows, without a word.",
    "webhooks.WebhookEndpoint": "An address of an employer's own system.",
}
"""Every other table of the database, and why neither archive nor erasing knows it."""


def foreign(owner: type[Model]) -> Iterator[Entry]:
    """Yield an entry for each table of another app that hangs on an account or a profile.

    What hangs on such a table comes before it, so that it is deleted first.
    """
    is_profile = owner is CandidateProfile
    for model, column in _hanging_on(owner):
        for part, inner in _hanging_on(model):
            yield _foreign_entry(part, f"{inner}__{column}", is_profile=is_profile)
        yield _foreign_entry(model, column, is_profile=is_profile)


def _hanging_on(owner: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Yield the tables of other apps whose rows go with those of a table, and the columns."""
    for relation in owner._meta.related_objects:
        model, column = relation.related_model, relation.field
        if (
            model._meta.app_label not in ROOMS
            and model._meta.label not in NOT_ABOUT_THE_PERSON
            and column.concrete
            and getattr(relation, "on_delete", None) is CASCADE
        ):
            yield model, column.name


def _foreign_entry(model: type[Model], lookup: str, *, is_profile: bool) -> Entry:
    return Entry(
        name=model._meta.label.replace(".", "_").lower(),
        model=model,
        fate=Fate.DELETE,
        by_user="" if is_profile else lookup,
        by_profile=lookup if is_profile else "",
    )


def entries() -> list[Entry]:
    """Return every table that speaks of a person, those of other apps last."""
    return [*INVENTORY, *foreign(CandidateProfile), *foreign(User)]
