"""Kinds of news that a person chooses one by one to be mailed; all of them stand under Notices."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.core.errors import Fault, Invalid
from opportunities.core.rows import update_row
from opportunities.messaging.models import NoticePreference
from opportunities.messaging.topics import TOPICS, Switch

SETTINGS: Final = "/notices/kinds/"


def switch_for(kind: str, what: str | Promise, *, concerns: Callable[[User], bool]) -> Switch:
    """Return the switch of a kind that is chosen on a page with the others."""
    return Switch(
        what=what,
        stop=partial(_set, kind, is_stopped=True),
        is_stopped=partial(_is_stopped, kind),
        settings_url=SETTINGS,
        concerns=concerns,
        start=partial(_set, kind, is_stopped=False),
    )


def choices_of(reader: User) -> list[tuple[str, Switch, bool]]:
    """Return each kind that may reach the reader, its switch, and whether it is mailed."""
    kept = NoticePreference.objects.filter(user=reader).first()
    stopped_here = kept.stopped if kept else []
    return [
        (
            kind,
            switch,
            kind not in stopped_here if switch.can_start else not switch.is_stopped(reader),
        )
        for kind, topic in TOPICS.items()
        if (switch := topic.switch) is not None and switch.concerns(reader)
    ]


@transaction.atomic
def choose(*, reader: User, mailed: Collection[str]) -> User:
    """Have these kinds mailed and no other of those that are chosen together."""
    if set(mailed) - set(TOPICS):
        rule = _("One of: %(known)s.") % {"known": ", ".join(sorted(TOPICS))}
        raise Invalid(Fault("mailed", "unknown_choice", rule))
    for kind, switch, is_mailed in choices_of(reader):
        if switch.start is not None and is_mailed != (kind in mailed):
            turn = switch.stop if is_mailed else switch.start
            turn(reader)
    return reader


@transaction.atomic
def _set(kind: str, reader: User, *, is_stopped: bool) -> None:
    kept, _is_new = NoticePreference.objects.select_for_update().get_or_create(user=reader)
    others = [each for each in kept.stopped if each != kind]
    update_row(kept, stopped=[*others, kind] if is_stopped else others)


def stopped(kind: str) -> QuerySet[NoticePreference]:
    """Return what those chose who have this kind not mailed."""
    return NoticePreference.objects.filter(stopped__contains=[kind])


def _is_stopped(kind: str, reader: User) -> bool:
    return stopped(kind).filter(user=reader).exists()
