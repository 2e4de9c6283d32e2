"""Tell candidates of new roles that pass their saved searches, and of saved roles that close.

Both are sweeps over what is due: run twice, late or at once, each person is told each thing once.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opportunities.accounts.models import User
from opportunities.candidates.models import CandidateProfile, Rhythm, SavedRole, SavedSearch
from opportunities.core import languages
from opportunities.core.claims import each_id, each_row
from opportunities.core.errors import Invalid
from opportunities.core.providers import Provider
from opportunities.messaging.kinds import switch_for
from opportunities.messaging.notify import notify
from opportunities.messaging.quiet import last_morning
from opportunities.messaging.topics import Switch, Topic, register
from opportunities.roles import search as role_search
from opportunities.roles import wording
from opportunities.roles.models import Opportunity

told_elsewhere: Final[Provider[[datetime], Q | Exists]] = Provider(
    "which saved roles another notice tells of"
)
"""A condition on saved roles: of these a reminder of another room tells in time."""

REMIND_DAYS: Final = 3
ROLES_NAMED: Final = 5
SEARCHES_NAMED: Final = 10


def _stop(person: User) -> None:
    SavedSearch.objects.filter(profile__user=person).update(rhythm=Rhythm.OFF)


def _is_stopped(person: User) -> bool:
    searches = SavedSearch.objects.filter(profile__user=person)
    return not searches.exclude(rhythm=Rhythm.OFF).exists()


register(
    Topic(
        "saved_role_closes",
        switch=switch_for(
            "saved_role_closes",
            gettext_lazy("reminders of saved roles that close soon"),
            concerns=lambda person: CandidateProfile.objects.of(person).exists(),
        ),
    )
)
register(
    Topic(
        "new_roles",
        switch=Switch(
            what=gettext_lazy("email about your saved searches"),
            stop=_stop,
            is_stopped=_is_stopped,
            settings_url="/saved/",
            concerns=lambda person: SavedSearch.objects.filter(profile__user=person).exists(),
        ),
    )
)


def tell_new_roles(*, at: datetime) -> int:
    """Tell everyone whose searches are due of the roles opened since; at most once a day."""
    due = CandidateProfile.objects.filter(
        user__is_active=True, erased_at__isnull=True, saved_searches__in=_due(at)
    )
    return each_row(due, partial(_tell, at=at), related=("user",))


def _due(at: datetime) -> QuerySet[SavedSearch]:
    morning = last_morning(at)
    daily = Q(rhythm=Rhythm.DAILY, looked_at__lt=morning)
    weekly = Q(rhythm=Rhythm.WEEKLY, looked_at__lt=morning - timedelta(days=6))
    return SavedSearch.objects.filter(daily | weekly)


def _tell(profile: CandidateProfile, *, at: datetime) -> bool:
    searches = list(_due(at).filter(profile=profile).order_by("id"))
    told: set[int] = set()
    sections: list[tuple[SavedSearch, list[Opportunity]]] = []
    for search in searches:
        found = _new_roles(search, profile, at=at)
        fresh = [role for role in found if role.pk not in told]
        told.update(role.pk for role in fresh)
        if fresh:
            sections.append((search, fresh))
    SavedSearch.objects.filter(pk__in=[search.pk for search in searches]).update(looked_at=at)
    if not sections:
        return False
    count = len(told)
    written = notify(
        recipients=[profile.user] if profile.user else [],
        kind="new_roles",
        key=f"new_roles:{profile.public_id}:{at.date().isoformat()}",
        subject=lambda: (
            ngettext(
                "%(number)s new role passes your saved searches",
                "%(number)s new roles pass your saved searches",
                count,
            )
            % {"number": count}
        ),
        body=lambda: "\n\n".join(_section(*each) for each in sections[:SEARCHES_NAMED]),
        url="/saved/",
        at=at,
    )
    return bool(written)


def _new_roles(
    search: SavedSearch, profile: CandidateProfile, *, at: datetime
) -> list[Opportunity]:
    """Return the listed roles opened since the search was last looked at, newest first."""
    try:
        roles, _ = role_search.search(QueryDict(search.query), at=at)
    except Invalid:  # a filter that the list no longer has: nothing can be told of it
        return []
    return list(
        roles.filter(opened_at__gt=search.looked_at, opened_at__lte=at)
        .exclude(employer__in=profile.blocked_employers.values("employer"))
        .exclude(applications__profile=profile)
        .select_related("employer")
        .order_by("-opened_at", "-id")[:100]
    )


def _section(search: SavedSearch, roles: list[Opportunity]) -> str:
    """Name the roles and why they are told: the filters that they pass."""
    lines = [f"{search.name} ({reasons(search)}):"]
    lines += [f"- {in_a_line(role)}" for role in roles[:ROLES_NAMED]]
    if len(roles) > ROLES_NAMED:
        more = len(roles) - ROLES_NAMED
        lines.append(
            "- " + ngettext("and %(number)s more", "and %(number)s more", more) % {"number": more}
        )
    return "\n".join(lines)


def in_a_line(role: Opportunity) -> str:
    """Return a role in one line of a notice: what, for whom, how much, where, and until when."""
    return ", ".join(
        (
            f"{role.title}, {role.employer.name}",
            wording.work_phrase(role).main,
            wording.pay_phrase(role).main,
            wording.place_phrase(role),
            _("apply by %(day)s") % {"day": wording.last_day(role)},
        )
    )


def reasons(search: SavedSearch) -> str:
    """Return the filters of a saved search in words: why its roles are told."""
    parts = [
        f"{label}: {languages.listed(words, alternatives=True)}" if words else str(label)
        for label, words in role_search.in_words(QueryDict(search.query))
    ]
    return "; ".join(parts) or _("all roles")


def remind_of_deadlines(*, at: datetime) -> int:
    """Remind everyone once of saved roles that close within days and lack an application.

    A person gets one notice of all that are due; return how many got one.
    """
    due = _closing(at).filter(profile__user__is_active=True, profile__erased_at__isnull=True)
    return sum(_remind(profile_id, at=at) for profile_id in each_id(due, field="profile_id"))


def _closing(at: datetime) -> QuerySet[SavedRole]:
    soon = Opportunity.objects.listed(at=at).filter(
        apply_by__lte=at.date() + timedelta(days=REMIND_DAYS)
    )
    return (
        SavedRole.objects.filter(
            ~told_elsewhere(at), reminded_at__isnull=True, opportunity__in=soon
        )
        .exclude(opportunity__applications__profile=F("profile"))
        .exclude(opportunity__employer__blocked_by__profile=F("profile"))
    )


@transaction.atomic
def _remind(profile_id: int, *, at: datetime) -> bool:
    rows = list(
        _closing(at)
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("opportunity__employer", "profile__user")
        .filter(profile=profile_id)
        .order_by("opportunity__apply_by", "id")
    )
    if not rows or rows[0].profile.user is None:
        return False
    SavedRole.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=at)
    roles, count = [row.opportunity for row in rows], len(rows)
    first = roles[0]

    def subject() -> str:
        if count == 1:
            return _("%(role)s closes soon") % {"role": first.title[:80]}
        return ngettext(
            "%(number)s role that you saved closes soon",
            "%(number)s roles that you saved close soon",
            count,
        ) % {"number": count}

    notify(
        recipients=[rows[0].profile.user],
        kind="saved_role_closes",
        key=f"saved_role_closes:{first.public_id}",
        subject=subject,
        body=lambda: "\n\n".join(_closes(role) for role in roles),
        url=first.path if count == 1 else "/saved/",
        at=at,
    )
    return True


def _closes(role: Opportunity) -> str:
    return _("You saved %(role)s at %(employer)s. The last day to apply is %(day)s.") % {
        "role": role.title,
        "employer": role.employer.name,
        "day": wording.last_day(role),
    }
