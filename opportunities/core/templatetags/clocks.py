"""Clock times in templates: each by the reader's clock, with its zone."""

from datetime import datetime

from django import template

from opportunities.core import clock

register = template.Library()


@register.filter(expects_localtime=False)
def clock_time(moment: datetime | None, pattern: str = clock.WHOLE) -> str:
    """Say an instant with the reader's zone; ``pattern`` is one of Django's ``date``."""
    return clock.said(moment, pattern=pattern) if moment else ""


@register.filter(expects_localtime=False)
def clock_beside(moment: datetime, zone_name: str) -> str:
    """Say an instant by the reader's clock and by that of a zone, where they differ."""
    return clock.said_beside(moment, clock.zone_of(zone_name)) if zone_name else clock.said(moment)
