"""One step of an application: the locks it takes, the row it writes and whom it tells.

Locks are always taken in one order: the role first, where places are at stake, then the
application. ``apply`` and ``close`` both lock the role, so an application never enters a role
that has closed.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, tzinfo
from functools import partial
from typing import Any, NamedTuple

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.accounts.time_zones import by_zone
from opportunities.applications.models import Application, ApplicationEvent
from opportunities.applications.notice_texts import NOTICE_TEXTS, spoken
from opportunities.applications.permissions import can_view_application, is_applicant
from opportunities.applications.pseudonyms import shown_name
from opportunities.core.calendar import add_working_days
from opportunities.core.errors import NotAllowed, NotFound
from opportunities.core.languages import Translatable
from opportunities.core.lifecycle import SEATED, application_after
from opportunities.core.models import Site
from opportunities.core.rows import require_row, update_row
from opportunities.core.signals import application_moved
from opportunities.employers.permissions import is_member, members_of
from opportunities.messaging.notify import notify
from opportunities.roles.locking import lock_role
from opportunities.roles.models import Opportunity
from opportunities.roles.response_times import country_of, response_days

NO_SUCH = gettext_lazy("There is no such application.")


class Promise(NamedTuple):
    """The day an answer is promised for, and the last day before silence releases the applicant.

    They are called as an application keeps them.
    """

    answer_due_on: date
    release_on: date


def promise(role: Opportunity, *, since: date) -> Promise:
    """Return the dates of the employer's promise, in its own working days."""
    site = Site.load()
    country = country_of(role)
    due_on = add_working_days(since, response_days(role, site), country=country)
    return Promise(due_on, add_working_days(due_on, site.grace_days, country=country))


def lock_application(application_id: int, *, role: Opportunity | None = None) -> Application:
    """Lock the application's row and return it with role, employer, profile and account.

    Who has the role at hand gives it, and it is not read again.
    """
    rows = Application.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("profile__user")
    if role is None:
        rows = rows.select_related("opportunity__employer")
    application = require_row(rows.filter(pk=application_id), NO_SUCH)
    if role is not None:
        application.opportunity = role
    return application


def lock_with_role(application_id: int) -> Application:
    """Lock the role, then the application: for every step that takes or gives back a place."""
    rows = Application.objects.filter(pk=application_id).only("opportunity")
    role = lock_role(require_row(rows, NO_SUCH).opportunity_id)
    return lock_application(application_id, role=role)


def require_applicant(actor: User, application: Application) -> None:
    """Refuse everybody but the person who applied."""
    if is_applicant(actor, application):
        return
    if can_view_application(actor, application):
        raise NotAllowed(_("Only the applicant may do this."))
    raise NotFound(NO_SUCH)


def require_member(actor: User, application: Application) -> None:
    """Refuse everybody but the employer's members."""
    if is_member(actor, application.opportunity.employer_id):
        return
    if can_view_application(actor, application):
        raise NotAllowed(_("Only the employer may do this."))
    raise NotFound(NO_SUCH)


def take_step(
    application: Application,
    action: str,
    *,
    actor: User | None,
    at: datetime,
    detail: str = "",
    **changes: Any,
) -> None:
    """Move a locked application along the table and write the dated event, or ``WrongState``."""
    status = application_after(application.status, action)
    update_row(application, status=status, version=application.version + 1, **changes)
    record(application, action, actor=actor, at=at, detail=detail)


def record(
    application: Application, action: str, *, actor: User | None, at: datetime, detail: str = ""
) -> None:
    """Write one dated event of the track; events are only ever added."""
    ApplicationEvent.objects.create(
        application=application,
        action=action,
        status=application.status,
        actor=actor,
        at=at,
        detail=detail[:300],
    )
    application_moved.send(sender=type(application), application=application, action=action)


def count_places(role: Opportunity) -> None:
    """Set the places held of a locked role to what its applications say."""
    held = min(role.capacity, role.applications.filter(status__in=SEATED).count())
    Opportunity.objects.filter(pk=role.pk).exclude(seats_held=held).update(seats_held=held)
    role.seats_held = held


def tell(
    application: Application,
    action: str,
    *,
    at: datetime,
    key: str = "",
    to: Iterable[str] = ("candidate", "employer"),
    **words: object,
) -> None:
    """Tell both sides of a step, each once; ``key`` names the event where the step may recur.

    Each reads times by their own clock. Both sides of a decision learn of it; it is a *decision*
    (mailed at once) for the side that did not make it.
    """
    role, user, page = application.opportunity, application.profile.user, application.public_id
    name = f"application_{action}"
    event = f"{name}:{page}:{key or application.version}"
    pages = {"candidate": f"/applications/{page}/", "employer": f"/employer/applications/{page}/"}
    for side in to:
        if side == "candidate":
            recipients = [user] if user else []
        else:
            recipients = members_of(role.employer_id)
        for zone, readers in by_zone(recipients).items():
            subject, body = words_for(application, action, side, zone=zone, **words)
            notify(
                recipients=readers,
                kind=name,
                key=event,
                subject=subject,
                body=body,
                at=at,
                url=pages[side],
                is_decision=NOTICE_TEXTS[action][side].is_decision,
            )


def words_for(
    application: Application, action: str, side: str, *, zone: tzinfo, **words: object
) -> tuple[Callable[[], str], Callable[[], str]]:
    """Return what says subject and body of the notice of a step to one side, by a clock."""
    facts: dict[str, object] = {
        "role": application.opportunity.title,
        "employer": application.opportunity.employer.name,
        "name": lambda _zone: shown_name(application),
    }
    if message := words.get("message"):
        words["message"] = lambda _zone: (
            gettext("%(employer)s writes: “%(message)s”") % {**facts, "message": message}
        )
    text = NOTICE_TEXTS[action][side]
    told = partial(_filled, facts=facts | words, zone=zone)
    return partial(told, text.subject), partial(told, text.body)


def _filled(text: Translatable, *, facts: Mapping[str, object], zone: tzinfo) -> str:
    """Say a text of a notice with its facts, in the active language and by a reader's clock."""
    told = {word: str(spoken(fact, zone)) for word, fact in facts.items()}
    return str(text).format_map(told).strip()
