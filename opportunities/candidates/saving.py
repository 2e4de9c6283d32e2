"""Candidates keep roles and searches; a profile without an account keeps them as well."""

from datetime import datetime
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opportunities.accounts.models import User
from opportunities.candidates import moving, profiles
from opportunities.candidates.models import Rhythm, SavedRole, SavedSearch
from opportunities.candidates.profiles import ProfileOwner
from opportunities.core import languages
from opportunities.core.errors import Fault, Invalid, LimitReached
from opportunities.core.rows import require_row, update_row
from opportunities.roles import search
from opportunities.roles.models import Opportunity

MAX_ROLES: Final = 500
MAX_SEARCHES: Final = 30
MAX_QUERY: Final = 1000
MAX_NAME: Final = 80

moving.moves(SavedRole, moving.rows_of(SavedRole, once="opportunity", most=MAX_ROLES))
moving.moves(SavedSearch, moving.rows_of(SavedSearch, once="query", most=MAX_SEARCHES))


@transaction.atomic
def save_role(*, owner: ProfileOwner, opportunity_id: str, at: datetime) -> SavedRole:
    """Keep an eye on a role that the owner may see; saving it again changes nothing."""
    profile = profiles.locked(owner)  # orders two requests of one person, so that limits hold
    role = _visible(owner, opportunity_id)
    kept = SavedRole.objects.filter(profile=profile, opportunity=role).first()
    if kept is not None:
        return kept
    if profile.saved_roles.count() >= MAX_ROLES:
        full = ngettext(
            "You keep %(number)s role already; let one go first.",
            "You keep %(number)s roles already; let one go first.",
            MAX_ROLES,
        )
        raise LimitReached(full % {"number": MAX_ROLES})
    return SavedRole.objects.create(profile=profile, opportunity=role, saved_at=at)


def forget_role(*, owner: ProfileOwner, opportunity_id: str) -> None:
    """Remove a saved role; removing it again changes nothing."""
    SavedRole.objects.filter(
        profile=profiles.find(owner=owner), opportunity__public_id=opportunity_id
    ).delete()


@transaction.atomic
def save_search(
    *, owner: ProfileOwner, query: str, name: str, at: datetime, rhythm: str = Rhythm.DAILY
) -> SavedSearch:
    """Keep a filter of the list of roles; the same filter again takes the new name and rhythm."""
    profile = profiles.locked(owner)
    canonical = _canonical(query, at=at)
    _check(name=name, rhythm=rhythm)
    kept = SavedSearch.objects.filter(profile=profile, query=canonical).first()
    if kept is not None:
        update_row(kept, name=name.strip(), rhythm=rhythm)
        return kept
    if profile.saved_searches.count() >= MAX_SEARCHES:
        full = ngettext(
            "You keep %(number)s search already; let one go first.",
            "You keep %(number)s searches already; let one go first.",
            MAX_SEARCHES,
        )
        raise LimitReached(full % {"number": MAX_SEARCHES})
    return SavedSearch.objects.create(
        profile=profile,
        name=name.strip(),
        query=canonical,
        rhythm=rhythm,
        created_at=at,
        looked_at=at,
    )


@transaction.atomic
def change_search(
    *, owner: ProfileOwner, search_id: str, name: str | None = None, rhythm: str | None = None
) -> SavedSearch:
    """Rename a saved search, or choose how often it tells of new roles."""
    kept = _own_search(owner, search_id)
    name = kept.name if name is None else name
    rhythm = kept.rhythm if rhythm is None else rhythm
    _check(name=name, rhythm=rhythm)
    update_row(kept, name=name.strip(), rhythm=rhythm)
    return kept


def forget_search(*, owner: ProfileOwner, search_id: str) -> None:
    """Remove a saved search."""
    _own_search(owner, search_id).delete()


def _visible(owner: ProfileOwner, opportunity_id: str) -> Opportunity:
    viewer = owner if isinstance(owner, User) else AnonymousUser()
    visible = Opportunity.objects.visible_to(viewer).filter(public_id=opportunity_id)
    return require_row(visible, _("There is no such role."))


def _canonical(query: str, *, at: datetime) -> str:
    """Return the filters in one spelling, or raise ``Invalid`` naming each unknown one."""
    if len(query) > MAX_QUERY:
        detail = _("query has at most %(most)s characters.") % {"most": languages.number(MAX_QUERY)}
        raise Invalid(Fault("query", "too_long", detail))
    given = QueryDict(query.removeprefix("?"), mutable=True)
    for name in ("cursor", "limit"):
        given.pop(name, None)
    try:
        search.search(given, at=at)
    except Invalid as broken:
        raise Invalid(
            *(Fault("query", "bad_filter", fault.detail) for fault in broken.faults)
        ) from broken
    ordered = QueryDict(mutable=True)
    for name in sorted(given):
        values = sorted({value for value in given.getlist(name) if value})
        if values:
            ordered.setlist(name, values)
    return ordered.urlencode()


def _check(*, name: str, rhythm: str) -> None:
    faults = []
    if not name.strip() or len(name) > MAX_NAME or not name.isprintable():
        detail = _("A name has 1 to %(most)s characters.") % {"most": MAX_NAME}
        faults.append(Fault("name", "malformed", detail))
    if rhythm not in Rhythm.values:
        detail = _("rhythm is one of: %(known)s.") % {"known": ", ".join(Rhythm.values)}
        faults.append(Fault("rhythm", "unknown_choice", detail))
    if faults:
        raise Invalid(*faults)


def _own_search(owner: ProfileOwner, search_id: str) -> SavedSearch:
    own = SavedSearch.objects.filter(profile=profiles.find(owner=owner), public_id=search_id)
    return require_row(own, _("There is no such saved search."))
