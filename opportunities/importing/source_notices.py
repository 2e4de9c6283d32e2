"""What the team of an employer is told of its sources, in the language of each member.

In: a reading and what came of it. Out: notices, each told once by its key.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opportunities.core import languages
from opportunities.core.retelling import retold
from opportunities.employers.permissions import members_of
from opportunities.importing.models import MOST_AT_ONCE, Leaving, Source, SourceReading, SourceState
from opportunities.importing.rows import Fate
from opportunities.importing.turns import stopped
from opportunities.messaging.notify import notify
from opportunities.roles.models import Opportunity

FAILURES_TOLD: Final = 3
"""Failures in a row after which the team is told."""
MOST_TOLD: Final = 10
"""Roles that one notice names."""


def tell_failing(source: Source, reason: str, *, at: datetime) -> None:
    """Tell the team of a source that failed some times in a row, and of one that is given up."""
    is_given_up = source.state == SourceState.PAUSED
    if source.failures != FAILURES_TOLD and not is_given_up:
        return
    _tell(
        source,
        f"source_failing:{_streak(source)}:{is_given_up}",
        lambda: _("Your source %(source)s cannot be read") % {"source": source.name},
        lambda: (
            _(
                "It failed %(failures)s times in a row, the last time because: %(reason)s No "
                "role was closed or changed. %(then)s"
            )
            % {"failures": source.failures, "reason": retold(reason), "then": _what_then(source)}
        ),
        at=at,
    )


def tell_stopped(reading: SourceReading, source: Source, *, at: datetime) -> None:
    """Tell the team, once in a row of failures, of a reading whose worker never came to its end."""
    _tell(
        source,
        f"source_stopped:{_streak(source)}",
        lambda: _("Your source %(source)s could not be read to its end") % {"source": source.name},
        lambda: (
            _(
                "%(stopped)s Nothing after that row was read, and no role was closed. A very large "
                "row there may be the cause. %(then)s"
            )
            % {"stopped": retold(stopped(reading)), "then": _what_then(source)}
        ),
        at=at,
        url=f"/employer/sources/{source.public_id}/readings/{reading.public_id}/",
    )


def tell_of(
    reading: SourceReading, source: Source, gone: list[Opportunity], fate: Fate, *, at: datetime
) -> None:
    """Tell the team of roles that are gone, and of rows that look like roles that are there."""
    same = _digest(role.public_id for role in gone)
    url = f"/employer/sources/{source.public_id}/readings/{reading.public_id}/"
    if gone and fate == Fate.HELD:
        _tell(
            source,
            f"source_held:{source.public_id}:{same}",
            lambda: (
                ngettext(
                    "%(number)s role is gone from %(source)s: shall it close?",
                    "%(number)s roles are gone from %(source)s: shall they close?",
                    len(gone),
                )
                % {"number": len(gone), "source": source.name}
            ),
            lambda: (
                _(
                    "More than %(most)s of the roles from this source would close at once, so "
                    "we wait for you: %(names)s."
                )
                % {"most": languages.percent(MOST_AT_ONCE / 100), "names": _names(gone)}
            ),
            at=at,
            url=url,
        )
    elif gone and source.leaving == Leaving.TELL:
        _tell(
            source,
            f"source_gone:{source.public_id}:{same}",
            lambda: (
                ngettext(
                    "%(number)s role is gone from %(source)s",
                    "%(number)s roles are gone from %(source)s",
                    len(gone),
                )
                % {"number": len(gone), "source": source.name}
            ),
            lambda: (
                ngettext(
                    "It stays open here until you close it: %(names)s.",
                    "They stay open here until you close them: %(names)s.",
                    len(gone),
                )
                % {"names": _names(gone)}
            ),
            at=at,
            url=url,
        )
    if reading.asked:
        open_doubts = source.doubts.filter(answer="").order_by("pk")
        asked = _digest(open_doubts.values_list("number", flat=True))
        _tell(
            source,
            f"source_asked:{source.public_id}:{asked}",
            lambda: _("Is it the same role? %(source)s asks") % {"source": source.name},
            lambda: (
                ngettext(
                    "%(number)s row looks like a role that you have already. It waits until you "
                    "say whether they are the same.",
                    "%(number)s rows look like roles that you have already. They wait until you "
                    "say whether they are the same.",
                    reading.asked,
                )
                % {"number": reading.asked}
            ),
            at=at,
        )


def _names(gone: list[Opportunity]) -> str:
    """Name the first roles of many, and say how many more there are."""
    names = ", ".join(_("“%(title)s”") % {"title": role.title} for role in gone[:MOST_TOLD])
    more = len(gone) - MOST_TOLD
    if more <= 0:
        return names
    return _("%(names)s and %(number)s more") % {"names": names, "number": more}


def _tell(
    source: Source,
    key: str,
    subject: Callable[[], str],
    body: Callable[[], str],
    *,
    at: datetime,
    url: str = "",
) -> None:
    notify(
        recipients=members_of(source.employer_id),
        kind="source",
        key=key,
        subject=subject,
        body=body,
        at=at,
        url=url or f"/employer/sources/{source.public_id}/",
    )


def _streak(source: Source) -> str:
    """Return what names the failures in a row of a source, for the keys of notices."""
    since = source.failing_since
    return f"{source.public_id}:{int(since.timestamp()) if since else 0}"


def _what_then(source: Source) -> str:
    if source.state == SourceState.PAUSED:
        return _("We have paused it.")
    return _("We keep trying, less and less often.")


def _digest(words: Iterable[str]) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:20]
