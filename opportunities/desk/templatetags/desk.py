"""The way through the desk, with what waits in each of its lists."""

from collections.abc import Mapping
from typing import Any

from django import template

from opportunities.accounts.current import person
from opportunities.desk import operations as moderating

register = template.Library()


@register.inclusion_tag("desk/_nav.html", takes_context=True)
def desk_nav(context: Mapping[str, Any], here: str) -> dict[str, object]:
    """Show the lists of the desk, with how many reports and appeals wait for this moderator."""
    moderator = person(context["request"])
    return {
        "here": here,
        "reports_waiting": moderating.reports_waiting(moderator=moderator).count(),
        "appeals_waiting": moderating.appeals_waiting(moderator=moderator).count(),
    }
