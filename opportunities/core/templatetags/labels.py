"""Labels and kept sentences in templates, as the language of the page says them."""

from django import template

from opportunities.core import retelling

register = template.Library()
register.filter("inside", retelling.inside)
register.filter("retold", retelling.retold)
