"""What somebody has already done with a role, beside the role."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.template.context import RequestContext
from django.urls import Resolver404, ResolverMatch, resolve

from opportunities.applications import own_state
from opportunities.applications.models import ApplicationEvent, RejectionReason
from opportunities.applications.own_state import NOTHING, OwnState
from opportunities.candidates.models import CandidateProfile
from opportunities.core import clock, retelling
from opportunities.roles.models import Opportunity
from opportunities.roles.wording import quantity

register = template.Library()


@register.filter
def of_role(states: Mapping[int, OwnState] | Any, role_id: int) -> OwnState:
    """Return the state with a role, from those that a page was given; nothing if it was not."""
    return states.get(role_id, NOTHING) if isinstance(states, Mapping) else NOTHING


@register.simple_tag
def own_states(
    profile: CandidateProfile | None, roles: Sequence[Opportunity]
) -> dict[int, OwnState]:
    """Return what the owner of a profile did with these roles, for pages of lower rooms."""
    return own_state.own_states(profile, [role.pk for role in roles])


@register.filter
def detail_said(event: ApplicationEvent) -> str:
    """Say what is kept beside an event of an application."""
    if event.detail in RejectionReason.values:
        return retelling.inside(RejectionReason(event.detail).label)
    return clock.read_aloud(retelling.retold(event.detail))


@register.filter
def hours_said(hours: float) -> str:
    """Write how many hours somebody worked: 20 hours."""
    return quantity(hours, "hour")


def _following(context: RequestContext) -> ResolverMatch | None:
    """Return the page that follows a sign-in, as its address tells it."""
    request = context.get("request")
    following = request.POST.get("next") or request.GET.get("next", "") if request else ""
    try:
        return None if "\x00" in following else resolve(urlsplit(following).path)
    except (ValueError, Resolver404):
        return None


@register.simple_tag(takes_context=True)
def is_joining_a_team(context: RequestContext) -> bool:
    """Say whether somebody goes on to the invitation to a team once they have signed in."""
    match = _following(context)
    return match is not None and match.view_name == "opportunities:join-team"


@register.simple_tag(takes_context=True)
def applying_for(context: RequestContext) -> Opportunity | None:
    """Return the role, if any, that somebody goes on to apply for once they have signed in."""
    match = _following(context)
    if match is None or match.view_name != "opportunities:apply":
        return None
    roles = Opportunity.objects.visible_to(context["request"].user)
    return roles.filter(public_id=match.kwargs["public_id"]).first()
