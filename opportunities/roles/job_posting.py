"""A role as schema.org JobPosting, by the rules that search engines publish for job postings.

Only an open role has markup, and it says what the page says. A fixed fee has no unit there, so it
stands in the description in words and ``baseSalary`` is left out.
"""

from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from opportunities.core import calendar_files, clock, pay
from opportunities.core.fields_of_work import Field
from opportunities.core.pay import PayKind
from opportunities.places.gazetteer import City
from opportunities.roles import wording
from opportunities.roles.fields import facts_of
from opportunities.roles.formats import Kind
from opportunities.roles.models import Mode, Opportunity

FULL_TIME_HOURS: Final = 30
UNITS: Final = {PayKind.HOURLY: "HOUR", PayKind.STIPEND_MONTH: "MONTH"}


def address_of(role: Opportunity) -> str:
    """Return the canonical address of a role's page."""
    return f"{settings.SITE_URL}{role.path}"


def country_of(role: Opportunity) -> str:
    """Return the country of the work; of remote work, the one in which applicants may live.

    A right to work that is asked for says where they live as surely as a country does.
    """
    return role.country or role.work_rights or role.employer.country


def job_posting(role: Opportunity) -> dict[str, Any] | None:
    """Return the JobPosting of an open role with its employer, skills and deliverables.

    Search engines take none that names no country: such a role has no markup.
    """
    if not country_of(role):
        return None
    employer = role.employer
    organization: dict[str, Any] = {"@type": "Organization", "name": employer.name}
    if employer.website:
        organization["sameAs"] = employer.website
    if employer.logo:
        logo = reverse("opportunities:logo", args=[employer.slug])
        organization["logo"] = f"{settings.SITE_URL}{logo}"
    posting: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": role.title,
        "description": description(role),
        "datePosted": role.opened_at.date().isoformat() if role.opened_at else None,
        "validThrough": clock.last_second_of(role.apply_by, role.zone).isoformat()
        if role.apply_by
        else None,
        "employmentType": employment_types(role),
        "hiringOrganization": organization,
        "identifier": {
            "@type": "PropertyValue",
            "name": settings.SITE_NAME,
            "value": role.public_id,
        },
        "directApply": not role.apply_url,
        "url": address_of(role),
        "totalJobOpenings": role.capacity,
        **_place(role),
    }
    if role.start_earliest:
        posting["jobStartDate"] = role.start_earliest.isoformat()
    if role.hours_per_week:
        weekly = wording.quantity(role.hours_per_week, "hour")
        posting["workHours"] = _("%(hours)s a week") % {"hours": weekly}
    if role.field:
        posting["industry"] = str(Field(role.field).label)
    skills = [_term(used.skill) for used in role.skills.all()]
    if skills:
        posting["skills"] = skills
    if salary := base_salary(role):
        posting["baseSalary"] = salary
    return {name: value for name, value in posting.items() if value is not None}


def description(role: Opportunity) -> str:
    """Return everything the page says about the work, as HTML: text, results, pay, steps."""
    context = {"role": role, "facts": facts_of(role, on_cards=True)}
    return render_to_string("roles/_posting.html", context).strip()


def employment_types(role: Opportunity) -> list[str]:
    """Return the kinds of employment, in the words of the vocabulary."""
    if role.kind == Kind.MICRO:
        return ["INTERN", "TEMPORARY"]
    weekly = role.hours_per_week or 0
    return ["INTERN", "FULL_TIME" if weekly >= FULL_TIME_HOURS else "PART_TIME"]


def base_salary(role: Opportunity) -> dict[str, Any] | None:
    """Return the employer's own figure where a unit of the vocabulary fits it."""
    if role.pay_kind not in UNITS or role.pay_amount_minor is None:
        return None
    low = float(pay.to_major(role.pay_amount_minor, role.pay_currency))
    value: dict[str, Any] = {
        "@type": "QuantitativeValue",
        "unitText": UNITS[PayKind(role.pay_kind)],
    }
    if role.pay_max_minor and role.pay_max_minor > role.pay_amount_minor:
        value |= {
            "minValue": low,
            "maxValue": float(pay.to_major(role.pay_max_minor, role.pay_currency)),
        }
    else:
        value["value"] = low
    return {"@type": "MonetaryAmount", "currency": role.pay_currency, "value": value}


def _place(role: Opportunity) -> dict[str, Any]:
    country = country_of(role)
    if role.mode == Mode.REMOTE:
        return {
            "jobLocationType": "TELECOMMUTE",
            "applicantLocationRequirements": {"@type": "Country", "name": country},
        }
    places = [_known_place(town) for town in role.towns] if role.place else []
    if not places:
        address: dict[str, Any] = {"@type": "PostalAddress", "addressCountry": country}
        if role.place:
            address["addressLocality"] = role.place
        places = [{"@type": "Place", "address": address}]
    return {"jobLocation": places if len(places) > 1 else places[0]}


def _known_place(town: City) -> dict[str, Any]:
    address = {
        "@type": "PostalAddress",
        "addressLocality": town.name,
        "addressRegion": town.region,
        "addressCountry": town.country,
    }
    point = {"@type": "GeoCoordinates", "latitude": town.latitude, "longitude": town.longitude}
    told = {name: words for name, words in address.items() if words}
    return {"@type": "Place", "address": told, "geo": point}


def deadline_of(role: Opportunity) -> calendar_files.Entry:
    """Return the last day to apply as an entry of a calendar, named as the role is."""
    return calendar_files.Entry(
        role.public_id,
        role.version,
        role.changed_at,
        _("Last day to apply: %(role)s (%(employer)s)")
        % {"role": role.title, "employer": role.employer.name},
        role.apply_by or role.changed_at.date(),
        url=address_of(role),
        about=_("Until the end of the day, %(zone)s.") % {"zone": clock.time_of(role.zone)},
    )


def _term(skill: Any) -> dict[str, str]:
    term = {"@type": "DefinedTerm", "name": skill.name}
    if skill.esco_id:
        term["url"] = f"http://data.europa.eu/esco/skill/{skill.esco_id}"
    return term
