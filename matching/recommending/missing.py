"""What keeps a role from being open to somebody: a sentence for each gate that is shut."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from matching.recommending.queries import Shown
from matching.recommending.reason_facts import amount, field_phrase, km_away, weekly_hours
from opportunities.core import iso_names, languages
from opportunities.core.pay import PayKind
from opportunities.roles import wording
from opportunities.roles.models import Mode
from opportunities.roles.wording import LEVEL_WORDS, quantity


def missing(gates: Sequence[str], shown: Shown) -> list[str]:
    """Return what is missing for a role to be open to somebody, a sentence for each gate."""
    return [MISSING_WORDS[gate](shown) for gate in gates]


def _starts(shown: Shown) -> str:
    latest = shown.role.start_latest
    free = _day(shown.person.available_from)
    if latest is None:
        return _("It starts before you can: you are free from %(free)s.") % {"free": free}
    return _("It starts by %(day)s, before you can: you are free from %(free)s.") % {
        "day": wording.day(latest),
        "free": free,
    }


def _ends(shown: Shown) -> str:
    until = shown.person.available_until
    if not until:
        return _("It ends too late for you.")
    return _("It ends after %(day)s, your last day.") % {"day": _day(until)}


def _hours(shown: Shown) -> str:
    weekly, yours = weekly_hours(shown.role), quantity(shown.person.hours_per_week, "hour")
    if weekly is None or weekly <= shown.person.hours_per_week:
        return _("It takes more hours in one of its weeks than you have then.")
    return _("It takes %(hours)s a week, and you have %(yours)s.") % {
        "hours": quantity(weekly, "hour"),
        "yours": yours,
    }


def _mode(shown: Shown) -> str:
    wanted = [_lower(str(Mode(mode).label)) for mode in sorted(shown.person.modes)]
    if not wanted and shown.role.mode is None:
        return _(
            "It does not say whether the work is remote or on site, and you chose no way of"
            " working."
        )
    if shown.role.mode is None:
        return _(
            "It does not say whether the work is remote or on site, and you chose %(modes)s."
        ) % {"modes": languages.listed(wanted)}
    mode = _lower(str(Mode(shown.role.mode).label))
    if not wanted:
        return _("The work is %(mode)s, and you chose no way of working.") % {"mode": mode}
    return _("The work is %(mode)s, and you chose %(modes)s.") % {
        "mode": mode,
        "modes": languages.listed(wanted),
    }


def _region(shown: Shown) -> str:
    role = shown.role
    if not (role.place or role.region or role.cities):
        return _("It does not say where the work is done.")
    where = wording.said_place(role) or role.region or role.towns[0].name
    if (km := km_away(shown.person, role)) is not None:
        return _("It is in %(place)s, %(distance)s: farther than you go.") % {
            "place": where,
            "distance": wording.away_phrase(km),
        }
    return _("It is in %(place)s, which is not among your places.") % {"place": where}


def _field(shown: Shown) -> str:
    yours = languages.listed([field_phrase(name) for name in sorted(shown.person.only_fields)])
    if not shown.role.field:
        return _("It does not say what field it is in, and you chose only %(fields)s.") % {
            "fields": yours
        }
    return _("It is in %(field)s, and you chose only %(fields)s.") % {
        "field": field_phrase(shown.role.field),
        "fields": yours,
    }


def _pay(shown: Shown) -> str:
    least = amount(shown.person.rate_floor, shown.currency)
    paid = wording.pay_phrase(shown.role)
    if paid.main == wording.NOT_STATED:
        return _("It does not state its pay, and you work for %(least)s an hour or more.") % {
            "least": least
        }
    if shown.role.pay_kind == PayKind.UNPAID:
        return _("It is unpaid; you work for %(least)s an hour or more.") % {"least": least}
    if shown.role.pay_kind == PayKind.HOURLY or not paid.note:
        words = _("Its pay is %(pay)s; you work for %(least)s an hour or more.")
    else:
        words = _("Its pay is %(pay)s, %(hourly)s; you work for %(least)s an hour or more.")
    return words % {"pay": paid.main, "hourly": paid.note, "least": least}


def _musts(shown: Shown) -> str:
    lacked = [
        f"{used.skill.name} ({LEVEL_WORDS[used.level]})"
        for used in shown.role.skills.all()
        if used.must and shown.person.skills.get(used.skill.slug, 0) < used.level
    ]
    if not lacked:
        return _("It asks for a skill that you lack.")
    return _("It asks for %(skills)s.") % {"skills": languages.listed(lacked)}


def _lower(mode: str) -> str:
    """Write a way of working as it stands within a sentence: on site."""
    return mode[:1].lower() + mode[1:]


def _day(iso: str) -> str:
    return wording.day(date.fromisoformat(iso))


MISSING_WORDS: Final[Mapping[str, Callable[[Shown], str]]] = {
    "starts_before_available": _starts,
    "ends_after_available": _ends,
    "weekly_hours": _hours,
    "blocked_weeks": lambda _shown: _("It falls into weeks that you have blocked."),
    "mode": _mode,
    "region": _region,
    "field": _field,
    "rate_floor": _pay,
    "credit": lambda _shown: _("It gives no academic credit, which you need."),
    "enrolment": lambda _shown: _("It is for enrolled students."),
    "age": lambda shown: (
        _("It is for people who are at least %(age)s.") % {"age": shown.role.min_age}
    ),
    "work_rights": lambda shown: (
        _("It needs the right to work in this country: %(country)s.")
        % {"country": iso_names.countries().name(shown.role.work_rights)}
    ),
    "must_have_skill": _musts,
}
