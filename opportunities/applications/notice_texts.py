"""What both sides are told at each step of an application, as data: plain words, no rule.

``{role}``, ``{employer}`` and ``{name}`` are always there; each step adds words of its own.
"""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Final, NamedTuple

from django.utils.dateformat import format as format_date

from opportunities.core import clock


class NoticeText(NamedTuple):
    """One notice to one side; a decision is mailed at once and cannot be unsubscribed from."""

    subject: str
    body: str
    is_decision: bool = False


def _both(candidate: NoticeText, employer: NoticeText) -> Mapping[str, NoticeText]:
    return {"candidate": candidate, "employer": employer}


NOTICE_TEXTS: Final[Mapping[str, Mapping[str, NoticeText]]] = {
    "apply": _both(
        NoticeText(
            "You applied: {role}",
            "{employer} has your application for {role} and promised an answer by {due}. If none "
            "has come by {release}, we release you and tell you so.",
        ),
        NoticeText(
            "New application: {role}",
            "{name} applied for {role}. You promised an answer by {due}.",
        ),
    ),
    "shortlist": _both(
        NoticeText(
            "You are on the shortlist: {role}",
            "{employer} put you on the shortlist for {role}. The next answer is due by {due}.",
            is_decision=True,
        ),
        NoticeText(
            "Shortlisted: {name}, {role}",
            "{name} was told of the shortlist. Your next answer is due by {due}.",
        ),
    ),
    "interview": _both(
        NoticeText(
            "Choose a time to talk: {role}",
            "{employer} would like to talk with you about {role} and proposes:\n{slots}\n\n"
            "Choose one on the page of your application.",
            is_decision=True,
        ),
        NoticeText(
            "Interview proposed: {name}, {role}",
            "{name} was asked to choose one of these times:\n{slots}",
        ),
    ),
    "choose_slot": _both(
        NoticeText("Your interview: {role}", "You chose {slot}. {where}"),
        NoticeText(
            "Interview agreed: {name}, {role}",
            "{name} chose {slot}. {where}",
            is_decision=True,
        ),
    ),
    "offer": _both(
        NoticeText(
            "You have an offer: {role}",
            "{employer} offers you a place: {role}. The offer stands until {lapses}.\n\n{message}",
            is_decision=True,
        ),
        NoticeText(
            "Offer made: {name}, {role}",
            "{name} has the offer. It holds one of your places until {lapses}.",
        ),
    ),
    "reject": _both(
        NoticeText(
            "Not selected: {role}",
            "{employer} decided on your application for {role}. Reason: {reason}.\n\n{message}",
            is_decision=True,
        ),
        NoticeText(
            "Answer sent: {name}, {role}",
            "{name} was told of your decision. Reason: {reason}.",
        ),
    ),
    "withdraw": _both(
        NoticeText("You withdrew: {role}", "Your application for {role} is withdrawn."),
        NoticeText(
            "Application withdrawn: {name}, {role}",
            "{name} withdrew from {role}.",
            is_decision=True,
        ),
    ),
    "accept": _both(
        NoticeText(
            "You accepted: {role}",
            "The place is yours. {employer} will be in touch about how you begin.",
        ),
        NoticeText(
            "Offer accepted: {name}, {role}",
            "{name} accepted. {places}",
            is_decision=True,
        ),
    ),
    "decline": _both(
        NoticeText("You declined: {role}", "The offer of {employer} is declined."),
        NoticeText(
            "Offer declined: {name}, {role}",
            "{name} declined the offer. The place is free again.",
            is_decision=True,
        ),
    ),
    "lapse": _both(
        NoticeText(
            "An offer lapsed: {role}",
            "The offer of {employer} stood until {lapses} and has lapsed.",
            is_decision=True,
        ),
        NoticeText(
            "Offer lapsed: {name}, {role}",
            "{name} did not answer by {lapses}. The place is free again.",
            is_decision=True,
        ),
    ),
    "offer_ends": _both(
        NoticeText(
            "Your offer ends soon: {role}",
            "The offer of {employer} stands until {lapses}. Accept or decline before then.",
            is_decision=True,
        ),
        NoticeText("An offer ends soon: {name}, {role}", "It stands until {lapses}."),
    ),
    "remind": _both(
        NoticeText("An answer is due soon: {role}", "{employer} promised one by {due}."),
        NoticeText(
            "Your answer is due by {due}: {role}",
            "{name} waits for your answer on {role}. You promised it by {due}. After {release} "
            "the application is released, and your public reply rate falls.",
        ),
    ),
    "overdue": _both(
        NoticeText(
            "No answer yet: {role}",
            "{employer} promised an answer by {due} and has not given one. We reminded them. If "
            "none has come by {release}, we release you.",
            is_decision=True,
        ),
        NoticeText(
            "Your answer is overdue: {role}",
            "You promised {name} an answer by {due}. The applicant was told that none came. "
            "After {release} the application is released.",
        ),
    ),
    "release": _both(
        NoticeText(
            "No reply from the employer: {role}",
            "{employer} did not answer by {release}. You are released: nothing is expected of "
            "you, and the silence counts against the employer, not against you.",
            is_decision=True,
        ),
        NoticeText(
            "Released without your answer: {name}, {role}",
            "You did not answer {name} by {release}. The application is released, and your "
            "public reply rate shows it.",
            is_decision=True,
        ),
    ),
    "no_show": _both(
        NoticeText(
            "Recorded as not appeared: {role}",
            "{employer} says that you accepted {role} and did not appear. If that is wrong, "
            "answer in the application or report it to the moderators.\n\n{message}",
            is_decision=True,
        ),
        NoticeText(
            "Recorded: {name} did not appear, {role}",
            "The place is free again. {name} was told.",
        ),
    ),
    "message": _both(
        NoticeText("A message from {employer}: {role}", "{text}"),
        NoticeText("A message from {name}: {role}", "{text}"),
    ),
    "propose": _both(
        NoticeText(
            "Sign your completed work: {role}",
            "{employer} wrote down what you did: {hours} hours. Read it and sign.",
        ),
        NoticeText(
            "Sign completed work: {name}, {role}",
            "{name} wrote down what was done: {hours} hours. Read it, add the skills you vouch "
            "for and sign.",
        ),
    ),
    "complete": _both(
        NoticeText(
            "Completed: {role}",
            "Both sides have signed. The skills it shows are verified on your profile. It "
            "appears on your portfolio page only if you say so.",
            is_decision=True,
        ),
        NoticeText(
            "Completed: {name}, {role}",
            "Both sides have signed. Tell {name} how it went; you read each other's words once "
            "both are in, or after two weeks.",
            is_decision=True,
        ),
    ),
    "review": _both(
        NoticeText(
            "Feedback on your work: {role}",
            "{employer} told how it went. You can read it on the page of the completed work.",
        ),
        NoticeText(
            "Feedback from {name}: {role}",
            "You can read it on the page of the completed work.",
        ),
    ),
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
        return format_date(fact, "l j F Y")
    return fact
