"""Whose profile a page is about: the account signed in, or a secret link of this browser.

A session holds the digest of a link, never its secret: who reads the table of sessions can open no
profile with it.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

import structlog
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.candidates import joining, profiles
from opportunities.candidates.models import CandidateProfile, PromisedProfile
from opportunities.candidates.profiles import Link, ProfileOwner
from opportunities.core.errors import Conflict, NotFound, RuleBroken
from opportunities.core.limiting import address_of
from opportunities.core.providers import Provider

KEY: Final = "kept_by"
ANSWERS: Final = "answers"
"""What a browser told before anything was kept, by question."""
DISMISSED: Final = "dismissed"
"""The numbers of the roles that it dismissed."""
MADE: Final = "profile_made"
"""The number of a profile made here to keep something, and the questions answered until then."""
BESIDE: Final = "answers_beside"
"""Facts that a guest gave and their account has otherwise, until they choose."""

SAFE: Final = ("GET", "HEAD")

logger = structlog.get_logger(__name__)


answered_facts: Final[Provider[[HttpRequest], Mapping[str, Any]]] = Provider("what a browser told")
"""The answers of a browser as facts of a profile: whoever asks the questions reads them."""
keep_dismissed: Final[Provider[[HttpRequest, CandidateProfile, datetime], None]] = Provider(
    "what keeps the roles that a browser dismissed"
)
"""Called when a profile takes over what a browser told."""


def has_answered(request: HttpRequest) -> bool:
    """Say whether this browser holds answers that no profile keeps."""
    return ANSWERS in request.session


def forget_answers(request: HttpRequest) -> None:
    """Drop what this browser told: its answers and the roles that it dismissed."""
    request.session.pop(ANSWERS, None)
    request.session.pop(DISMISSED, None)


def asked_since_made(request: HttpRequest, profile: CandidateProfile) -> list[str] | None:
    """Return which questions its person was asked; None if the profile was not made in passing."""
    made: Mapping[str, Any] = request.session.get(MADE, {})
    return list(made["asked"]) if made.get("profile") == profile.pk else None


def note_asked(request: HttpRequest, profile: CandidateProfile, question: str) -> None:
    """Note that the person of a profile made in passing was asked a question."""
    asked = asked_since_made(request, profile)
    if asked is not None:
        request.session[MADE] = {"profile": profile.pk, "asked": [*asked, question]}


def forget_making(request: HttpRequest) -> None:
    """Take the profile at its word from now on: its person has looked at all that it says."""
    request.session.pop(MADE, None)


def owner_of(request: HttpRequest) -> ProfileOwner | None:
    """Return the account, else the link with which this browser opened a profile."""
    if isinstance(request.user, User):
        return request.user
    digest: str | None = request.session.get(KEY)
    return Link(digest) if digest else None


def profile_of(request: HttpRequest) -> CandidateProfile | None:
    """Return the owner's profile, if there is one; a link that opens none is forgotten.

    Who asks looks at it, which is noted: profiles that nobody looks at are let go.
    """
    owner = owner_of(request)
    if owner is None:
        return None
    try:
        profile = find(request, owner)
    except NotFound:
        if isinstance(owner, Link):
            request.session.pop(KEY, None)
        return None
    profiles.note_seen(profile, at=timezone.now())
    return profile


def find(request: HttpRequest, owner: ProfileOwner) -> CandidateProfile:
    """Return the owner's profile, or raise ``NotFound``; a request that changes nothing asks once.

    Nobody is noted to look at it.
    """
    known: tuple[ProfileOwner, CandidateProfile] | None = getattr(request, "known_profile", None)
    if known is not None and known[0] == owner:
        return known[1]
    profile = profiles.find(owner=owner)
    if request.method in SAFE:
        request.known_profile = owner, profile  # type: ignore[attr-defined]
    return profile


def open_here(request: HttpRequest, link: Link) -> None:
    """Let this browser keep a profile from now on, in a session of another name."""
    request.session.cycle_key()
    request.session[KEY] = link.digest


def owner_with_profile(request: HttpRequest, *, at: datetime) -> ProfileOwner:
    """Return who keeps something, with a profile to keep it in.

    The first one is made of the answers given in this browser. No link opens a guest's elsewhere
    until the guest asks for one. Raises ``LimitReached`` where guests have made too many.
    """
    owner = owner_of(request)
    if owner is not None and profile_of(request) is not None:
        return owner
    account = request.user if isinstance(request.user, User) else None
    try:
        kept = profiles.create(
            facts=answered_facts(request), user=account, at=at, address=address_of(request)
        )
    except Conflict:
        if account is None:
            raise
        return account  # the same form, pressed twice, has just made it
    keep_dismissed(request, kept.profile, at)
    asked = list(request.session.get(ANSWERS, ()))
    request.session[MADE] = {"profile": kept.profile.pk, "asked": asked}
    if account is not None:
        transaction.on_commit(partial(forget_answers, request))
        return account
    link = profiles.link_of(kept.secret or "")
    open_here(request, link)
    return link


def has_something(request: HttpRequest) -> bool:
    """Say whether a guest has anything here that signing in would bring along."""
    return not request.user.is_authenticated and (KEY in request.session or has_answered(request))


def promise(request: HttpRequest, user: User, *, at: datetime) -> None:
    """Let an account that was just made find this guest's profile in another browser, too.

    In this one it finds it anyway. Where guests have made too many profiles, only in this one.
    """
    if not has_something(request) or not user.has_usable_password():
        return
    try:
        profile = profiles.find(owner=owner_with_profile(request, at=at))
    except RuleBroken:
        return
    if profile.user_id is None:
        PromisedProfile.objects.update_or_create(
            profile=profile,
            defaults={
                "user": user, "proof": user.get_session_auth_hash(), "promised_at": at,
            },
        )  # fmt: skip


def bring_along(request: HttpRequest, user: User, *, at: datetime) -> None:
    """Let what this browser has as a guest go into the account that signs in.

    What differs from the account's own answers waits in the session for a choice. Nobody is kept
    from signing in by it: what cannot be joined now stays with the browser.
    """
    links = [Link(digest)] if (digest := request.session.get(KEY)) else []
    links += _promised_to(user, request)
    if not links and not has_answered(request):
        return
    try:
        with transaction.atomic():
            joined = _join_all(request, links, user, at=at)
            PromisedProfile.objects.filter(user=user).delete()
    except (RuleBroken, DatabaseError):
        logger.exception("guest_not_joined", user=user.pk)
        return
    request.session.pop(KEY, None)
    forget_answers(request)
    if joined is None:
        return
    said = _("What you answered and saved before signing in is in your account.")
    if joined.differing:
        request.session[BESIDE] = joining.as_json(joined.differing)
        beside = _("Some answers differ from those it had.")
        said = f"{said} {beside}"
    messages.success(request, said, fail_silently=True)


def _promised_to(user: User, request: HttpRequest) -> list[Link]:
    """Return the profiles promised at sign-up to whoever signed in with the password set there."""
    records = get_authentication_records(request, user)
    if not any(record.get("method") == "password" for record in records):
        return []
    digests = PromisedProfile.objects.filter(
        user=user, proof=user.get_session_auth_hash(), profile__user=None
    ).values_list("profile__secret_digest", flat=True)
    return [Link(digest) for digest in digests if digest]


def _join_all(
    request: HttpRequest, links: list[Link], user: User, *, at: datetime
) -> joining.Joined | None:
    joined: joining.Joined | None = None
    differing: dict[str, Any] = {}
    for link in dict.fromkeys(links):
        try:
            joined = joining.join(guest=link, user=user, at=at)
        except NotFound:  # another account took it over, or it was erased
            continue
        differing |= joined.differing
    if has_answered(request) and joined is None:
        joined = joining.tell(user=user, facts=answered_facts(request), at=at)
        differing |= joined.differing
    if joined is None:
        return None
    keep_dismissed(request, joined.profile, at)
    return joined._replace(differing=differing)
