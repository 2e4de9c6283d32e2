"""Notices of which a higher room knows more than their words: each kind registers its topic.

A topic is news that nobody waits for: its email keeps the reader's quiet hours. It may also be
written anew when it is sent, so that what has passed meanwhile is left out, and have a switch of
its own, which the link in its email turns off.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise

from opportunities.accounts.models import User
from opportunities.core.languages import Words
from opportunities.messaging.models import Notice


@dataclass(frozen=True, slots=True)
class Composed:
    """A notice as it is true now; ``mail`` is its text in an email, with addresses."""

    subject: Words
    body: Words
    mail: Words


type Compose = Callable[[Notice, datetime], Composed | None]
"""Writes a notice anew; None where nothing is left to tell: then nothing is sent."""


@dataclass(frozen=True, slots=True)
class Switch:
    """How one kind of email is stopped without the others; ``what`` names it in a sentence."""

    what: str | Promise
    stop: Callable[[User], None]
    is_stopped: Callable[[User], bool]
    settings_url: str
    concerns: Callable[[User], bool]
    """Whether email of the kind may reach somebody at all."""
    start: Callable[[User], None] | None = None
    """Has the kind mailed again; None where a rhythm has to be chosen on the page of settings."""

    @property
    def can_start(self) -> bool:
        """Say whether a yes is enough to have the kind mailed again."""
        return self.start is not None


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of notice."""

    kind: str
    compose: Compose | None = None
    switch: Switch | None = None


TOPICS: Final[dict[str, Topic]] = {}


def register(topic: Topic) -> None:
    """Add a topic when Django starts; a second one of the same kind is refused."""
    if TOPICS.setdefault(topic.kind, topic) is not topic:
        raise RuntimeError(f"The topic {topic.kind} is registered twice.")


def switch_of(kind: str) -> Switch | None:
    """Return the switch of this kind of notice alone, if it has one."""
    topic = TOPICS.get(kind)
    return topic.switch if topic else None
