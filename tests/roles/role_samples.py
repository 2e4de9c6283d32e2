"""One value for each field of a role, and the words that tell it to a candidate.

Whoever adds a field adds its line here: the tests of the schema refuse a field without one.
"""

from typing import Any, NamedTuple


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
