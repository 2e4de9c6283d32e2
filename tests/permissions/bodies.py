"""What is sent to each address: values that pass, so that only permission and state can refuse."""

import json
from datetime import timedelta
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile

from opportunities.core.lifecycle import ApplicationStatus, RoleStatus
from opportunities.desk.views.desk import PERSON_ACTS
from opportunities.employers.models import Employer
from opportunities.moderation.outcomes import Need, On, Outcome, chosen_on
from tests.candidates.hostile_files import PLAIN
from tests.employers.test_employing import picture
from tests.permissions.routes import API, Route
from tests.permissions.world import NOW, World
from tests.roles.test_drafts import COMPLETE

REASON: Final = {"reason": "The vacancy does not exist."}


def outcome_body(outcome: Outcome) -> dict[str, Any]:
    """Return what an outcome on a role asks of the moderator."""
    body: dict[str, Any] = {} if outcome.reason == Need.NO else dict(REASON)
    body |= {} if outcome.rules == Need.NO else {"rules": [outcome.cites[-1]]}
    return body | ({"employer_checked": True} if outcome.vouches else {})


LATER: Final = (NOW + timedelta(5)).isoformat()
WORK: Final = {
    "hours": 20,
    "started_on": "2026-01-05",
    "ended_on": "2026-01-09",
    "summary": "Wrote ten pages about the harbor.",
}
REJECTED: Final = {"reason": "skills", "message": "Thank you."}

ADVERT: Final = "two weeks, 20 hours, tidy our CRM, 300 pounds"
ROLE: Final = {"format": "project_micro_internship", "title": "Write about the harbor"}
RHYTHM: Final = {"rhythm": "daily"}
JSON_RESUME: Final = {"basics": {"label": "Surveyor of harbors"}}

OF_API: Final[dict[str, dict[str, Any]]] = {  # the longest ending decides
    "/interview": {"slots": [{"starts_at": LATER}]},
    "applications/<str:public_id>/reject": REJECTED,
    "/complete": WORK,
    "/messages": {"text": "When would the work begin?"},
    "/notes": {"text": "Wrote clearly."},
    "/review": {"stars": 5},
    "/show": {"is_public": True},
    "completions/<str:public_id>/revoke": {"reason": "It was not done."},
    "/questions": {"question": "Is the work on site?"},
    "/answer": {"text": "Yes, in the harbor."},
    "/extend": {"apply_by": (NOW + timedelta(40)).date().isoformat()},
    "/close": {"outcome": "cancelled"},
    "/outcome": {"outcome": "cancelled"},
    "/amend": {"summary": "Write ten more pages about the harbor and its ships."},
    "opportunities/<str:public_id>": {"summary": "Write ten more pages about the harbor."},
    **{
        f"moderation/items/<str:public_id>/{outcome.slug}": outcome_body(outcome)
        for outcome in chosen_on(On.ROLE)
    },
    "moderation/employers/<str:public_id>/verify": REASON,
    "moderation/sanctions/<int:sanction_id>/refuse": REASON,
    "moderation/sanctions/<int:sanction_id>/lift": REASON,
    "moderation/reports/<str:public_id>/answer": {"upheld": False, "answer": "It is as stated."},
    "/hear": {"granted": False, "answer": "It is as stated."},
    "/members/<int:member_id>": {"role": "owner"},
    "employers/<str:public_id>/invitations": {"email": "new@example.org", "role": "member"},
    "employers/<str:public_id>": {"about": "We build small boats."},
    "api/v1/employers": {"name": "Boatyard"},
    "invitations/accept": {"secret": "join active"},
    "verifications/confirm": {"secret": "verify"},
    "/rhythm": RHYTHM,
    "/json-resume": JSON_RESUME,
    "/json-resume/preview": JSON_RESUME,
    "/adopt": {"secret": "k", "replace": True},
    "alerts": {"query": "q=harbor", "name": "Harbor"},
    "plans": {"kind": "stack"},
}
OF_PAGES: Final[dict[str, dict[str, Any]]] = {
    "settings/language/": {"language": "de"},
    "/invite/": {"email": "new@example.org", "role": "member"},
    "/role/": {"role": "owner"},
    "/act/extend/": {"apply_by": (NOW + timedelta(40)).date().isoformat()},
    "/act/close/": {"outcome": "cancelled"},
    "/act/outcome/": {"outcome": "cancelled"},
    "/decide/interview/": {"starts_0": "2026-11-28T10:00", "minutes": 30},
    "/decide/reject/": REJECTED,
    "applications/<str:public_id>/work/": WORK,
    "employer/applications/<str:public_id>/revoke/": {"reason": "It was not done."},
    "/bulk/": REJECTED,
    "/hear-appeal/": {"granted": "0", "answer": "It is as stated."},
    "/lift/": REASON,
    "/warn/": REASON,
    "/suspend/": REASON,
    "/propose-block/": REASON,
    "moderate/employers/<slug:slug>/verify/": REASON,
    "/ask/": {"question": "Is the work on site?"},
    "/report/": {"reason": "misleading"},
    "/visibility/": {"visibility": "hidden"},
    "/rhythm/": RHYTHM,
    "saved/searches/<str:search_id>/": RHYTHM,
    "plans/new/": {"kind": "stack", "key": "k"},
    "me/drafts/keep/": {"page": "/me/profile/", "form": "/me/profile/", "box": "id_about"},
    "start/skills/": {"skip": "1"},
    "employer/webhooks/<slug:slug>/": {
        "action": "create",
        "url": "https://1.1.1.1/hook",
        "types": ["application.created"],
    },
    "me/resume/": {"action": "keep", "content": json.dumps(JSON_RESUME)},
}
GENERAL: Final = {
    "text": "When would the work begin?",
    "answer": "It is as stated.",
    "stars": 5,
    "public": "1",
    "name": "Harbor",
}
"""Fields that mean the same on many pages."""


def roles() -> SimpleUploadedFile:
    """Return a file of roles that an import takes."""
    return SimpleUploadedFile("roles.json", json.dumps(ROLE).encode())


def logo() -> SimpleUploadedFile:
    """Return a picture that an employer may show."""
    return SimpleUploadedFile("logo.png", picture((2, 2)))


def address_at(employer: Employer) -> dict[str, str]:
    """Return an email address that verifies this employer."""
    return {"email": f"ada@{employer.domain}"}


def sent(route: Route, state: str, world: World) -> dict[str, Any]:
    """Return the body of a request, whoever sends it."""
    path = route.path
    if route.is_button:
        chosen = {"action": route.choice, "_selected_action": world.button_row(route)}
        return chosen | REASON
    given = OF_API if path.startswith(API) else OF_PAGES
    known = [ending for ending in given if path.endswith(ending)]
    body = dict(given[max(known, key=len)]) if known else {}
    if path.startswith(API):
        return body | _named_by_api(route, state, world)
    return GENERAL | body | _named_by_page(route, state, world)


def _named_by_api(route: Route, state: str, world: World) -> dict[str, Any]:
    """Return what the body of an API call names."""
    if route.path.endswith("/verifications"):
        return address_at(world.employers[state])
    role, employer = world.new_role.public_id, world.employer.public_id
    return {
        "api/v1/applications": {"opportunity": role, "name": "Ada", "answers": []},
        "api/v1/opportunities": {"employer": employer, **ROLE},
        "api/v1/applications/bulk": {
            "applications": [world.applications[ApplicationStatus.SUBMITTED].public_id],
            "action": route.choice,
        } | (REJECTED if route.choice == "reject" else {}),
        "api/v1/employers/<str:public_id>/logo": {"logo": logo()},
        "api/v1/adverts/read": {"text": ADVERT},
        "api/v1/imports": {"employer": employer, "file": roles()},
        "api/v1/sources": {"employer": employer, "url": "https://1.1.1.1/jobs.json"},
        "api/v1/sources/<str:public_id>/readings": {"kind": "preview"},
        "api/v1/opportunities/by-source/<str:source>/<str:external_id>": {
            "employer": employer, **COMPLETE,
        },
        "api/v1/credentials/verify": {"jwt": world.credential},
        "api/v1/profile/resumes": {"file": SimpleUploadedFile("resume.pdf", PLAIN)},
        "api/v1/profile/erase": {"confirm": world.profile.user.email},
        "api/v1/saved": {"opportunity": role},
        "api/v1/reports": {"opportunity": role, "reason": "misleading", "text": "Too long."},
        "api/v1/appeals": {"decision": world.decision.pk, "text": "The vacancy exists."},
        "api/v1/profile/blocked-employers": {"employer": employer},
        "api/v1/webhook-endpoints": {
            "employer": employer,
            "url": "https://1.1.1.1/hook",
            "types": ["opportunity.published"],
        },
        "api/v1/moderation/sanctions": {
            "employer": employer, "level": "warning", "reason": REASON["reason"], "grave": False,
        },
        "api/v1/opportunities/<str:public_id>/invitations": {"candidate": world.handle},
    }.get(route.path, {})  # fmt: skip


def _named_by_page(route: Route, state: str, world: World) -> dict[str, Any]:
    """Return what the fields of a page's form name and choose."""
    path = route.path
    if path.startswith("employer/team/"):
        part = "invitation" if path.endswith("/revoke/") else "member"
        return {"row": world.parts.get((part, state), 0)}
    if path.startswith("moderate/roles/"):
        chosen = {"outcome": route.choice, "message": REASON["reason"], "rule": ["5.3"]}
        return chosen | {"employer_checked": "1", "release": "1" * (route.choice == "release")}
    if path.startswith("moderate/blocks/"):
        return REASON | {"confirm": "1" * (route.choice == "confirm")}
    if path.endswith("/bulk/"):
        waiting = world.roles[RoleStatus.OPEN].applications.values_list("public_id", flat=True)
        return {"action": route.choice, "application": list(waiting)}
    known = {
        "employer/imports/": {"employer": world.employer.slug, "file": roles()},
        "employer/sources/": {
            "employer": world.employer.slug,
            "url": "https://1.1.1.1/jobs.json",
            "name": "Board",
            "rhythm": 24,
            "leaving": "close",
            "outcome": "",
        },
        "employer/sources/<str:public_id>/": {
            "url": "https://1.1.1.1/jobs.json",
            "rhythm": 24,
            "leaving": "close",
            "outcome": "",
        },
        "employer/sources/<str:public_id>/questions/<int:doubt>/": {"answer": "different"},
        "employer/paste/": {"text": ADVERT},
        "employer/profile/<slug:slug>/logo/": {"logo": logo()},
        "employer/roles/<str:public_id>/invite/": {"handle": world.handle, "message": ""},
        "me/blocked/": {"employer": world.employer.slug},
        **{f"moderate/people/{act}/": {"email": world.profile.user.email} for act in PERSON_ACTS},
    }
    if path == "employer/profile/<slug:slug>/verify/":
        return address_at(world.employers[state])
    return known.get(path, {})
