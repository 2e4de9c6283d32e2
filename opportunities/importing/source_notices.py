"""What the team of an employer is told of its sources, in the language of each member.

In: a reading and what came of it. Out: notices, each told once by its key.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opportunities.core import languages
from opportunities.core.data import read_beside
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
_TEXTS: Final = read_beside(__file__)


def tell_failing(source: Source, reason: str, *, at: datetime) -> None:
    """Tell the team of a source that failed some times in a row, and of one that is given up."""
    is_given_up = source.state == SourceState.PAUSED
    if source.failures == FAILURES_TOLD or is_given_up:
        _tell(
            source,
            "failing",
            f"{_streak(source)}:{is_given_up}",
            failures=source.failures,
            reason=lambda: retold(reason),
            then=lambda: _what_then(source),
            at=at,
        )


def tell_stopped(reading: SourceReading, source: Source, *, at: datetime) -> None:
    """Tell the team, once in a row of failures, of a reading whose worker never came to its end."""
    _tell(
        source,
        "stopped",
        _streak(source),
        stopped=lambda: retold(stopped(reading)),
        then=lambda: _what_then(source),
        reading=reading,
        at=at,
    )


def tell_of(
    reading: SourceReading, source: Source, gone: list[Opportunity], fate: Fate, *, at: datetime
) -> None:
    """Tell the team of roles that are gone, and of rows that look like roles that are there."""
    key = f"{source.public_id}:{_digest(role.public_id for role in gone)}"
    told = partial(
        _tell, source, number=len(gone), names=lambda: _names(gone), reading=reading, at=at
    )
    if gone and fate == Fate.HELD:
        told("held", key, most=lambda: languages.percent(MOST_AT_ONCE / 100))
    elif gone and source.leaving == Leaving.TELL:
        told("gone", key)
    if reading.asked:
        open_doubts = source.doubts.filter(answer="").order_by("pk")
        asked = _digest(open_doubts.values_list("number", flat=True))
        _tell(source, "asked", f"{source.public_id}:{asked}", number=reading.asked, at=at)


def _names(gone: list[Opportunity]) -> str:
    """Name the first roles of many, and say how many more there are."""
    names = ", ".join(_("“%(title)s”") % {"title": role.title} for role in gone[:MOST_TOLD])
    more = len(gone) - MOST_TOLD
    if more <= 0:
        return names
    return _("%(names)s and %(number)s more") % {"names": names, "number": more}


def _tell(
    source: Source,
    name: str,
    key: str,
    *,
    number: int = 0,
    reading: SourceReading | None = None,
    at: datetime,
    **facts: object,
) -> None:
    """Tell the team in the words of this name, on the page of a reading or of the source.

    Facts that are functions are asked for in the language of each member.
    """
    kinds = _TEXTS[name].values()

    def told(part: str) -> str:
        text = next(texts[part] for texts in kinds if part in texts)
        if isinstance(text, tuple):
            text = ngettext(text[0], text[1], number)
        asked = {name: fact() if callable(fact) else fact for name, fact in facts.items()}
        return str(text) % {"source": source.name, "number": number, **asked}

    page = f"/employer/sources/{source.public_id}/"
    notify(
        recipients=members_of(source.employer_id),
        kind="source",
        key=f"source_{name}:{key}",
        subject=partial(told, "subject"),
        body=partial(told, "body"),
        at=at,
        url=f"{page}readings/{reading.public_id}/" if reading else page,
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
