"""Every address of the site with its methods, and what its first parameter names."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, Final, NamedTuple

from django.contrib.admin import site
from django.urls import URLPattern, URLResolver, get_resolver

from opportunities.applications.views.candidate import DECISIONS
from opportunities.core.lifecycle import (
    APPLICATION_STEPS,
    EDITABLE,
    SEATED,
    ApplicationStatus,
    RoleStatus,
    allowed,
)
from opportunities.desk.views.desk import EMPLOYER_ACTS, PERSON_ACTS
from opportunities.employers.models import EmployerStatus
from opportunities.importing.views import ACTIONS as SOURCE_ACTIONS
from opportunities.moderation.outcomes import ROLE_STEPS, On, chosen_on
from opportunities.roles.views.manage import ACTS

PARAMETER: Final = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
API: Final = "api/v1/"
GROUPS: Final = {
    "employer", "employers", "applications", "opportunities", "moderate", "moderation",
    "admin", "accounts",
}  # fmt: skip
"""First parts of addresses that are long enough for a test of their own."""

ONE: Final = ("",)


def alike(states: Iterable[str], sign: Callable[[str], Hashable]) -> dict[str, str]:
    """Return the first state of each kind, with all that the tables cannot tell from it."""
    kinds: dict[Hashable, list[str]] = defaultdict(list)
    for state in states:
        kinds[sign(state)].append(state)
    return {states[0]: ", ".join(states) for states in kinds.values()}


ALIKE: Final = {
    "role": alike(
        RoleStatus.values, lambda state: (tuple(allowed(ROLE_STEPS, state)), state in EDITABLE)
    ),
    "application": alike(
        ApplicationStatus.values,
        lambda state: (
            tuple(allowed(APPLICATION_STEPS, state)),
            state in SEATED,
            state == ApplicationStatus.INTERVIEWING,
        ),
    ),
}
"""States in which the lifecycle permits the same steps are asked once, and named together."""

STATES: Final = {
    **{kind: tuple(states) for kind, states in ALIKE.items()},
    "employer": tuple(EmployerStatus.values),
    "completion": ("proposed", "signed"),
    "sanction": ("proposed", "in force"),
    "report": ("waiting", "answered"),
    "appeal": ("waiting", "heard"),
    "record": tuple(sorted(model._meta.label_lower for model in site._registry)),
}
"""What has states, and all of them."""

SAME_DESK: Final[dict[str, type]] = {
    model._meta.label_lower: type(desk) for model, desk in site._registry.items()
}
"""The class that shows a model in the admin: whom it keeps out, it keeps out for all its models."""

KINDS: Final = {  # the longest beginning of an address says what its first parameter names
    "opportunities/": "role",
    "opportunities/by-source/": "",
    "saved/": "role",
    "saved/searches/": "search",
    "matches/": "role",
    "employer/roles/<": "role",
    "moderate/roles/": "role",
    "moderation/items/<": "role",
    "applications/<": "application",
    "employer/applications/": "application",
    "completions/": "completion",
    "credentials/": "completion",
    "employers/<": "employer",
    "employer/team/": "employer",
    "employer/profile/": "employer",
    "employer/webhooks/": "employer",
    "moderate/employers/": "employer",
    "moderation/employers/": "employer",
    "profile/blocked-employers/": "employer",
    "moderate/blocks/": "sanction",
    "moderate/sanctions/": "sanction",
    "moderation/sanctions/<": "sanction",
    "moderate/reports/": "report",
    "moderation/reports/": "report",
    "moderate/appeals/": "appeal",
    "moderation/appeals/": "appeal",
    "people/": "profile",
    "alerts/": "search",
    "notices/": "notice",
    "match-runs/": "run",
    "plans/<": "plan",
    "webhook-endpoints/": "webhook",
    "imports/": "import",
    "employer/imports/": "import",
    "sources/": "source",
    "employer/sources/": "source",
}
CHOICES: Final = {  # parameters that choose what is done: every choice is a row of its own
    "applications/<str:public_id>/<slug:action>/": tuple(DECISIONS),
    "employer/sources/<str:public_id>/act/<slug:action>/": tuple(sorted({*SOURCE_ACTIONS, "file"})),
    "employer/team/<slug:slug>/<slug:action>/": ("invite", "revoke", "role", "remove"),
    "employer/roles/<str:public_id>/act/<slug:action>/": tuple(ACTS),
    "employer/applications/<str:public_id>/do/<slug:action>/": (
        *("shortlist", "note", "message", "no-show"),
    ),
    "employer/applications/<str:public_id>/decide/<slug:action>/": ("interview", "offer", "reject"),
    "moderate/employers/<slug:slug>/<slug:action>/": tuple(EMPLOYER_ACTS),
    "moderate/people/<slug:action>/": tuple(PERSON_ACTS),
    "start/<slug:step>/": ("skills",),
    "paths/<slug:kind>.ics": ("one",),
    "problems/<slug:slug>/": ("state",),
    "problems/<slug:slug>": ("state",),
    "sitemap-<section>.xml": ("roles",),
    "formats/<str:name>/": ("sprint-internship",),
}
OUTCOMES: Final = {  # forms in which a field chooses what is done
    "moderate/roles/<str:public_id>/": tuple(row.name for row in chosen_on(On.ROLE)),
    "moderate/roles/<str:public_id>/claim/": ("claim", "release"),
    "moderate/blocks/<int:sanction>/": ("confirm", "refuse"),
    "employer/roles/<str:public_id>/bulk/": ("shortlist", "reject"),
    "api/v1/applications/bulk": ("shortlist", "reject"),
}


RECORD: Final = "admin/<record>/"
OF_RECORD: Final = re.compile(r"admin/\w+/\w+/")
"""Addresses of the admin are one for all models, and the model is what they name."""


class Route(NamedTuple):
    """An address with its choice filled in, a method, and what a field of its form chooses."""

    method: str
    path: str
    choice: str = ""

    @property
    def name(self) -> str:
        return f"{self.path} [{self.choice}]" if self.choice else self.path

    @property
    def area(self) -> str:
        """Name the test that asks it."""
        first = self.path.removeprefix(API).split("/")[0]
        kind = "api" if self.path.startswith(API) else "pages"
        return f"{kind} {first}" if first in GROUPS else kind

    @property
    def kind(self) -> str:
        """Name what the first parameter names."""
        path = self.path.removeprefix(API)
        if path.startswith(RECORD):
            return "record"
        if "<" not in path and not self.is_button:
            return ""
        known = [beginning for beginning in KINDS if path.startswith(beginning)]
        return KINDS[max(known, key=len)] if known else ""

    @property
    def is_button(self) -> bool:
        return self.path.startswith("admin/") and bool(self.choice)

    @property
    def states(self) -> tuple[str, ...]:
        return STATES.get(self.kind, ONE)


def routes(patterns: list[Any], before: str = "") -> Iterator[Route]:
    """Walk the URLconf; views of the API say which methods beyond GET and POST they take."""
    for pattern in patterns:
        path = before + str(pattern.pattern).removesuffix(r"\Z").removesuffix("$").lstrip("^")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, OF_RECORD.sub(RECORD, path))
            continue
        assert isinstance(pattern, URLPattern)
        view = getattr(pattern.callback, "cls", None)
        more = tuple(name for name in ("put", "patch", "delete") if hasattr(view, name))
        last = path.rfind("<"), path.rfind(">") + 1
        for choice in CHOICES.get(path, ONE):
            filled = path[: last[0]] + choice + path[last[1] :] if choice else path
            yield Route("GET", filled)
            for method in ("POST", *more):
                chosen = OUTCOMES.get(path, ONE) if method == "POST" else ONE
                yield from (Route(method.upper(), filled, outcome) for outcome in chosen)


def buttons() -> Iterator[Route]:
    """Walk the actions that the admin's lists offer, but the deletion that Django adds to all."""
    for model, desk in site._registry.items():
        path = f"admin/{model._meta.app_label}/{model._meta.model_name}/"
        for name in sorted(action.name for action in desk._get_base_actions()):
            if name != "delete_selected":
                yield Route("POST", path, name)


ROUTES: Final = [
    *dict.fromkeys(routes(get_resolver("config.urls").url_patterns)),
    *buttons(),
]
AREAS: Final = sorted({route.area for route in ROUTES})
