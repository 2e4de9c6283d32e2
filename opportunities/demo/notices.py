"""Notices of the steps in the demo's histories, in the words that the product tells them in."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from opportunities.accounts.models import User
from opportunities.accounts.time_zones import zone_of
from opportunities.applications.models import ApplicationEvent, InterviewSlot, RejectionReason
from opportunities.applications.notice_texts import NOTICE_TEXTS
from opportunities.applications.tracking import promise, words_for
from opportunities.core.retelling import inside
from opportunities.demo.chance import public_id
from opportunities.demo.histories import History
from opportunities.employers.models import Employer
from opportunities.messaging.models import Notice
from opportunities.messaging.notify import columns, in_each_language

TOLD_CANDIDATES: Final = frozenset({"shortlist", "interview", "offer", "reject"})
PAGES: Final = {"candidate": "/applications/", "employer": "/employer/applications/"}
UNREAD: Final = timedelta(days=5)
"""What is younger has not been read yet."""


def notices_of(
    history: History, *, candidate: User, owner: User, employer: Employer, at: datetime
) -> list[Notice]:
    """Return what a candidate and an owner were told, oldest first; nothing is stored."""
    told = []
    versions: Counter[str] = Counter()
    for event in history[ApplicationEvent]:
        application = event.application
        versions[application.public_id] += 1
        key = f"{application.public_id}:{versions[application.public_id]}"
        if event.action in TOLD_CANDIDATES and application.profile.user == candidate:
            told.append(_notice(event, "candidate", candidate, key, history, at=at))
        if event.action == "apply" and application.opportunity.employer == employer:
            told.append(_notice(event, "employer", owner, key, history, at=at))
    return sorted(told, key=lambda notice: notice.created_at)


def _notice(
    event: ApplicationEvent,
    side: str,
    reader: User,
    event_key: str,
    history: History,
    *,
    at: datetime,
) -> Notice:
    kind, application = f"application_{event.action}", event.application
    facts = _facts(event, history)
    words = words_for(application, event.action, side, zone=zone_of(reader), **facts)
    return Notice(
        public_id=public_id("ntc", (reader.email, event_key), at=event.at),
        recipient=reader,
        kind=kind,
        key=f"{kind}:{event_key}",
        url=f"{PAGES[side]}{application.public_id}/",
        is_decision=NOTICE_TEXTS[event.action][side].is_decision,
        created_at=event.at,
        read_at=event.at + timedelta(hours=2) if at - event.at >= UNREAD else None,
        **columns(in_each_language(*words), reader),
    )


def _facts(event: ApplicationEvent, history: History) -> dict[str, object]:
    """Return what the text of a step names beside role, employer and applicant."""
    application = event.application
    if event.action == "interview":
        slots = [slot for slot in history[InterviewSlot] if slot.application is application]
        return {"slots": lambda zone: "\n".join(slot.said(zone) for slot in slots)}
    if event.action == "offer":
        return {"lapses": application.offer_lapses_at, "message": application.offer_message}
    if event.action == "reject":
        reason = RejectionReason(application.rejection_reason)
        return {
            "reason": lambda _zone: inside(reason.label),
            "message": application.rejection_message,
        }
    return {"due": promise(application.opportunity, since=event.at.date()).answer_due_on}
