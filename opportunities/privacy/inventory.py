"""Every table that speaks of a person: how its rows are found, and what erasing does to them.

``by_user`` and ``by_profile`` are lookups from the table to the account and to the profile.
*Delete* takes the rows away; *blank* keeps what others rely on (that an application existed, how
it ended, what a moderator decided) and empties every word about the person; *keep* marks rows
that hold no word about anybody.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from django.db.models import CASCADE, Model, QuerySet
from knox.models import AuthToken

from opportunities import ROOMS
from opportunities.accounts.models import Draft, StoredAnswer, StoredSession, User
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
from opportunities.employers.models import EmailVerification, Membership
from opportunities.engagements.models import Completion, CompletionSkill, Review
from opportunities.messaging.models import Notice, NoticePreference
from opportunities.moderation.models import Appeal, Decision, HeldDecision, Report, Sanction
from opportunities.roles.models import RolePost


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

    def rows(self, *, user: User | None, profile: CandidateProfile | None) -> QuerySet[Any]:
        """Return the rows that speak of this person."""
        rows: QuerySet[Any] = QuerySet(self.model).order_by("pk")
        if self.by_profile:
            return rows.filter(**{self.by_profile: profile}) if profile else rows.none()
        if user is None:
            return rows.none()
        if self.by_name is not None:
            return rows.filter(**{f"{self.by_user}__in": self.by_name(user)})
        return rows.filter(**{self.by_user: user})


def askers(user: User) -> list[str]:
    """Return the names under which an account and its tokens ask; see ``config.contract``."""
    tokens = AuthToken.objects.filter(user=user).values_list("pk", flat=True)
    return [f"account:{user.pk}", *[f"token:{pk[:64]}" for pk in tokens]]


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
        blank={"summary": "", "deliverables": [], "is_public": False},
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
