"""One mail of every sort that the site sends, as its code makes them; nothing is stored or sent."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import allauth
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.core.mail import EmailMultiAlternatives
from django.test import RequestFactory
from django.utils import translation

from opportunities.accounts.models import User
from opportunities.applications.notice_texts import NOTICE_TEXTS, spoken
from opportunities.core import clock
from opportunities.employers.models import Employer
from opportunities.messaging import delivery, letters
from opportunities.messaging.models import Delivery, Letter, Notice
from opportunities.moderation.outcomes import OUTCOMES
from opportunities.roles.models import Opportunity
from opportunities.roles.review import said

WHEN = datetime(2026, 12, 1, 14, tzinfo=UTC)
ALLAUTH = Path(allauth.__file__).parent / "templates"
OF_ACCOUNTS = sorted(
    f"{path.parent.relative_to(ALLAUTH)}/{path.name.removesuffix('_message.txt')}"
    for part in ("account", "mfa")
    for path in (ALLAUTH / part / "email").glob("*_message.txt")
    if not path.name.startswith("base_")
)
"""Each mail of the library, by the prefix under which it is asked for."""
ROLE = "Chart the Tides of a Small Harbour"
EMPLOYER = "Kelp & Sons"
FACTS = {
    "role": ROLE, "employer": EMPLOYER, "name": "Ana Baker", "due": date(2026, 12, 8),
    "release": date(2026, 12, 15), "lapses": WHEN, "slot": WHEN, "hours": 40,
    "slots": lambda zone: "\n".join([clock.said(WHEN, zone)] * 2),
    "where": "Video call; the link follows.", "text": "Could you start a week later?\n\nAna",
    "message": "We liked how plainly you wrote.", "reason": "", "places": "",
}  # fmt: skip


def mails(language: str) -> Iterator[tuple[str, EmailMultiAlternatives]]:
    """Yield the name and the message of every sort, in one language."""
    reader = User(pk=1, email="ana@example.org", name="Ana Baker", language=language)
    with translation.override(language):
        yield from _of_accounts(reader)
        yield from _of_steps(reader)
        yield from _of_decisions(reader)
        yield "digest", _notices(reader, "application_review", "apply", "review", "message")
        yield "new matches", _notice(reader, "new_matches", ROLE, f"{ROLE}\n\n{EMPLOYER}")
    for name in ("join", "verify"):
        link = f"https://testserver/employer/{name}/{'k' * 43}/"
        text = f"Ana Baker asks you to act for {EMPLOYER}.\n\n{link}\n\nElse ignore this email."
        letter = Letter(
            address=reader.email, subject=EMPLOYER, body=text, button=name, language=language
        )
        yield f"letter {name}", letters.message_for(letter)


def _of_accounts(reader: User) -> Iterator[tuple[str, EmailMultiAlternatives]]:
    given = {
        "user": reader, "email": reader.email, "code": "QXPT-KJRB", "ip": "203.0.113.7",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "from_email": "old@example.org", "to_email": "new@example.org",
        "deleted_email": "old@example.org", "signup_url": "https://testserver/accounts/signup/",
        "password_reset_url": "https://testserver/accounts/password/reset/",
        "activate_url": "https://testserver/accounts/confirm-email/key/",
    }  # fmt: skip
    with context.request_context(RequestFactory().get("/")):
        for prefix in OF_ACCOUNTS:
            source = (ALLAUTH / f"{prefix}_message.txt").read_text()
            changed = {"timestamp": WHEN} if "base_notification" in source else {}
            yield prefix, get_adapter().render_mail(prefix, [reader.email], given | changed)


def _of_steps(reader: User) -> Iterator[tuple[str, EmailMultiAlternatives]]:
    for action, sides in NOTICE_TEXTS.items():
        for side in sides:
            yield f"{action} {side}", _notices(reader, f"application_{action}", action, side=side)


def _of_decisions(reader: User) -> Iterator[tuple[str, EmailMultiAlternatives]]:
    role = Opportunity(title=ROLE, apply_by=date(2026, 12, 24))
    employer = Employer(name=EMPLOYER)
    for outcome in OUTCOMES.values():
        if outcome.told is not None:
            subject, body = (said(text, role=role, employer=employer) for text in outcome.told)
            yield outcome.name, _notice(reader, "decision", subject, body, is_decision=True)


def _notices(
    reader: User, kind: str, *actions: str, side: str = "candidate"
) -> EmailMultiAlternatives:
    facts = {name: spoken(fact, UTC) for name, fact in FACTS.items()}
    told = []
    for action in actions:
        text = NOTICE_TEXTS[action][side]
        subject, body = (
            translation.gettext(words).format_map(facts) for words in (text.subject, text.body)
        )
        told.append(Notice(kind=kind, subject=subject, body=body, url="/applications/app_1/",
                           recipient=reader, is_decision=text.is_decision))  # fmt: skip
    return _mail(reader, told)


def _notice(
    reader: User, kind: str, subject: str, body: str, *, is_decision: bool = False
) -> EmailMultiAlternatives:
    notice = Notice(kind=kind, subject=subject, body=body, recipient=reader, url="/notices/",
                    is_decision=is_decision)  # fmt: skip
    return _mail(reader, [notice])


def _mail(reader: User, notices: list[Notice]) -> EmailMultiAlternatives:
    deliveries = tuple(Delivery(notice=notice, due_at=WHEN) for notice in notices)
    return delivery.message_for(delivery.Mail(reader, deliveries))
