"""One value for each field of a role, the words that tell it, and what each filter finds.

Whoever adds a field adds its lines here: the tests of the schema refuse a field without one, and
those of the search a filter.
"""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils import timezone


class Sample(NamedTuple):
    """What an employer states, and the words in which a page says it."""

    value: Any
    words: str


SAMPLES: dict[str, Sample] = {
    "title": Sample("Report writer", "Report writer"),
    "format": Sample("gigternship", "Gigternship"),
    "field": Sample("writing", "Writing and editing"),
    "summary": Sample("Another summary.", "Another summary."),
    "description": Sample("Other work.", "Other work."),
    "task_areas": Sample(2, "Areas of work 2 areas"),
    "hands_on": Sample(0.5, "Hands-on 50% of the hours"),
    "contacts": Sample(3, "People you work with 3 people"),
    "mentor_name": Sample("Ann", "with Ann"),
    "mentor_minutes_per_week": Sample(30, "Mentoring 30 minutes a week"),
    "public_works": Sample(2, "work you may publish 2 pieces of it"),
    "evidence": Sample(["reference"], "To show afterwards A reference"),
    "hours_total": Sample(21, "21 hours in all"),
    "weeks": Sample(3, "over 3 weeks"),
    "hours_per_week": Sample(11, "11 hours a week"),
    "schedule": Sample("fixed", "Hours Fixed hours"),
    "start_earliest": Sample("2027-02-10", "From Wed 10 Feb"),
    "start_latest": Sample("2027-03-20", "Sat 20 Mar at the latest"),
    "apply_by": Sample("2027-02-05", "Apply by Fri 5 Feb"),
    "mode": Sample("hybrid", "Where Hybrid"),
    "place": Sample("Leeds", "Leeds, yorkshire, Ireland"),
    "region": Sample("yorkshire", "Leeds, yorkshire, Ireland"),
    "country": Sample("IE", "Leeds, yorkshire, Ireland"),
    "language": Sample("fr", "Working language French"),
    "work_rights": Sample("GB", "right to work needed (United Kingdom)"),
    "requires_enrolment": Sample(True, "for enrolled students"),
    "min_age": Sample(18, "at least 18"),
    "pay_kind": Sample("hourly", "€500 to €600 an hour"),
    "pay_amount": Sample("500", "€500 to €600 an hour"),
    "pay_max": Sample("600", "€500 to €600 an hour"),
    "pay_currency": Sample("EUR", "€500 to €600 an hour"),
    "pay_days": Sample(7, "Paid within 7 days"),
    "credit": Sample(True, "Credit Academic credit"),
    "credit_possible": Sample(True, "Credit through a school Possible if your school agrees"),
    "concentrated": Sample(True, "Pace One concentrated stretch"),
    "repeatable": Sample(True, "Again You may come back for more"),
    "learning": Sample("To sort letters by theme", "What you learn To sort letters by theme"),
    "steps": Sample(["questions"], "Short questions"),
    "capacity": Sample(2, "Places 2"),
    "response_days": Sample(4, "promises an answer within 4 working days"),
    "holistic": Sample(0.4, "Chosen by 60% skill at the task 40% the whole person"),
    "blind_review": Sample(True, "Name and school hidden until you are shortlisted"),
    "apply_url": Sample("https://jobs.harbour.example/1", "jobs.harbour.example"),
    "deliverables": Sample([{"title": "A map"}], "A map"),
    "skills": Sample([{"name": "python"}], "Python"),
    "questions": Sample([{"text": "Why?"}], "Why?"),
}


def day(days: int) -> date:
    """Return the day so many days from now."""
    return timezone.now().date() + timedelta(days=days)


UNSOUGHT = {
    "internship": True, "hours_total": 400, "weeks": 10, "hours_per_week": 40, "field": "data",
    "schedule": "fixed", "mode": "onsite", "place": "Hull", "country": "GB", "language": "en",
    "pay_kind": "hourly", "hourly_minor": 1_200, "credit": False,
    "credit_possible": False, "concentrated": False, "repeatable": False,
    "task_areas": 4, "hands_on": 0.2,
    "contacts": 2, "mentor_minutes_per_week": 0, "public_works": 0, "evidence": ["certificate"],
    "steps": ["resume", "interview", "test"], "start_earliest": None, "start_latest": None,
}  # fmt: skip
"""A role that no filter finds."""

FOUND_BY = {
    "kind": ("micro", {"internship": False}),
    "format": ("micro_internship", {"internship": False}),
    "field": ("design", {"field": "design"}),
    "hours_total_max": ("100", {"hours_total": 80}),
    "weeks_min": ("20", {"weeks": 26}),
    "weeks_max": ("4", {"weeks": 3}),
    "hours_week_max": ("20", {"hours_per_week": 8}),
    "schedule": ("flexible", {"schedule": "flexible"}),
    "starts_to": (lambda: day(5), {"start_earliest": lambda: day(1)}),
    "starts_from": (lambda: day(60), {"start_latest": lambda: day(90)}),
    "apply_by_from": (lambda: day(60), {"apply_by": lambda: day(70)}),
    "apply_by_to": (lambda: day(3), {"apply_by": lambda: day(2)}),
    "mode": ("remote", {"mode": "remote"}),
    "place": ("ulm", {"place": "Ulm"}),
    "within": ("20&place=Ulm", {"place": "Neu-Ulm"}),
    "country": ("de", {"country": "DE"}),
    "language": ("DE", {"language": "de"}),
    "pay_kind": ("unpaid", {"pay_kind": "unpaid", "pay_amount_minor": None}),
    "pay_hour_min": ("15", {"hourly_minor": 2_000}),
    "credit": ("true", {"credit": True}),
    "credit_possible": ("true", {"credit_possible": True}),
    "concentrated": ("true", {"concentrated": True}),
    "repeatable": ("true", {"repeatable": True}),
    "task_areas_max": ("1", {"task_areas": 1}),
    "hands_on_min": ("0.5", {"hands_on": 0.9}),
    "contacts_min": ("5", {"contacts": 6}),
    "mentor": ("true", {"mentor_minutes_per_week": 30}),
    "mentor_minutes_min": ("60", {"mentor_minutes_per_week": 90}),
    "public_works_min": ("1", {"public_works": 2}),
    "evidence": ("reference", {"evidence": ["reference"]}),
    "steps_max": ("1", {"steps": ["profile"]}),
    "without_step": ("interview", {"steps": ["resume", "questions"]}),
    "updated_since": (lambda: "2030-01-01T00:00:00Z", {}),
    "skill": ("audio", {}),
    "employer": ("millrace", {}),
    "verified": ("false", {}),
    "q": ("zebra", {"description": "Feed a zebra."}),
}  # fmt: skip
"""Each filter: what is asked for, and what a role that it finds states beside the other one."""
