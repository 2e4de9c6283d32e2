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

from django.db.models import CASCADE, Model, Q, QuerySet
from knox.models import AuthToken

from opportunities import ROOMS
from opportunities.accounts import models as accounts
from opportunities.accounts.models import User
from opportunities.accounts.sessions import addresses_of, names_of
from opportunities.applications import models as applications
from opportunities.applications.pseudonyms import ERASED
from opportunities.candidates import models as candidates
from opportunities.candidates.models import CandidateProfile
from opportunities.employers import models as employers
from opportunities.engagements import models as engagements
from opportunities.messaging import models as messaging
from opportunities.moderation import models as moderation
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


NO_PAPERS: Final[Mapping[str, Any]] = {
    "cover_letter": "", "work_sample_url": "", "resume": None, "offer_message": "",
    "rejection_message": "",
}  # fmt: skip
"""The columns of an application without what either side wrote or sent."""

_APPLICANT: Final = "application__profile"
_WORKER: Final = "completion__application__profile"
_OWN: Final[Mapping[str, type[Model]]] = {
    "skills": candidates.CandidateSkill,
    "target_skills": candidates.TargetSkill,
    "blocked_employers": candidates.BlockedEmployer,
    "shown_to_employers": candidates.ProfileSight,
    "saved_roles": candidates.SavedRole,
    "external_applications": applications.ExternalApplication,
    "saved_searches": candidates.SavedSearch,
    "invitations": applications.RoleInvitation,
    "resumes": candidates.Resume,
}
_OF_PROFILE: Final = (
    *(Entry(name, model, Fate.DELETE, by_profile="profile") for name, model in _OWN.items()),
    Entry("applications", applications.Application, Fate.BLANK, by_profile="profile",
        blank={"name": ERASED, **NO_PAPERS}),
    Entry("answers", applications.Answer, Fate.DELETE, by_profile=_APPLICANT),
    Entry("application_events", applications.ApplicationEvent, Fate.KEEP, by_profile=_APPLICANT),
    Entry("employer_notes", applications.ApplicationNote, Fate.DELETE, by_profile=_APPLICANT),
    Entry("interview_slots", applications.InterviewSlot, Fate.DELETE, by_profile=_APPLICANT),
    Entry("messages", applications.Message, Fate.BLANK, by_profile=_APPLICANT,
        blank={"text": "", "sender": None}),
    Entry("completions", engagements.Completion, Fate.BLANK, by_profile=_APPLICANT,
        blank={"summary": "", "deliverables": [], "is_public": False, "revoked_because": ""}),
    Entry("completion_skills", engagements.CompletionSkill, Fate.KEEP, by_profile=_WORKER),
    Entry("reviews", engagements.Review, Fate.BLANK, by_profile=_WORKER, blank={"text": ""}),
)  # fmt: skip
_OF_ACCOUNT: Final = (
    Entry("repeated_answers", accounts.StoredAnswer, Fate.DELETE, by_user="asker", by_name=askers),
    Entry("letters", messaging.Letter, Fate.DELETE, by_user="address__iexact", by_name=addresses_of,
        sealed=frozenset({"body"})),
    Entry("team_invitations", employers.TeamInvitation, Fate.DELETE, by_user="email__iexact",
        by_name=addresses_of),
    Entry("tokens", accounts.TokenGrant, Fate.DELETE, by_user="token__user"),
    Entry("events", Event, Fate.BLANK, by_user="person", blank={"person": None}),
    Entry("sessions", accounts.StoredSession, Fate.DELETE, by_user="whose", by_name=names_of),
    Entry("drafts", accounts.Draft, Fate.DELETE, by_user="writer"),
    Entry("promised_profiles", candidates.PromisedProfile, Fate.DELETE, by_user="user"),
    Entry("notices", messaging.Notice, Fate.DELETE, by_user="recipient"),
    Entry("notice_preference", messaging.NoticePreference, Fate.DELETE, by_user="user"),
    Entry("memberships", employers.Membership, Fate.DELETE, by_user="user"),
    Entry("address_checks", employers.EmailVerification, Fate.DELETE, by_user="user"),
    Entry("reports", moderation.Report, Fate.BLANK, by_user="reporter",
        blank={"text": "", "answer": "", "reporter": None}),
    Entry("questions_on_roles", RolePost, Fate.BLANK, by_user="author",
        blank={"question": "", "author": None}),
    Entry("decisions_in_their_minute", moderation.HeldDecision, Fate.DELETE, by_user="moderator"),
    Entry("appeals", moderation.Appeal, Fate.BLANK, by_user="author",
        blank={"text": "", "answer": ""}),
    Entry("sanctions", moderation.Sanction, Fate.BLANK, by_user="account", blank={"reason": ""}),
    Entry("decisions", moderation.Decision, Fate.BLANK, by_user="account", blank={"reason": ""}),
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
