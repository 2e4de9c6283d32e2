"""Facts of a role as template filters; the phrasing itself stands in ``wording``."""

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from opportunities.core import clock, pay
from opportunities.core.rendering import rendered
from opportunities.roles import external, fields, wording
from opportunities.roles.models import Opportunity
from opportunities.roles.wording import Phrase
from opportunities.skills.models import Skill, SkillKind
from opportunities.skills.vocabulary import ESCO_NOTICE

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Render Markdown through an allow-list; links are marked as not ours."""
    return rendered(text)


@register.simple_tag
def vocabulary_notice() -> str:
    """Return what the reuse terms of the skills' source ask to show, where it is in use."""
    return ESCO_NOTICE if Skill.objects.filter(kind=SkillKind.ESCO).exists() else ""


@register.filter
def money(minor: int, currency: str) -> str:
    """Write minor units as an amount."""
    return wording.money(minor, currency)


@register.filter
def major(minor: int, currency: str) -> str:
    """Write minor units as a plain decimal."""
    return str(pay.to_major(minor, currency))


@register.filter
def level_word(level: int) -> str:
    """Say how well a skill is known."""
    return str(wording.LEVEL_WORDS[level])


@register.filter
def pay_of(role: Opportunity) -> Phrase:
    """Say what the role pays."""
    return wording.pay_phrase(role)


@register.filter
def work_of(role: Opportunity) -> Phrase:
    """Say how much work it is."""
    return wording.work_phrase(role)


@register.filter
def start_of(role: Opportunity) -> Phrase:
    """Say when it starts."""
    return wording.start_phrase(role)


@register.filter
def apply_of(role: Opportunity) -> Phrase:
    """Say until when and how one applies."""
    return wording.apply_phrase(role)


@register.filter
def steps_of(role: Opportunity) -> str:
    """Say what applying takes."""
    return wording.steps_phrase(role)


@register.filter
def last_day_of(role: Opportunity) -> str:
    """Say the last day to apply, and whose day it is."""
    return wording.last_day(role)


@register.filter
def closing_of(role: Opportunity) -> str:
    """Say when that day ends by the reader's clock, where that is another than the role's."""
    return wording.closing(role)


@register.filter
def zone_of(role: Opportunity) -> str:
    """Name whose time the days of a role are in."""
    return clock.time_of(role.zone)


@register.filter
def place_of(role: Opportunity) -> str:
    """Say where it is."""
    return wording.place_phrase(role)


@register.filter
def demands_of(role: Opportunity) -> list[str]:
    """Say what the role demands of who applies."""
    return fields.demands_of(role)


@register.filter
def facts_of(role: Opportunity) -> list[tuple[str, Phrase]]:
    """Return every fact of the role beside those that cards show, with its label."""
    return fields.facts_of(role)


@register.filter
def external_host(role: Opportunity) -> str:
    """Return the name of the employer's site on which one applies, where it is verified."""
    return external.host(role)


@register.filter
def ideal_for(role: Opportunity) -> str:
    """Say whom the facts suit."""
    return wording.ideal_for(role)


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
