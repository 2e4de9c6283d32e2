"""What both sides are told at each step of an application, as data: plain words, no rule.

The texts are English, and said in the language of whoever is told. ``{role}``, ``{employer}`` and
``{name}`` are always there; each step adds words of its own.
"""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Final, NamedTuple

from django.utils.translation import gettext_noop

from opportunities.core import clock, languages


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
            gettext_noop("You applied: {role}"),
            gettext_noop(
                "{employer} has your application for {role} and promised an answer by {due}. If "
                "none has come by {release}, we release you and tell you so."
            ),
        ),
        NoticeText(
            gettext_noop("New application: {role}"),
            gettext_noop("{name} applied for {role}. You promised an answer by {due}."),
        ),
    ),
    "shortlist": _both(
        NoticeText(
            gettext_noop("You are on the shortlist: {role}"),
            gettext_noop(
                "{employer} put you on the shortlist for {role}. The next answer is due by {due}."
            ),
            is_decision=True,
        ),
        NoticeText(
            gettext_noop("Shortlisted: {name}, {role}"),
            gettext_noop("{name} was told of the shortlist. Your next answer is due by {due}."),
        ),
    ),
    "interview": _both(
        NoticeText(
            gettext_noop("Choose a time to talk: {role}"),
            gettext_noop(
                "{employer} would like to talk with you about {role} and proposes:\n{slots}\n\n"
                "Choose one on the page of your application."
            ),
            is_decision=True,
        ),
        NoticeText(
            gettext_noop("Interview proposed: {name}, {role}"),
            gettext_noop("{name} was asked to choose one of these times:\n{slots}"),
        ),
    ),
    "choose_slot": _both(
        NoticeText(
            gettext_noop("Your interview: {role}"), gettext_noop("You chose {slot}. {where}")
        ),
        NoticeText(
            gettext_noop("Interview agreed: {name}, {role}"),
            gettext_noop("{name} chose {slot}. {where}"),
            is_decision=True,
        ),
    ),
    "offer": _both(
        NoticeText(
            gettext_noop("You have an offer: {role}"),
            gettext_noop(
                "{employer} offers you a place: {role}. The offer stands until "
                "{lapses}.\n\n{message}"
            ),
            is_decision=True,
        ),
        NoticeText(
            gettext_noop("Offer made: {name}, {role}"),
            gettext_noop("{name} has the offer. It holds one of your places until {lapses}."),
        ),
    ),
    "reject": _both(
        NoticeText(
            gettext_noop("Not selected: {role}"),
            gettext_noop(
                "{employer} decided on your application for {role}. Reason: {reason}.\n\n{message}"
            ),
            is_decision=True,
        ),
        NoticeText(
            gettext_noop("Answer sent: {name}, {role}"),
            gettext_noop("{name} was told of your decision. Reason: {reason}."),
        ),
    ),
    "withdraw": _both(
        NoticeText(
            gettext_noop("You withdrew: {role}"),
            gettext_noop("Your application for {role} is withdrawn."),
        ),
        NoticeText(
            gettext_noop("Application withdrawn: {name}, {role}"),
            gettext_noop("{name} withdrew from {role}."),
            is_decision=True,
        ),
    ),
    "accept": _both(
        NoticeText(
            gettext_noop("You accepted: {role}"),
            gettext_noop("The place is yours. {employer} will be in touch about how you begin."),
        ),
        NoticeText(
            gettext_noop("Offer accepted: {name}, {role}"),
            gettext_noop("{name} accepted. {places}"),
            is_decision=True,
        ),
    ),
    "decline": _both(
        NoticeText(
            gettext_noop("You declined: {role}"),
            gettext_noop("The offer of {employer} is declined."),
        ),
        NoticeText(
            gettext_noop("Offer declined: {name}, {role}"),
            gettext_noop("{name} declined the offer. The place is free again."),
            is_decision=True,
        ),
    ),
    "lapse": _both(
        NoticeText(
            gettext_noop("An offer lapsed: {role}"),
            gettext_noop("The offer of {employer} stood until {lapses} and has lapsed."),
            is_decision=True,
        ),
        NoticeText(
            gettext_noop("Offer lapsed: {name}, {role}"),
            gettext_noop("{name} did not answer by {lapses}. The place is free again."),
            is_decision=True,
        ),
    ),
    "offer_ends": _both(
        NoticeText(
            gettext_noop("Your offer ends soon: {role}"),
            gettext_noop(
                "The offer of {employer} stands until {lapses}. Accept or decline before then."
            ),
            is_decision=True,
        ),
        NoticeText(
            gettext_noop("An offer ends soon: {name}, {role}"),
            gettext_noop("It stands until {lapses}."),
        ),
    ),
    "remind": _both(
        NoticeText(
            gettext_noop("An answer is due soon: {role}"),
            gettext_noop("{employer} promised one by {due}."),
        ),
        NoticeText(
            gettext_noop("Your answer is due by {due}: {role}"),
            gettext_noop(
                "{name} waits for your answer on {role}. You promised it by {due}. After {release} "
                "the application is released, and your public reply rate falls."
            ),
        ),
    ),
    "overdue": _both(
        NoticeText(
            gettext_noop("No answer yet: {role}"),
            gettext_noop(
                "{employer} promised an answer by {due} and has not given one. We "
                "reminded them. If "
                "none has come by {release}, we release you."
            ),
            is_decision=True,
        ),
        NoticeText(
            gettext_noop("Your answer is overdue: {role}"),
            gettext_noop(
                "You promised {name} an answer by {due}. The applicant was told that none came. "
                "After {release} the application is released."
            ),
        ),
    ),
    "release": _both(
        NoticeText(
            gettext_noop("No reply from the employer: {role}"),
            gettext_noop(
                "{employer} did not answer by {release}. You are released: nothing is expected of "
                "you, and the silence counts against the employer, not against you."
            ),
            is_decision=True,
        ),
        NoticeText(
            gettext_noop("Released without your answer: {name}, {role}"),
            gettext_noop(
                "You did not answer {name} by {release}. The application is released, and your "
                "public reply rate shows it."
            ),
            is_decision=True,
        ),
    ),
    "no_show": _both(
        NoticeText(
            gettext_noop("Marked as a no-show: {role}"),
            gettext_noop(
                "{employer} says that you accepted {role} and did not appear. If that is wrong, "
                "answer in the application or report it to the moderators.\n\n{message}"
            ),
            is_decision=True,
        ),
        NoticeText(
            gettext_noop("No-show recorded: {name}, {role}"),
            gettext_noop("The place is free again. {name} was told."),
        ),
    ),
    "message": _both(
        NoticeText(gettext_noop("A message from {employer}: {role}"), "{text}"),
        NoticeText(gettext_noop("A message from {name}: {role}"), "{text}"),
    ),
    "propose": _both(
        NoticeText(
            gettext_noop("Sign your completed work: {role}"),
            gettext_noop("{employer} wrote down what you did: {hours} hours. Read it and sign."),
        ),
        NoticeText(
            gettext_noop("Sign completed work: {name}, {role}"),
            gettext_noop(
                "{name} wrote down what was done: {hours} hours. Read it, add the skills you vouch "
                "for and sign."
            ),
        ),
    ),
    "complete": _both(
        NoticeText(
            gettext_noop("Completed: {role}"),
            gettext_noop(
                "Both sides have signed. The skills it shows are verified on your profile. It "
                "appears on your portfolio page only if you say so."
            ),
            is_decision=True,
        ),
        NoticeText(
            gettext_noop("Completed: {name}, {role}"),
            gettext_noop(
                "Both sides have signed. Tell {name} how it went; you read each other's words once "
                "both are in, or after two weeks."
            ),
            is_decision=True,
        ),
    ),
    "review": _both(
        NoticeText(
            gettext_noop("Feedback on your work: {role}"),
            gettext_noop(
                "{employer} wrote how it went. You can read it on the page of the completed work."
            ),
        ),
        NoticeText(
            gettext_noop("Feedback from {name}: {role}"),
            gettext_noop("You can read it on the page of the completed work."),
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
        return languages.day(fact, "l j F Y")
    return fact
