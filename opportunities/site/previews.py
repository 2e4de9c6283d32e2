"""What a change of the site's settings would do, counted on what is on the site now.

The change is made in a transaction, everything that ``MEASURES`` names is counted before and after,
by the very functions that act on it where one decides for many, and the transaction is rolled back.
"""

from collections.abc import Callable, Mapping
from copy import copy
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any, Final, NamedTuple

from django.db import models, transaction
from django.db.models import Count

from opportunities.accounts.models import User
from opportunities.accounts.second_factor import with_demand
from opportunities.candidates.models import ProfileSight
from opportunities.core.lifecycle import ON_MARKET, RoleStatus
from opportunities.core.models import AutoApproval, ExchangeRate, PayFloor, ReservedWord, Site
from opportunities.employers.models import Employer
from opportunities.moderation.models import Verdict
from opportunities.promises.postings import unconfirmed
from opportunities.roles import drafts, review
from opportunities.roles.checks.facts import pay_floor, pay_stated
from opportunities.roles.checks.posting import Posting, Standards
from opportunities.roles.checks.results import Flag
from opportunities.roles.checks.wording import reserved_words
from opportunities.roles.models import Opportunity
from opportunities.roles.response_times import response_days

MOST: Final = 500
"""Roles that are looked at, newest first: a preview is answered while somebody waits."""
MOST_WAITING: Final = 50
"""Roles in the queue that every check reads, twin postings too."""
SHOWN: Final = 5
SHOWN_STATES: Final = (RoleStatus.OPEN, RoleStatus.PAUSED, RoleStatus.IN_REVIEW)

type Found = Mapping[int, str]
"""What a measure counts: names by primary key."""


class Measure(NamedTuple):
    """Something that a setting decides, and how it is said of what joins and of what leaves it."""

    joins: str
    leaves: str
    found: Callable[["Now"], Found]


class Effect(NamedTuple):
    """One sentence, how many it is true of, and the names of some."""

    sentence: str
    number: int
    names: list[str]


class Now:
    """The site as the settings of this moment have it; what is costly is read once."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    @cached_property
    def postings(self) -> list[Posting]:
        """Return the roles as checks would read them now."""
        standards = Standards()
        roles = Opportunity.objects.filter(status__in=SHOWN_STATES).whole().order_by("-id")[:MOST]
        found = []
        for role in roles:
            drafts.derive(role, rates=standards.rates)
            today, parts = role.today(at=self.at), drafts.parts_of(role)
            found.append(Posting(role, today, parts, role.employer, standards=standards))
        return found


def _stops(flags: list[Flag]) -> bool:
    return any(flag.verdict == Verdict.STOP for flag in flags)


def _ill_paid(now: Now) -> Found:
    return {
        posting.role.pk: posting.role.title
        for posting in now.postings
        if _stops([*pay_floor(posting), *pay_stated(posting)])
    }


def _incomparable(now: Now) -> Found:
    return {
        role.pk: role.title
        for role in (posting.role for posting in now.postings)
        if role.pay_amount_minor and role.hourly_minor is None
    }


def _worded(now: Now, *, is_stopped: bool) -> Found:
    return {
        posting.role.pk: posting.role.title
        for posting in now.postings
        if (flags := [flag for _, flag in reserved_words(posting)]) and _stops(flags) is is_stopped
    }


def _late_reviews(now: Now) -> Found:
    due = now.at - timedelta(hours=Site.load().review_hours)
    waiting = Opportunity.objects.filter(status=RoleStatus.IN_REVIEW, submitted_at__lt=due)
    return dict(waiting.values_list("pk", "title"))


def _unconfirmed(now: Now) -> Found:
    late = unconfirmed(Site.load().confirm_days, at=now.at)
    living = Opportunity.objects.filter(late, status__in=ON_MARKET)
    return dict(living.values_list("pk", "title"))


def _promises(now: Now) -> Found:
    site = Site.load()
    living = Opportunity.objects.open(at=now.at)
    # The days are part of what is counted, so that another promise is another thing.
    return {
        role.pk * 1000 + response_days(role, site): role.title
        for role in living.only("title", "kind", "response_days")
    }


def _without_invitations(now: Now) -> Found:
    cap = Site.load().invitations_per_role
    living = Opportunity.objects.open(at=now.at).annotate(invited=Count("invitations"))
    return dict(living.filter(invited__gte=cap).values_list("pk", "title"))


def _without_looks(now: Now) -> Found:
    cap = Site.load().profiles_per_day
    today = ProfileSight.objects.filter(seen_on=now.at.date()).values("employer")
    used = today.annotate(seen=Count("pk")).filter(seen__gte=cap).values("employer")
    return dict(Employer.objects.filter(pk__in=used).values_list("pk", "name"))


def _asked_for_a_factor(_now: Now) -> Found:
    accounts: Any = with_demand(User.objects.filter(is_active=True))
    asked = accounts.filter(second_factor_needed=True, second_factor_set_up=False)
    return dict(asked.values_list("pk", "email"))


def _opening_alone(now: Now) -> Found:
    waiting = Opportunity.objects.filter(status=RoleStatus.IN_REVIEW)
    return {
        role.pk: role.title
        for role in waiting.select_related("employer", "posted_by").order_by("-id")[:MOST_WAITING]
        if review.opens_by_rule(role, review.look_at(role, poster=role.posted_by, at=now.at))
    }


_PAY: Final = Measure(
    "roles would be stopped for their pay (rules 3.1 and 3.2) when they are checked next",
    "roles would no longer be stopped for their pay (rules 3.1 and 3.2)",
    _ill_paid,
)
_RATE: Final = Measure(
    "roles pay in a currency that can no longer be compared with others",
    "roles pay in a currency that can be compared with others from then on",
    _incomparable,
)
MEASURES: Final[Mapping[type[models.Model], tuple[Measure, ...]]] = {
    Site: (
        _PAY,
        _RATE,
        Measure("open roles promise an answer within other days than before", "", _promises),
        Measure(
            "open roles close today, since nobody confirmed them in time",
            "open roles stay that were to close today",
            _unconfirmed,
        ),
        Measure(
            "roles in the queue are late at once", "roles in the queue are in time", _late_reviews
        ),
        Measure(
            "open roles can invite nobody more",
            "open roles can invite people again",
            _without_invitations,
        ),
        Measure(
            "employers have looked at as many candidates today as they may",
            "employers may look at further candidates today",
            _without_looks,
        ),
        Measure(
            "people are asked to set up a second factor before they go on",
            "people can go on without a second factor",
            _asked_for_a_factor,
        ),
    ),
    PayFloor: (_PAY,),
    ExchangeRate: (_PAY, _RATE),
    AutoApproval: (
        Measure(
            "roles in the queue would have opened without a moderator",
            "roles in the queue would no longer open without a moderator",
            _opening_alone,
        ),
    ),
    ReservedWord: (
        Measure(
            "roles would be stopped for a reserved word when they are checked next",
            "roles would no longer be stopped for a reserved word",
            partial(_worded, is_stopped=True),
        ),
        Measure(
            "roles would be marked for a moderator to look at",
            "roles would no longer be marked for a moderator",
            partial(_worded, is_stopped=False),
        ),
    ),
}
"""What is counted for each table of settings; what they say is read behind a number."""


def effects(changed: models.Model, *, at: datetime) -> list[Effect]:
    """Return what saving a changed row of settings would do, and leave everything as it is."""
    measures = MEASURES[type(changed)]
    now = Now(at)
    before = [measure.found(now) for measure in measures]
    with transaction.atomic():
        copy(changed).save()  # so that a new row stays a new one
        then = Now(at)
        after = [measure.found(then) for measure in measures]
        transaction.set_rollback(True)
    found = []
    for measure, was, becomes in zip(measures, before, after, strict=True):
        for sentence, here, there in (
            (measure.joins, becomes, was),
            (measure.leaves, was, becomes),
        ):
            names = [name for key, name in here.items() if key not in there]
            if names and sentence:
                found.append(Effect(sentence, len(names), names[:SHOWN]))
    return found


def differences(form: Any) -> list[tuple[str, str, str]]:
    """Return label, old and new value of each field that a bound form changes, in words."""
    found = []
    for name in form.changed_data:
        field = form.fields[name]
        was, becomes = form.get_initial_for_field(field, name), form.cleaned_data.get(name)
        label = str(field.label or name.replace("_", " "))
        found.append((label, _in_words(field, was), _in_words(field, becomes)))
    return found


def _in_words(field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, ""):
        return "none"
    return str(dict(getattr(field, "choices", ())).get(value, value))
