"""Reads one record as the importer does on a day of November 2026."""

from datetime import date

from opportunities.importing.columns import Naming
from opportunities.importing.convert import convert
from opportunities.importing.rows import Record

TODAY = date(2026, 11, 29)


def facts(role, *names):
    return tuple(role.values[name] for name in names)


def posting(**facts):
    return {"@type": "JobPosting", "title": "Helper", "hiringOrganization": "Acme"} | facts


def read_one(values, naming=None):
    role = convert(Record(1, values), naming or Naming(source="t"), currency="GBP", today=TODAY)
    assert role.bad == []
    return role


def place(city, country="GB"):
    return {"@type": "Place", "address": {"addressLocality": city, "addressCountry": country}}
