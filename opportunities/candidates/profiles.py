"""Candidates say who they are: a profile with or without an account, kept by a secret link.

Every fact is checked here by one table; what does not pass is named field by field. Whoever
holds the account or the secret is the profile's *owner*, and nobody else may change it.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opportunities.accounts.models import User
from opportunities.accounts.permissions import require_unblocked
from opportunities.candidates import moving
from opportunities.candidates.fields import FIELDS, MAX_SKILLS, MAX_TARGETS, checked
from opportunities.candidates.models import (
    CandidateProfile,
    CandidateProfileQuerySet,
    CandidateSkill,
    TargetSkill,
    Visibility,
)
from opportunities.core.errors import Conflict, Fault, Invalid, NotFound
from opportunities.core.limiting import Limit
from opportunities.core.rows import require_row, update_row
from opportunities.core.signals import announce_profile
from opportunities.skills.models import Skill


class Link(NamedTuple):
    """A secret link that a browser has opened: enough to find its profile, not to open it anew."""

    digest: str


type ProfileOwner = User | str | Link
"""An account, or the secret of a profile that has none, or a link that this browser opened."""

HOUR: Final = 60 * 60
SEEN_EVERY: Final = timedelta(days=1)
NO_PROFILE: Final = gettext_lazy("There is no such profile.")

moving.moves(CandidateSkill, moving.rows_of(CandidateSkill, once="skill", most=MAX_SKILLS))
moving.moves(TargetSkill, moving.rows_of(TargetSkill, once="skill", most=MAX_TARGETS))


class Kept(NamedTuple):
    """A profile and, where it has no account, the secret of its link: shown once, never stored."""

    profile: CandidateProfile
    secret: str | None


@transaction.atomic
def create(
    *,
    facts: Mapping[str, Any],
    at: datetime,
    user: User | None = None,
    address: str = "",
    is_counted: bool = True,
) -> Kept:
    """Create a profile from what a candidate says; without an account a secret keeps it.

    So many without an account are made from one ``address``, which names where they ask, and so
    many in all; ``LimitReached`` is raised for more. One that an account takes in at once is not
    counted.

    ``facts`` holds names of ``fields.FIELDS`` plus ``skills`` (slug to level 0..4) and
    ``targets`` (slug to priority 1..3); what is left out takes its default. Raises ``Invalid``,
    or ``Conflict`` if the account has a profile.
    """
    if user is not None:
        # The row of the account orders two requests of one person.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if CandidateProfile.objects.of(user).exists():
            raise Conflict(_("This account has a profile."))
    values = checked({"available_from": at.date(), **facts})
    if user is None and is_counted:
        _count_guest(address, at=at)
    profile = CandidateProfile(user=user, created_at=at, changed_at=at, seen_at=at)
    for name, value in values.items():
        if name in FIELDS:
            setattr(profile, name, value)
    secret = None if user is not None else _new_secret()
    profile.secret_digest = _digest(secret) if secret else None
    profile.save()
    _set_skills(profile, values)
    announce_profile(profile)
    return Kept(profile, secret)


@transaction.atomic
def change(*, owner: ProfileOwner, facts: Mapping[str, Any], at: datetime) -> CandidateProfile:
    """Change the facts named and leave the others; ``skills`` and ``targets`` replace whole.

    The profile of a blocked account, which the block has hidden, stays so.
    """
    profile = locked(owner)
    values = checked(facts, profile)
    is_shown = values.get("visibility", Visibility.HIDDEN) != Visibility.HIDDEN
    if is_shown and profile.user is not None:
        require_unblocked(profile.user)
    names = [name for name in values if name in FIELDS]
    for name in names:
        setattr(profile, name, values[name])
    _touch(profile, names, at=at)
    _set_skills(profile, values)
    announce_profile(profile)
    return profile


def find(*, owner: ProfileOwner) -> CandidateProfile:
    """Return the owner's profile, or raise ``NotFound``."""
    return require_row(_own(owner), NO_PROFILE)


def note_seen(profile: CandidateProfile, *, at: datetime) -> None:
    """Note that its owner looks at a profile, at most once a day: so long nobody lets it go."""
    if profile.seen_at > at - SEEN_EVERY:
        return
    CandidateProfile.objects.filter(
        pk=profile.pk, erased_at__isnull=True, seen_at__lte=at - SEEN_EVERY
    ).update(seen_at=at)
    profile.seen_at = at


def link_of(secret: str) -> Link:
    """Return what a browser keeps of a secret."""
    return Link(_digest(secret))


@transaction.atomic
def rotate_secret(*, owner: ProfileOwner) -> str:
    """Give the profile a new secret link; the one before it opens nothing from now on."""
    profile = locked(owner)
    secret = _new_secret()
    update_row(profile, secret_digest=_digest(secret))
    return secret


@transaction.atomic
def revoke_secret(*, owner: User) -> CandidateProfile:
    """Close the secret link of a profile that has an account to open it."""
    profile = locked(owner)
    if profile.secret_digest is not None:
        update_row(profile, secret_digest=None)
    return profile


@transaction.atomic
def adopt(
    *, secret: str | Link, user: User, at: datetime, replace: bool = False
) -> CandidateProfile:
    """Give a profile kept by a secret to an account; the secret opens nothing afterwards.

    If the account has a profile, its facts are replaced by the newer answers only if ``replace``
    says so; its applications and verified skills stay, and what both keep becomes one list.
    Otherwise ``Conflict`` is raised.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    anonymous = locked(secret)
    if anonymous.user_id is not None and anonymous.user_id != user.pk:
        raise NotFound(NO_PROFILE)
    own = CandidateProfile.objects.of(user).exclude(pk=anonymous.pk).first()
    if own is None:
        anonymous.user = user
        anonymous.secret_digest = None
        _touch(anonymous, ["user", "secret_digest"], at=at)
        announce_profile(anonymous)
        return anonymous
    if not replace:
        raise Conflict(_("This account has a profile; say that these answers replace it."))
    facts: dict[str, Any] = {name: getattr(anonymous, name) for name in FIELDS}
    facts["skills"] = dict(anonymous.skills.values_list("skill__slug", "level"))
    facts["targets"] = dict(anonymous.targets.values_list("skill__slug", "priority"))
    profile = change(owner=user, facts=facts, at=at)
    moving.absorb(anonymous, profile)
    return profile


def _count_guest(address: str, *, at: datetime) -> None:
    """Count one profile without an account; an address that is stopped uses nothing up for all."""
    here = Limit(
        "guest_profile",
        settings.GUEST_PROFILES_PER_ADDRESS,
        HOUR,
        _(
            "Many profiles without an account were made from your network within the hour. "
            "Try again later, or create an account."
        ),
    )
    everywhere = Limit(
        "guest_profiles",
        settings.GUEST_PROFILES_IN_ALL,
        HOUR,
        _(
            "Many profiles without an account were made within the hour. "
            "Try again later, or create an account."
        ),
    )
    here.use(address, at=at)
    everywhere.use("all", at=at)


def _own(owner: ProfileOwner) -> CandidateProfileQuerySet:
    profiles = CandidateProfile.objects.filter(erased_at__isnull=True)
    if isinstance(owner, str):
        owner = link_of(owner)
    if isinstance(owner, Link):
        return profiles.filter(secret_digest=owner.digest)
    return profiles.of(owner)


def locked(owner: ProfileOwner) -> CandidateProfile:
    """Return the owner's profile, locked for this transaction, or raise ``NotFound``."""
    rows = _own(owner).select_for_update(of=("self",), no_key=True)
    return require_row(rows, NO_PROFILE)


def _touch(profile: CandidateProfile, names: list[str], *, at: datetime) -> None:
    profile.version += 1
    profile.changed_at = profile.seen_at = at
    derived = ("areas",) if {"regions", "rights"} & set(names) else ()
    profile.save(update_fields=[*names, *derived, "version", "changed_at", "seen_at"])


def _new_secret() -> str:
    return secrets.token_urlsafe(24)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _set_skills(profile: CandidateProfile, values: Mapping[str, Any]) -> None:
    """Replace skills and targets by those named; a level that was verified stays verified."""
    faults: list[Fault] = []
    skills = _named(values.get("skills"), "skills", MAX_SKILLS, faults)
    targets = _named(values.get("targets"), "targets", MAX_TARGETS, faults)
    if faults:
        raise Invalid(*faults)
    if skills is not None:
        verified = {skill.skill_id: skill.level for skill in profile.skills.filter(verified=True)}
        profile.skills.all().delete()
        CandidateSkill.objects.bulk_create(
            CandidateSkill(
                profile=profile,
                skill=skill,
                level=level,
                verified=level <= verified.get(skill.pk, -1),
            )
            for skill, level in skills.items()
        )
    if targets is not None:
        profile.targets.all().delete()
        TargetSkill.objects.bulk_create(
            TargetSkill(profile=profile, skill=skill, priority=priority)
            for skill, priority in targets.items()
        )


def _named(
    given: Mapping[str, int] | None, field: str, most: int, faults: list[Fault]
) -> dict[Skill, int] | None:
    if given is None:
        return None
    if len(given) > most:
        detail = ngettext("Name at most %(number)s.", "Name at most %(number)s.", most)
        faults.append(Fault(field, "too_many", detail % {"number": most}))
        return {}
    known = {
        skill.slug: skill
        for skill in Skill.objects.filter(slug__in=list(given), is_retired=False).order_by("id")
    }
    faults += [
        Fault(f"{field}/{slug}", "unknown_skill", _("This skill is not in the vocabulary."))
        for slug in sorted(set(given) - set(known))
    ]
    return {known[slug]: level for slug, level in given.items() if slug in known}
