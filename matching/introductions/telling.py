"""Tell candidates of new matches: write their reasons, then a notice when each one is due.

The introduction itself says what is still to be done with it, so that a worker that is killed
leaves nothing behind: reasons and the moment are written in one transaction, the notice and the
mark that it was told in another. The email is the notice's, sent by ``messaging`` once, and is
written anew when it is sent.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import groupby
from time import monotonic
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching import limits
from matching.introductions.preferences import due_at, is_stopped, preference_of, stop
from matching.models import Introduction
from matching.recommending import introduced
from matching.recommending.queries import Shown
from opportunities.accounts.models import User
from opportunities.accounts.time_zones import zone_of
from opportunities.candidates.alerts import in_a_line
from opportunities.candidates.models import CandidateProfile
from opportunities.core.outbox import lock
from opportunities.messaging.models import Notice
from opportunities.messaging.notify import notify
from opportunities.messaging.topics import Composed, Switch, Topic

KIND: Final = "introductions"
PAGE: Final = "/matches/new/"
AT_ONCE: Final = 200
"""Introductions explained, or candidates told, in one turn of a task."""
SECONDS: Final = 30.0
"""For how long a task begins new turns; the next one goes on."""


def explain_new(*, at: datetime) -> int:
    """Write the reasons of what was introduced to candidates, and when each one is to be told."""
    done, ends_at = 0, monotonic() + SECONDS
    while (count := _explain(at=at)) and monotonic() < ends_at:
        done += count
    return done + count


@transaction.atomic
def _explain(*, at: datetime) -> int:
    raw = Introduction.objects.to_candidates().filter(explained_at__isnull=True)
    rows = list(lock(raw.order_by("id"))[:AT_ONCE])
    rows.sort(key=lambda row: (row.candidate_id, row.pk))
    people = (
        CandidateProfile.objects.filter(pk__in={row.candidate_id for row in rows})
        .select_related("user__notice_preference", "introduction_preference")
        .in_bulk()
    )
    for candidate, own in groupby(rows, key=lambda row: row.candidate_id):
        _explain_to(people[candidate], list(own), at=at)
    fields = ["score", "reasons", "translations", "explained_at", "due_at"]
    Introduction.objects.bulk_update(rows, fields)
    introduced.count_news(list(people), at=at)
    return len(rows)


def _explain_to(profile: CandidateProfile, rows: Sequence[Introduction], *, at: datetime) -> None:
    told = introduced.explain(profile, rows, at=at)
    if profile.user is not None:
        preference, zone = preference_of(profile), zone_of(profile.user)
        for row in told:
            row.due_at = due_at(preference, row.score, zone=zone, at=at)


def tell_due(*, at: datetime) -> int:
    """Write a notice to every candidate for whom something is due; return how many notices."""
    due = Introduction.objects.to_candidates().filter(due_at__lte=at)
    people = due.order_by("candidate").values_list("candidate", flat=True).distinct()
    written, ends_at = 0, monotonic() + SECONDS
    for candidate in people[:AT_ONCE]:
        written += _tell(candidate, at=at)
        if monotonic() >= ends_at:
            break
    return written


@transaction.atomic
def _tell(candidate: int, *, at: datetime) -> bool:
    """Tell one candidate of all that is due and worth telling, best first, in one notice."""
    due = Introduction.objects.to_candidates().filter(candidate=candidate, due_at__lte=at)
    rows = list(lock(due.order_by("pk")))
    if not rows:
        return False
    profile = CandidateProfile.objects.select_related("user").get(pk=candidate)
    keys = [row.pk for row in rows]
    told = introduced.untold(Introduction.objects.filter(pk__in=keys), at=at)
    chosen = list(told.order_by("-score", "id"))
    composed = _composed(profile, profile.user, chosen, at=at)
    Introduction.objects.filter(pk__in=keys).update(due_at=None)
    if composed is None or profile.user is None:
        return False
    notices = notify(
        recipients=[profile.user],
        kind=KIND,
        key=f"{KIND}:{min(row.pk for row in chosen)}",
        subject=composed.subject,
        body=composed.body,
        url=PAGE,
        at=at,
    )
    Introduction.objects.filter(pk__in=[row.pk for row in chosen]).update(
        told_at=at, notice=notices[0] if notices else None
    )
    return bool(notices)


def compose(notice: Notice, at: datetime) -> Composed | None:
    """Return a notice of new matches as it is true now, None if none of them is left.

    Left out are those that were seen, opened, dismissed or applied to meanwhile, and roles that
    closed or were hidden.
    """
    profile = CandidateProfile.objects.of(notice.recipient).first()
    if profile is None or is_stopped(notice.recipient):
        return None
    left = introduced.untold(Introduction.objects.filter(notice=notice), at=at)
    return _composed(profile, notice.recipient, list(left.order_by("-score", "id")), at=at)


def _composed(
    profile: CandidateProfile, reader: User | None, rows: Sequence[Introduction], *, at: datetime
) -> Composed | None:
    shown = introduced.shown_of(profile, rows[: limits.NAMED_AT_ONCE], at=at)
    if not shown or reader is None:
        return None
    more = max(0, len(rows) - limits.NAMED_AT_ONCE)
    return Composed(
        subject=partial(_subject, shown, len(shown) + more),
        body=partial(_body, shown, more),
        mail=partial(_body, shown, more, has_addresses=True),
    )


def _subject(shown: Sequence[Shown], count: int) -> str:
    if count == 1:
        return _("New for you: %(role)s") % {"role": shown[0].role.title[:80]}
    return ngettext("%(count)s new match for you", "%(count)s new matches for you", count) % {
        "count": count
    }


def _body(shown: Sequence[Shown], more: int, *, has_addresses: bool = False) -> str:
    """Tell of the matches shown, and that there are ``more``."""
    parts = [f"{_words(one)}\n{_address(one)}" if has_addresses else _words(one) for one in shown]
    if more:
        rest = ngettext(
            "And %(count)s more on your page of new matches.",
            "And %(count)s more on your page of new matches.",
            more,
        )
        parts.append(rest % {"count": more})
    return "\n\n".join(parts)


def _words(match: Shown) -> str:
    """Return one match in words: what and where, the number, and why."""
    shown = replace(match)  # it keeps its reasons in the language in which they were first asked
    if shown.match.order == "fit":
        number = _("Fit %(number)s of 100.") % {"number": shown.number}
    else:
        number = _("Match %(number)s of 100.") % {"number": shown.number}
    reasons = [f"{reason.sign} {reason.sentence}" for reason in shown.reasons]
    return "\n".join([in_a_line(shown.role), number, *reasons])


def _address(shown: Shown) -> str:
    path = reverse("matching:open-new", args=[shown.role.public_id])
    return f"{settings.SITE_URL}{path}"


TOPIC: Final = Topic(
    KIND,
    compose=compose,
    switch=Switch(
        what=gettext_lazy("email about new matches"),
        stop=stop,
        is_stopped=is_stopped,
        settings_url=PAGE,
        concerns=lambda person: CandidateProfile.objects.of(person).exists(),
    ),
)
