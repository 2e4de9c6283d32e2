"""The way through the desk, with what waits in each of its lists."""

from collections.abc import Mapping
from typing import Any

from django import template

from opportunities.accounts.current import person
from opportunities.desk import operations as moderating
from opportunities.importing.forms import label_of
from opportunities.roles.models import Opportunity

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


@register.filter
def kept_words(role: Opportunity) -> list[tuple[str, str]]:
    """Return the words of an import or a pasted advert that no field holds, by their label."""
    return [(label_of(name), words) for name, words in role.unparsed.items()]
