"""Write a profile as a JSON Resume 1.0.0; completed work stands in it as signed by both sides."""

from typing import Any, Final

from django.conf import settings

from opportunities.accounts.models import User
from opportunities.candidates import profiles
from opportunities.core.fields_of_work import Field
from opportunities.engagements.models import Completion

LEVEL_NAMES: Final = ("Learning", "Beginner", "Intermediate", "Advanced", "Master")
MAX_WORK: Final = 200


def write(*, owner: User) -> dict[str, Any]:
    """Return the owner's profile as a JSON Resume; what is not stated is left out."""
    profile = profiles.find(owner=owner)
    basics = {
        "name": owner.name,
        "label": profile.headline,
        "email": owner.email,
        "summary": profile.about,
    }
    resume: dict[str, Any] = {
        "basics": {name: text for name, text in basics.items() if text},
        "work": [
            _work(completion)
            for completion in Completion.objects.filter(application__profile=profile)
            .counted()
            .select_related("application__opportunity__employer")
            .order_by("-proposed_at", "-id")[:MAX_WORK]
        ],
        "education": [{"institution": profile.school}] if profile.school else [],
        "skills": [
            {"name": held.skill.name, "level": LEVEL_NAMES[held.level]}
            for held in profile.skills.select_related("skill").order_by("-level", "skill__name")
        ],
        "interests": [
            {"name": str(Field(field).label)}
            for field, weight in sorted(profile.interests.items())
            if weight == 1 and field in Field.values
        ],
        "meta": {
            "version": "v1.0.0",
            "lastModified": profile.changed_at.isoformat(timespec="seconds"),
            "canonical": f"{settings.SITE_URL}/api/v1/profile/json-resume",
        },
    }
    return {name: value for name, value in resume.items() if value}


def _work(completion: Completion) -> dict[str, Any]:
    application = completion.application
    role = application.opportunity
    work: dict[str, Any] = {
        "name": role.employer.name,
        "position": role.title,
        "summary": completion.summary,
        "highlights": [item["title"] for item in completion.deliverables if item.get("title")],
    }
    began = completion.started_on or (application.accepted_at and application.accepted_at.date())
    if began:
        work["startDate"] = began.isoformat()
    work["endDate"] = (completion.ended_on or completion.proposed_at.date()).isoformat()
    return {name: value for name, value in work.items() if value}
