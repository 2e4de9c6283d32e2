"""Labels and kept sentences in templates, as the language of the page says them."""

from django import template

from opportunities.core import retelling

register = template.Library()


@register.filter
def inside(label: object) -> str:
    """Return a label as it stands within a sentence."""
    return retelling.inside(label)


@register.filter
def retold(text: str) -> str:
    """Return a text that was kept in English in the language of the page."""
    return retelling.retold(text)
