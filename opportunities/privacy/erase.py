"""Erase a person: delete what is theirs alone, and blank their part in what others rely on."""

from datetime import datetime
from functools import partial
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import SET_NULL, Q
from django.utils.translation import gettext, gettext_lazy

from opportunities.accounts.models import User
from opportunities.applications import applying
from opportunities.applications.models import Application
from opportunities.candidates import profiles
from opportunities.candidates.models import CandidateProfile
from opportunities.candidates.profiles import ProfileOwner
from opportunities.core.errors import Conflict
from opportunities.core.lifecycle import LIVE, SEATED, ApplicationStatus, RoleStatus
from opportunities.core.rows import require_row, update_row
from opportunities.core.signals import announce_profile
from opportunities.employers.models import MemberRole
from opportunities.employers.permissions import members_of
from opportunities.messaging.models import Delivery, Notice
from opportunities.messaging.notify import columns, in_each_language, notify
from opportunities.privacy.inventory import Fate, entries
from opportunities.roles.models import Opportunity, RolePost
from opportunities.roles.wording import quantity

WITHDRAWN_FIRST: Final = LIVE | {ApplicationStatus.OFFERED, ApplicationStatus.ACCEPTED}
UNFINISHED_ROLES: Final = (RoleStatus.IN_REVIEW, RoleStatus.OPEN, RoleStatus.PAUSED)
STAYS: Final = frozenset({"id", "created_at", "version", "erased_at"})


@transaction.atomic
def erase(*, owner: ProfileOwner, at: datetime) -> None:
    """Erase a candidate's profile, and with an account everything about the person.

    Applications under way are withdrawn first, so that places come free. Raises ``Conflict``
    where an employer would be left without an owner or with open roles.
    """
    user = _lock_account(owner) if isinstance(owner, User) else None
    if user is not None:
        profile = _lock_profile(user=user)
        _require_no_orphans(user)
    else:
        profile = _lock_profile(pk=profiles.find(owner=owner).pk)
    _erase(user, profile, at=at)


@transaction.atomic
def erase_unkept(*, profile_id: int, unseen_since: datetime, at: datetime) -> None:
    """Erase a profile that has no account, without its secret: for the retention sweep.

    One that an account took over or somebody looked at meanwhile stays.
    """
    _erase(None, _lock_profile(pk=profile_id, user=None, seen_at__lt=unseen_since), at=at)


def _erase(user: User | None, profile: CandidateProfile | None, *, at: datetime) -> None:
    withdrawn = _withdraw(user, profile, at=at) if user and profile else []
    _forget_words_told_to_others(user, profile)
    if profile is not None:
        for name in profile.resumes.values_list("file", flat=True):
            transaction.on_commit(partial(default_storage.delete, name))
    _allow_emptying(is_allowed=True)
    for entry in entries():
        rows = entry.rows(user=user, profile=profile)
        if entry.fate == Fate.DELETE:
            rows.delete()
        elif entry.fate == Fate.BLANK:
            rows.order_by().update(**entry.blank)
    _allow_emptying(is_allowed=False)
    if profile is not None:
        _empty_profile(profile, at=at)
    if user is not None:
        _empty_account(user, at=at)
    for application in withdrawn:
        _tell_employer(application, at=at)


def _withdraw(user: User, profile: CandidateProfile, *, at: datetime) -> list[Application]:
    """Withdraw what is under way and return it as it stood before."""
    underway = profile.applications.filter(status__in=sorted(WITHDRAWN_FIRST))
    before = list(underway.order_by("opportunity_id"))
    for application in before:
        applying.withdraw(application_id=application.pk, candidate=user, at=at)
    return before


def _tell_employer(was: Application, *, at: datetime) -> None:
    """Tell the employer what came free, and not whose it was."""
    role = Opportunity.objects.get(pk=was.opportunity_id)
    if was.status in SEATED:
        free = role.capacity - role.seats_held
        subject = gettext_lazy("A place is free again: %(role)s")
        body = (
            gettext_lazy(
                "Somebody who had accepted a place of %(role)s has erased their data, and with it"
                " the application. %(free)s of %(places)s are free now."
            )
            if was.status == ApplicationStatus.ACCEPTED
            else gettext_lazy(
                "Somebody who had been offered a place of %(role)s has erased their data, and with"
                " it the application. %(free)s of %(places)s are free now."
            )
        )
    else:
        free = 0
        subject = gettext_lazy("An application was withdrawn: %(role)s")
        body = gettext_lazy("Somebody who had applied for %(role)s has erased their data.")

    def told() -> dict[str, object]:
        return {"role": role.title, "free": free, "places": quantity(role.capacity, "place")}

    notify(
        recipients=members_of(role.employer_id),
        kind="application_withdraw",
        key=f"erased:{was.pk}",
        subject=lambda: subject % told(),
        body=lambda: body % told(),
        at=at,
        url=f"/employer/roles/{role.public_id}/",
        is_decision=was.status in SEATED,
    )


def _lock_account(user: User) -> User:
    rows = User.objects.select_for_update(no_key=True).filter(pk=user.pk, erased_at=None)
    return require_row(rows, gettext("There is no such account."))


def _lock_profile(**which: Any) -> CandidateProfile | None:
    return CandidateProfile.objects.select_for_update(no_key=True).filter(**which).first()


def _require_no_orphans(user: User) -> None:
    """Refuse while an employer has nobody else who owns it and still has work under way."""
    owned = user.memberships.filter(role=MemberRole.OWNER).select_related("employer")
    for membership in owned:
        employer = membership.employer
        others = employer.memberships.exclude(user=user)
        if others.filter(role=MemberRole.OWNER).exists():
            continue
        if others.exists():
            said = gettext("Make somebody else an owner of %(name)s first.")
            raise Conflict(said % {"name": employer.name})
        if employer.opportunities.filter(status__in=UNFINISHED_ROLES).exists():
            said = gettext("Close the roles of %(name)s first.")
            raise Conflict(said % {"name": employer.name})


def _forget_words_told_to_others(user: User | None, profile: CandidateProfile | None) -> None:
    """Empty the notices in which employers were told of the person's applications and questions."""
    about = Q(pk__in=[])
    if profile is not None:
        for public_id in profile.applications.values_list("public_id", flat=True):
            about |= Q(key__contains=public_id) | Q(url__contains=public_id)
    if user is not None:
        posts = RolePost.objects.filter(author=user).values_list("pk", flat=True)
        about |= Q(key__in=[f"role_question:{pk}" for pk in posts])
    told = Notice.objects.filter(about)
    if user is not None:
        told = told.exclude(recipient=user)
    ids = list(told.values_list("pk", flat=True))
    Delivery.objects.filter(notice__in=ids, sent_at__isnull=True).delete()
    anew = in_each_language(
        lambda: gettext("About a candidate"), lambda: gettext("This person has erased their data.")
    )
    for reader in User.objects.filter(notices__in=ids).distinct():
        Notice.objects.filter(pk__in=ids, recipient=reader).update(**columns(anew, reader))


def _allow_emptying(*, is_allowed: bool) -> None:
    """Tell the append-only tables that words about a person may be emptied, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('foothold.erasing', %s, true)", ["on" if is_allowed else "off"]
        )


def _empty_profile(profile: CandidateProfile, *, at: datetime) -> None:
    """Delete the profile; where applications stay, keep a row that says nothing."""
    announce_profile(profile)
    if not profile.applications.exists():
        profile.delete()
        return
    empty = CandidateProfile(available_from=at.date(), seen_at=at, changed_at=at)
    columns = [each.attname for each in CandidateProfile._meta.concrete_fields]
    nothing = {name: getattr(empty, name) for name in columns if name not in STAYS}
    update_row(profile, **nothing, erased_at=at, version=profile.version + 1)


def _empty_account(user: User, *, at: datetime) -> None:
    """Leave a number to which history can point: no name, no address, no way in."""
    for relation in User._meta.related_objects:
        if getattr(relation, "on_delete", None) is SET_NULL and relation.field.concrete:
            rows: Any = relation.related_model._meta.default_manager
            rows.filter(**{relation.field.name: user}).update(**{relation.field.name: None})
    user.groups.clear()
    user.user_permissions.clear()
    update_row(
        user, email=f"erased-{user.pk}@erased.invalid", password=make_password(None), name="",
        time_zone="", browser_zone="", language="", browser_language="", is_active=False,
        is_staff=False, is_superuser=False, last_login=None, erased_at=at,
    )  # fmt: skip
