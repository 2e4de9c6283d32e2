"""The arithmetic of promises: how soon an answer is due, and how often an employer gives one."""

from opportunities.core.models import Site
from opportunities.roles.formats import Kind
from opportunities.roles.models import Opportunity


def response_days(role: Opportunity, site: Site) -> int:
    """Return the working days in which the employer of this role promises an answer (rule 6.1)."""
    if role.response_days is not None:
        return role.response_days
    micro = role.kind == Kind.MICRO
    return site.response_days_micro if micro else site.response_days_internship


def country_of(role: Opportunity) -> str:
    """Return the country whose holidays the employer keeps."""
    return role.employer.country or role.country
