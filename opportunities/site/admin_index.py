"""The first page of the admin: what a person administers first, what the machine keeps last."""

from typing import Any, Final, NamedTuple

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest


class Group(NamedTuple):
    """A group of tables: its name, the app whose page it is, and its tables in their order."""

    name: str
    app: str
    tables: tuple[str, ...]


GROUPS: Final = (
    Group("Site settings", "core", (
        "core.site", "core.payfloor", "core.exchangerate", "core.autoapproval",
        "core.reservedword",
    )),
    Group("People and access", "accounts", (
        "accounts.user", "auth.group", "account.emailaddress", "mfa.authenticator",
        "knox.authtoken",
    )),
    Group("Moderation", "moderation", (
        "moderation.report", "moderation.appeal", "moderation.sanction", "moderation.finding",
    )),
    Group("Audit log", "admin", ("moderation.decision", "admin.logentry")),
    Group("Employers", "employers", (
        "employers.employer", "employers.membership", "employers.teaminvitation",
        "employers.emailverification",
    )),
    Group("Roles", "roles", (
        "roles.opportunity", "roles.opportunityskill", "roles.deliverable", "roles.question",
        "roles.rolepost", "roles.externalclicks",
    )),
    Group("Candidates", "candidates", (
        "candidates.candidateprofile", "candidates.candidateskill", "candidates.targetskill",
        "candidates.resume", "candidates.savedrole", "candidates.savedsearch",
        "candidates.blockedemployer", "candidates.profilesight",
    )),
    Group("Applications", "applications", (
        "applications.application", "applications.answer", "applications.message",
        "applications.interviewslot", "applications.applicationnote",
        "applications.roleinvitation", "applications.externalapplication",
        "applications.applicationevent",
    )),
    Group("Completed work", "engagements", (
        "engagements.completion", "engagements.completionskill", "engagements.review",
    )),
    Group("Imports", "importing", (
        "importing.source", "importing.sourcereading", "importing.readrow", "importing.importjob",
        "importing.doubt",
    )),
    Group("Skills", "skills", ("skills.skill", "skills.skillalias", "skills.skillbroader")),
    Group("Notices and email", "messaging", (
        "messaging.notice", "messaging.delivery", "messaging.letter",
        "messaging.noticepreference",
    )),
    Group("Matching", "matching", (
        "matching.run", "matching.owedwork", "matching.introduction",
        "matching.introductionpreference", "matching.feedback", "matching.dismissal",
        "matching.candidateplan", "matching.plannedrole",
    )),
    Group("Webhooks and events", "webhooks", (
        "webhooks.webhookendpoint", "webhooks.webhookdelivery", "webhooks.event",
    )),
    Group("What the machine keeps", "site", (
        "site.policyreport", "accounts.tokengrant", "accounts.storedanswer",
        "moderation.helddecision", "moderation.fingerprint", "moderation.fingerprintband",
        "core.sentform", "matching.market",
    )),
)  # fmt: skip
"""Every table of the admin, in the order in which the first page shows them."""

NAMES: Final = {"knox.authtoken": "API tokens", "admin.logentry": "Changes in the admin"}
"""What tables of libraries are called here."""


class Desks(AdminSite):
    """The admin, in the groups of ``GROUPS``; a table that none of them names stands in its app."""

    site_header = site_title = f"{settings.SITE_NAME} administration"

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the groups that somebody may see, all of them or those of one app's page."""
        apps = super().get_app_list(request)
        tables = {
            model["model"]._meta.label_lower: model for app in apps for model in app["models"]
        }
        places = {app["app_label"]: app for app in apps}
        for table, name in NAMES.items():
            if table in tables:
                tables[table]["name"] = name
        grouped = []
        for group in GROUPS:
            models = [tables.pop(table) for table in group.tables if table in tables]
            if models:
                place = places[models[0]["model"]._meta.app_label]
                page = places.get(group.app, place)
                grouped.append({**page, "name": group.name, "models": models})
        rest = [
            {**app, "models": left}
            for app in apps
            if (left := [model for model in app["models"] if model in tables.values()])
        ]
        found = grouped + rest
        if app_label is None:
            return found
        return [app for app in found if app["app_label"] == app_label] or list(
            super().get_app_list(request, app_label)
        )
