"""What both sides are told at each step of an application, as data: plain words, no rule.

The texts are English, and said in the language of whoever is told. ``{role}``, ``{employer}`` and
``{name}`` are always there; each step adds words of its own.
"""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Final, NamedTuple

from django.utils.translation import gettext_noop as _

from opportunities.core import clock, languages


class NoticeText(NamedTuple):
    """One notice to one side; a decision is mailed at once and cannot be unsubscribed from."""

    subject: str
    body: str
    is_decision: bool = False


def _both(
    subject: str, body: str, employers_subject: str, employers_body: str, *, decision_for: str = ""
) -> Mapping[str, NoticeText]:
    """Return what each side is told; ``decision_for`` names those for whom it is a decision."""
    return {
        "candidate": NoticeText(subject, body, "candidate" in decision_for),
        "employer": NoticeText(employers_subject, employers_body, "employer" in decision_for),
    }


NOTICE_TEXTS: Final[Mapping[str, Mapping[str, NoticeText]]] = {
    "apply": _both(
        _("You applied: {role}"),
        _("{employer} has your application for {role} and promised an answer by {due}. If none "
          "has come by {release}, we release you and tell you so."),
        _("New application: {role}"),
        _("{name} applied for {role}. You promised an answer by {due}.")),
    "shortlist": _both(
        _("You are on the shortlist: {role}"),
        _("{employer} put you on the shortlist for {role}. The next answer is due by {due}."),
        _("Shortlisted: {name}, {role}"),
        _("{name} was told of the shortlist. Your next answer is due by {due}."),
        decision_for="candidate"),
    "interview": _both(
        _("Choose a time to talk: {role}"),
        _("{employer} would like to talk with you about {role} and proposes:\n{slots}\n\nChoose "
          "one on the page of your application."),
        _("Interview proposed: {name}, {role}"),
        _("{name} was asked to choose one of these times:\n{slots}"),
        decision_for="candidate"),
    "choose_slot": _both(
        _("Your interview: {role}"),
        _("You chose {slot}. {where}"),
        _("Interview agreed: {name}, {role}"),
        _("{name} chose {slot}. {where}"),
        decision_for="employer"),
    "offer": _both(
        _("You have an offer: {role}"),
        _("{employer} offers you a place: {role}. The offer stands until {lapses}.\n\n{message}"),
        _("Offer made: {name}, {role}"),
        _("{name} has the offer. It holds one of your places until {lapses}."),
        decision_for="candidate"),
    "reject": _both(
        _("Not selected: {role}"),
        _("{employer} decided on your application for {role}. Reason: {reason}.\n\n{message}"),
        _("Answer sent: {name}, {role}"),
        _("{name} was told of your decision. Reason: {reason}."),
        decision_for="candidate"),
    "withdraw": _both(
        _("You withdrew: {role}"),
        _("Your application for {role} is withdrawn."),
        _("Application withdrawn: {name}, {role}"),
        _("{name} withdrew from {role}."),
        decision_for="employer"),
    "accept": _both(
        _("You accepted: {role}"),
        _("The place is yours. {employer} will be in touch about how you begin."),
        _("Offer accepted: {name}, {role}"),
        _("{name} accepted. {places}"),
        decision_for="employer"),
    "decline": _both(
        _("You declined: {role}"),
        _("The offer of {employer} is declined."),
        _("Offer declined: {name}, {role}"),
        _("{name} declined the offer. The place is free again."),
        decision_for="employer"),
    "lapse": _both(
        _("An offer lapsed: {role}"),
        _("The offer of {employer} stood until {lapses} and has lapsed."),
        _("Offer lapsed: {name}, {role}"),
        _("{name} did not answer by {lapses}. The place is free again."),
        decision_for="candidate employer"),
    "offer_ends": _both(
        _("Your offer ends soon: {role}"),
        _("The offer of {employer} stands until {lapses}. Accept or decline before then."),
        _("An offer ends soon: {name}, {role}"),
        _("It stands until {lapses}."),
        decision_for="candidate"),
    "remind": _both(
        _("An answer is due soon: {role}"),
        _("{employer} promised one by {due}."),
        _("Your answer is due by {due}: {role}"),
        _("{name} waits for your answer on {role}. You promised it by {due}. After {release} "
          "the application is released, and your public reply rate falls.")),
    "overdue": _both(
        _("No answer yet: {role}"),
        _("{employer} promised an answer by {due} and has not given one. We reminded them. If "
          "none has come by {release}, we release you."),
        _("Your answer is overdue: {role}"),
        _("You promised {name} an answer by {due}. The applicant was told that none came. After "
          "{release} the application is released."),
        decision_for="candidate"),
    "release": _both(
        _("No reply from the employer: {role}"),
        _("{employer} did not answer by {release}. You are released: nothing is expected of you, "
          "and the silence counts against the employer, not against you."),
        _("Released without your answer: {name}, {role}"),
        _("You did not answer {name} by {release}. The application is released, and your public "
          "reply rate shows it."),
        decision_for="candidate employer"),
    "no_show": _both(
        _("Marked as a no-show: {role}"),
        _("{employer} says that you accepted {role} and did not appear. If that is wrong, answer "
          "in the application or report it to the moderators.\n\n{message}"),
        _("No-show recorded: {name}, {role}"),
        _("The place is free again. {name} was told."),
        decision_for="candidate"),
    "message": _both(
        _("A message from {employer}: {role}"),
        "{text}",
        _("A message from {name}: {role}"),
        "{text}"),
    "propose": _both(
        _("Sign your completed work: {role}"),
        _("{employer} wrote down what you did: {hours} hours. Read it and sign."),
        _("Sign completed work: {name}, {role}"),
        _("{name} wrote down what was done: {hours} hours. Read it, add the skills you vouch "
          "for and sign.")),
    "complete": _both(
        _("Completed: {role}"),
        _("Both sides have signed. The skills it shows are verified on your profile. It appears "
          "on your portfolio page only if you say so."),
        _("Completed: {name}, {role}"),
        _("Both sides have signed. Tell {name} how it went; you read each other's words once "
          "both are in, or after two weeks."),
        decision_for="candidate employer"),
    "review": _both(
        _("Feedback on your work: {role}"),
        _("{employer} wrote how it went. You can read it on the page of the completed work."),
        _("Feedback from {name}: {role}"),
        _("You can read it on the page of the completed work.")),
}  # fmt: skip
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
