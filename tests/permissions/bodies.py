"""What is sent to each address: values that pass, so that only permission and state can refuse."""

import json
from datetime import timedelta
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile

from opportunities.lifecycle import ApplicationStatus, RoleStatus
from tests.permissions.routes import API, Route
from tests.permissions.world import NOW, World

REASON: Final = {"reason": "The vacancy does not exist."}
CITED: Final = REASON | {"rules": ["5.3"]}
LATER: Final = (NOW + timedelta(5)).isoformat()
WORK: Final = {"hours": 20, "summary": "Wrote ten pages about the harbor."}
REJECTED: Final = {"reason": "skills", "message": "Thank you."}

ROLE: Final = {"format": "project", "title": "Write about the harbor"}
PIXEL: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)

OF_API: Final[dict[str, dict[str, Any]]] = {  # the longest ending decides
    "/interview": {"slots": [{"starts_at": LATER}]},
    "applications/<str:public_id>/reject": REJECTED,
    "/complete": WORK,
    "/messages": {"text": "When would the work begin?"},
    "/notes": {"text": "Wrote clearly."},
    "/review": {"stars": 5},
    "/show": {"is_public": True},
    "/questions": {"question": "Is the work on site?"},
    "/answer": {"text": "Yes, in the harbor."},
    "/extend": {"apply_by": (NOW + timedelta(40)).date().isoformat()},
    "/close": {"outcome": "cancelled"},
    "/outcome": {"outcome": "cancelled"},
    "/amend": {"summary": "Write ten more pages about the harbor and its ships."},
    "opportunities/<str:public_id>": {"summary": "Write ten more pages about the harbor."},
    "/ask-changes": CITED,
    "moderation/items/<str:public_id>/reject": CITED,
    "moderation/items/<str:public_id>/remove": CITED,
    "moderation/items/<str:public_id>/approve": {"employer_checked": True},
    "moderation/employers/<str:public_id>/verify": REASON,
    "moderation/sanctions/<int:sanction_id>/refuse": REASON,
    "moderation/sanctions/<int:sanction_id>/lift": REASON,
    "moderation/reports/<str:public_id>/answer": {"upheld": False, "answer": "It is as stated."},
    "/hear": {"granted": False, "answer": "It is as stated."},
    "/members/<int:member_id>": {"role": "owner"},
    "employers/<str:public_id>/invitations": {"email": "new@example.org", "role": "member"},
    "employers/<str:public_id>/verifications": {"email": "ada@example.org"},
    "employers/<str:public_id>": {"about": "We build small boats."},
    "api/v1/employers": {"name": "Boatyard"},
    "invitations/accept": {"secret": "join active"},
    "verifications/confirm": {"secret": "verify"},
    "/rhythm": {"is_digest": True},
    "alerts": {"query": "q=harbor", "name": "Harbor"},
}
OF_PAGES: Final[dict[str, dict[str, Any]]] = {
    "/invite/": {"email": "new@example.org", "role": "member"},
    "/role/": {"role": "owner"},
    "/act/extend/": {"apply_by": (NOW + timedelta(40)).date().isoformat()},
    "/act/close/": {"outcome": "cancelled"},
    "/act/outcome/": {"outcome": "cancelled"},
    "/decide/interview/": {"starts_0": "2026-11-28T10:00", "minutes": 30},
    "/decide/reject/": REJECTED,
    "/decide/work/": WORK,
    "/bulk/": REJECTED,
    "/hear-appeal/": {"granted": "0", "answer": "It is as stated."},
    "/warn/": REASON,
    "/suspend/": REASON,
    "/propose-block/": REASON,
    "moderate/employers/<slug:slug>/verify/": REASON,
    "/ask/": {"question": "Is the work on site?"},
    "/report/": {"reason": "misleading"},
    "/visibility/": {"visibility": "hidden"},
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


def sent(route: Route, state: str, world: World) -> dict[str, Any]:
    """Return the body of a request, whoever sends it."""
    path = route.path
    if route.is_button:
        chosen = {"action": route.choice, "_selected_action": world.button_row(route, state)}
        return chosen | {"reason": REASON["reason"], "rules": "5.3"}
    given = OF_API if path.startswith(API) else OF_PAGES
    known = [ending for ending in given if path.endswith(ending)]
    body = dict(given[max(known, key=len)]) if known else {}
    if path.startswith(API):
        return body | _named_by_api(route, world)
    return GENERAL | body | _named_by_page(route, state, world)


def _named_by_api(route: Route, world: World) -> dict[str, Any]:
    """Return what the body of an API call names."""
    role, employer = world.new_role.public_id, world.employer.public_id
    return {
        "api/v1/applications": {"opportunity": role, "name": "Ada", "answers": []},
        "api/v1/opportunities": {"employer": employer, **ROLE},
        "api/v1/applications/bulk": {
            "applications": [world.applications[ApplicationStatus.SUBMITTED].public_id],
            "action": route.choice,
        } | (REJECTED if route.choice == "reject" else {}),
        "api/v1/employers/<str:public_id>/logo": {"logo": SimpleUploadedFile("logo.png", PIXEL)},
        "api/v1/imports": {"employer": employer, "file": roles()},
        "api/v1/opportunities/by-source/<str:source>/<str:external_id>": {"employer": employer},
        "api/v1/saved": {"opportunity": role},
        "api/v1/reports": {"opportunity": role, "reason": "misleading", "text": "Too long."},
        "api/v1/appeals": {"decision": world.decision.pk, "text": "The vacancy exists."},
        "api/v1/profile/blocked-employers": {"employer": employer},
        "api/v1/webhook-endpoints": {
            "employer": employer,
            "url": "https://example.org/hook",
            "types": ["opportunity.opened"],
        },
        "api/v1/moderation/sanctions": {
            "employer": employer, "level": "warning", "reason": REASON["reason"], "grave": False,
        },
        "api/v1/opportunities/<str:public_id>/invitations": {"candidate": "nobody"},
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
    if path == "employer/imports/":
        return {"employer": world.employer.slug, "file": roles()}
    return {"me/blocked/": {"employer": world.employer.slug}}.get(path, {})
