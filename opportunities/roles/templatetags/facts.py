"""Facts of a role as template filters; the phrasing itself stands in ``wording``."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from django import template
from django.utils.safestring import SafeString, mark_safe

from opportunities.core import clock, languages
from opportunities.core.rendering import rendered
from opportunities.roles import external, fields, wording
from opportunities.roles.models import Opportunity
from opportunities.skills.models import Skill, SkillKind
from opportunities.skills.vocabulary.files import ESCO_NOTICE

register = template.Library()

FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "markdown": rendered,
    "money": languages.money,
    "pay_of": wording.pay_phrase,
    "work_of": wording.work_phrase,
    "start_of": wording.start_phrase,
    "apply_of": wording.apply_phrase,
    "steps_of": wording.steps_phrase,
    "last_day_of": wording.last_day,
    "closing_of": wording.closing,
    "place_of": wording.place_phrase,
    "demands_of": fields.demands_of,
    "facts_of": fields.facts_of,
    "external_host": external.host,
    "ideal_for": wording.ideal_for,
}
"""What says a fact, by its name in templates."""
for _name, _says in FILTERS.items():
    register.filter(_name, _says)


@register.simple_tag
def vocabulary_notice() -> str:
    """Return what the reuse terms of the skills' source ask to show, where it is in use."""
    return ESCO_NOTICE if Skill.objects.filter(kind=SkillKind.ESCO).exists() else ""


@register.filter
def level_word(level: int) -> str:
    """Say how well a skill is known."""
    return str(wording.LEVEL_WORDS[level])


@register.filter
def zone_of(role: Opportunity) -> str:
    """Name whose time the days of a role are in."""
    return clock.time_of(role.zone)


@register.filter
def day(when: object) -> str:
    """Write a date with its weekday."""
    return wording.day(when) if when else ""  # type: ignore[arg-type]


@register.filter
def json_ld(posting: dict[str, Any]) -> SafeString:
    """Write structured data as a data block that no text can break out of."""
    text = json.dumps(posting, ensure_ascii=False)
    for character, escape in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(character, escape)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308
