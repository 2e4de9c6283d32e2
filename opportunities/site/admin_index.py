"""The first page of the admin: what a person administers first, what the machine keeps last."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest

from opportunities.core.data import read_beside

_SAID: Final = read_beside(__file__)
GROUPS: Final[tuple[Mapping[str, Any], ...]] = _SAID["groups"]
"""Every table of the admin, in the order in which the first page shows them."""

NAMES: Final[Mapping[str, str]] = _SAID["names"]
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
            models = [tables.pop(table) for table in group["tables"] if table in tables]
            if models:
                place = places[models[0]["model"]._meta.app_label]
                page = places.get(group["app"], place)
                grouped.append({**page, "name": group["name"], "models": models})
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
