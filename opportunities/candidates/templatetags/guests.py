"""What the pages of signing in say to guests."""

from django import template
from django.template.context import RequestContext

from opportunities.candidates import guest_profile

register = template.Library()


@register.simple_tag(takes_context=True)
def brings_along(context: RequestContext) -> bool:
    """Say whether what a guest has in this browser goes into the account they sign in to."""
    request = context.get("request")
    return request is not None and guest_profile.has_something(request)
