"""Delete what is no longer needed; each rule is a row of ``opportunities.core.retention``.

A sweep works from dates alone: run twice, late or never for a week, it ends in the same state.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext
from knox.models import AuthToken

from opportunities.accounts.models import Draft, StoredAnswer, StoredSession, User
from opportunities.applications import models as applications
from opportunities.applications.models import Application
from opportunities.candidates.models import CandidateProfile, ProfileSight
from opportunities.core import retention as rules
from opportunities.core.models import SentForm
from opportunities.employers.models import EmailVerification, TeamInvitation
from opportunities.importing.models import ImportJob, SourceReading
from opportunities.messaging.models import Letter, Notice
from opportunities.messaging.notify import notify
from opportunities.privacy.erase import erase, erase_unkept
from opportunities.privacy.inventory import NO_PAPERS
from opportunities.webhooks import event_log

BATCH: Final = 500
ENDED_NAME: Final = "Former candidate"


_ALSO: Final[dict[str, Callable[[datetime], int]]] = {}


def also(name: str, rule: Callable[[datetime], int]) -> None:
    """Add the sweep of a table that only a higher room knows, when Django starts."""
    if _ALSO.setdefault(name, rule) is not rule:
        raise RuntimeError(f"The sweep {name} is added twice.")


def sweep(*, at: datetime) -> Mapping[str, int]:
    """Apply every rule of retention; return how many rows each took.

    A bounded number of rows each, but every session and every repeatable answer that has run out:
    anybody can make those by the thousand, so that a bound would let them pile up.
    """
    links = at - timedelta(days=rules.LINKS_DAYS)
    return {
        "unkept_profiles": _unkept_profiles(at),
        "warned_accounts": _warn_unused_accounts(at),
        "unused_accounts": _unused_accounts(at),
        "papers": _papers(at),
        "notices": _delete(Notice, created_at__lt=at - timedelta(days=rules.NOTICES_DAYS)),
        "sights": _delete(ProfileSight, seen_on__lt=at.date() - timedelta(days=rules.SIGHTS_DAYS)),
        "sent_forms": _delete(SentForm, at__lt=at - timedelta(days=rules.FORMS_DAYS)),
        "drafts": _delete(Draft, changed_at__lt=at - timedelta(days=rules.DRAFTS_DAYS)),
        "letters": _delete(Letter, written_at__lt=at - timedelta(days=rules.LETTERS_DAYS)),
        "team_links": _delete(TeamInvitation, expires_at__lt=links),
        "address_links": _delete(EmailVerification, expires_at__lt=links),
        "tokens": _delete(AuthToken, expiry__lt=at - timedelta(days=rules.TOKENS_DAYS)),
        "imports": _delete(ImportJob, created_at__lt=at - timedelta(days=rules.IMPORTS_DAYS)),
        "readings": _delete(SourceReading, created_at__lt=at - timedelta(days=rules.IMPORTS_DAYS)),
        "repeated_answers": _delete_all(
            StoredAnswer, at__lte=at - timedelta(days=rules.ANSWERS_DAYS)
        ),
        "events": event_log.forget(at=at),
        "sessions": _delete_all(StoredSession, expire_date__lt=at),
        **{name: rule(at) for name, rule in _ALSO.items()},
    }


def _delete(model: type[Model], **condition: Any) -> int:
    """Delete a bounded number of rows that are past their date."""
    rows: Any = model._meta.default_manager
    chosen = list(rows.filter(**condition).order_by("pk").values_list("pk", flat=True)[:BATCH])
    rows.filter(pk__in=chosen).delete()
    return len(chosen)


def _delete_all(model: type[Model], **condition: Any) -> int:
    """Delete every row that is past its date, in batches, so that no one statement is long."""
    total = 0
    while deleted := _delete(model, **condition):
        total += deleted
    return total


def _unkept_profiles(at: datetime) -> int:
    since = at - timedelta(days=rules.UNKEPT_DAYS)
    due = CandidateProfile.objects.filter(
        user__isnull=True, erased_at__isnull=True, seen_at__lt=since
    )
    chosen = list(due.order_by("pk").values_list("pk", flat=True)[:BATCH])
    for profile_id in chosen:
        erase_unkept(profile_id=profile_id, unseen_since=since, at=at)
    return len(chosen)


def _unused(at: datetime, days: int) -> QuerySet[User]:
    """Return candidates' accounts unused for so long; who acts for others is left alone."""
    return (
        User.objects.filter(
            is_active=True, is_staff=False, memberships__isnull=True, profile__isnull=False
        )
        .alias(used_at=Greatest("profile__seen_at", Coalesce("last_login", "profile__seen_at")))
        .filter(used_at__lt=at - timedelta(days=days))
        .order_by("pk")
    )


def _warn_unused_accounts(at: datetime) -> int:
    """Tell candidates, once a year of silence, that their account will be erased."""
    due = _unused(at, rules.UNUSED_DAYS - rules.WARNING_DAYS).exclude(
        notices__kind="account_unused",
        notices__created_at__gte=at - timedelta(days=rules.NOTICES_DAYS),
    )
    told = list(due[:BATCH])
    for person in told:
        notify(
            recipients=[person],
            kind="account_unused",
            key=f"account_unused:{at.year}",
            subject=lambda: gettext("Your account will be erased"),
            body=lambda: (
                gettext(
                    "You have not used your account for a long time. It will be erased in %(days)s"
                    " days unless you sign in before then."
                )
                % {"days": rules.WARNING_DAYS}
            ),
            url="/me/",
            at=at,
            is_decision=True,
        )
    return len(told)


def _unused_accounts(at: datetime) -> int:
    """Erase accounts whose owners were warned in time and did not come back."""
    due = _unused(at, rules.UNUSED_DAYS).filter(
        notices__kind="account_unused",
        notices__created_at__lt=at - timedelta(days=rules.WARNING_DAYS),
    )
    chosen = list(due.distinct()[:BATCH])
    for person in chosen:
        erase(owner=person, at=at)
    return len(chosen)


@transaction.atomic
def _papers(at: datetime) -> int:
    """Empty the papers of applications that ended long ago; that they existed stays known."""
    ended = Application.objects.filter(ended_at__lt=at - timedelta(days=rules.PAPERS_DAYS)).exclude(
        name=ENDED_NAME
    )
    chosen = list(ended.order_by("pk").values_list("pk", flat=True)[:BATCH])
    for model in (applications.Answer, applications.ApplicationNote, applications.InterviewSlot):
        rows: Any = model._meta.default_manager
        rows.filter(application__in=chosen).delete()
    applications.Message.objects.filter(application__in=chosen).update(text="", sender=None)
    Application.objects.filter(pk__in=chosen).update(name=ENDED_NAME, **NO_PAPERS)
    return len(chosen)
