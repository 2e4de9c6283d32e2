"""What both sides are told at each step of an application, as ``notice_texts.toml`` has it."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Final, NamedTuple

from opportunities.core import clock, languages
from opportunities.core.data import read_beside
from opportunities.core.languages import Translatable


class NoticeText(NamedTuple):
    """One notice to one side; a decision is mailed at once and cannot be unsubscribed from."""

    subject: Translatable
    body: Translatable = "{text}"
    """Where the table has none, it is what somebody wrote."""
    is_decision: bool = False


NOTICE_TEXTS: Final[Mapping[str, Mapping[str, NoticeText]]] = {
    step: {side: NoticeText(**said) for side, said in sides.items()}
    for step, sides in read_beside(__file__)["notices"].items()
}
"""Step to the notice of each side; a test holds the steps of the lifecycle to this table."""


def spoken(fact: object, zone: tzinfo | None = None) -> object:
    """Say a date in words, and a moment by a clock; leave everything else as it is.

    ``zone`` is the reader's, else that of the page that is being made. What says itself by the
    reader's clock is a function of the zone.
    """
    if callable(fact):
        return fact(zone)
    if isinstance(fact, datetime):
        return clock.said(fact, zone, pattern="l j F Y, H:i")
    if isinstance(fact, date):
        return languages.day(fact, "l j F Y")
    return fact
