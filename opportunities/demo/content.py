"""The shapes that the demo market's content is written in."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class DemoEmployer(NamedTuple):
    """An invented organization; its domain ends in ``.example``, which nobody can own.

    ``setting`` tells applicants whom they would work with, and stands in every role's text.
    """

    key: str
    name: str
    field: str
    place: str
    country: str
    about: str
    setting: str


class Post(NamedTuple):
    """One role of a family: who offers it, its title, its subject, and what it is about."""

    employer: str
    title: str
    thing: str
    summary: str


class Family(NamedTuple):
    """Roles that ask for the same kind of work in one format.

    ``text`` and ``deliverables`` (title, what "done" means) may name the ``{thing}`` of a post.
    ``skills`` are "slug level importance", with a final ``!`` on a must-have; level 0 is taught.
    ``pay`` is hourly, fee, stipend or unpaid; ``modes`` are tried in turn.
    """

    field: str
    format: str
    hours: float
    weeks: float
    pay: str
    modes: Sequence[str]
    skills: Sequence[str]
    text: str
    deliverables: Sequence[Sequence[str]]
    posts: Sequence[Post]
    learning: str = ""
    """What is learnt, where the format asks for it."""


class Problem(NamedTuple):
    """A posting with something wrong: what, the state it is in, and what was decided if it was.

    ``role`` is what it states by the names of columns; ``check`` is the name of the check that
    finds it; ``copies`` is the title whose words it repeats; ``pay`` is a kind of pay and an amount
    in major units.
    """

    role: Mapping[str, Any]
    employer: str
    title: str
    pay: tuple[str, float]
    check: str
    copies: str = ""
    status: str = "in_review"
    rules: tuple[str, ...] = ()
    reason: str = ""
