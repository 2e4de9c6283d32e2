"""Checks a JobPosting against what search engines require and recommend of one."""

import html
import json
import re
from datetime import UTC, date, datetime

EMPLOYMENT = {
    "FULL_TIME", "PART_TIME", "CONTRACTOR", "TEMPORARY", "INTERN", "VOLUNTEER", "PER_DIEM", "OTHER",
}  # fmt: skip
UNITS = {"HOUR", "DAY", "WEEK", "MONTH", "YEAR"}


def posting_in(text: str) -> dict | None:
    """Return the JobPosting of a page, if it has one."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return json.loads(found[1]) if found else None


def problems(posting: dict) -> list[str]:
    """Return what is wrong with a posting, in words."""
    found = [
        f"{name} is missing"
        for name in ("title", "description", "datePosted", "hiringOrganization", "identifier")
        if not posting.get(name)
    ]
    title = posting.get("title", "")
    if re.search(r"[£$€!]{1}|\d{4}", title) or title.isupper():
        found.append("title is more than a job title")
    plain = html.unescape(re.sub("<[^>]+>", " ", posting.get("description", "")))
    if len(plain.split()) < 10 or plain.strip() == title:
        found.append("description does not describe")
    if date.fromisoformat(posting["datePosted"]) > datetime.now(tz=UTC).date():
        found.append("datePosted lies ahead")
    if "validThrough" in posting and datetime.fromisoformat(posting["validThrough"]).tzinfo is None:
        found.append("validThrough has no offset")
    if not posting.get("hiringOrganization", {}).get("name"):
        found.append("hiringOrganization has no name")
    if posting.get("jobLocationType") == "TELECOMMUTE":
        if "applicantLocationRequirements" not in posting and "jobLocation" not in posting:
            found.append("remote work names no country")
    elif not posting.get("jobLocation", {}).get("address", {}).get("addressCountry"):
        found.append("jobLocation has no country")
    kinds = posting.get("employmentType", [])
    if not kinds or not set(kinds) <= EMPLOYMENT:
        found.append("employmentType is not of the list")
    return found + _salary(posting.get("baseSalary"))


def _salary(salary: dict | None) -> list[str]:
    if salary is None:
        return []
    value = salary.get("value", {})
    found = []
    if not re.fullmatch("[A-Z]{3}", salary.get("currency", "")):
        found.append("baseSalary has no currency")
    if value.get("unitText") not in UNITS:
        found.append("baseSalary has no unit")
    amounts = [value.get(name) for name in ("value", "minValue", "maxValue") if name in value]
    if not amounts or any(not isinstance(amount, int | float) for amount in amounts):
        found.append("baseSalary has no amount")
    return found
