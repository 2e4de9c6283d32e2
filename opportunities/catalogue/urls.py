"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path

from opportunities.catalogue import api, feeds
from opportunities.catalogue import views as catalogue

PAGES = [
    path("", catalogue.home, name="home"),
    path("opportunities/", catalogue.browse, name="browse"),
    path("opportunities/<slug:slug>-<str:public_id>/", catalogue.role, name="role"),
    path("employers/<slug:slug>/", catalogue.employer, name="employer"),
    path("employers/<slug:slug>/logo.png", catalogue.logo, name="logo"),
    path("formats/", catalogue.formats, name="formats"),
    path("formats/<str:name>/", catalogue.format_page, name="format"),
    path("feeds/opportunities.atom", feeds.feed, {"write": feeds.atom}, name="atom"),
    path("feeds/opportunities.json", feeds.feed, {"write": feeds.json_feed}, name="json-feed"),
    path(
        "feeds/deadlines.ics",
        feeds.feed,
        {"write": feeds.deadlines, "most": feeds.ICS_LENGTH},
        name="deadlines",
    ),
    path("robots.txt", feeds.text, {"template": "api/robots.txt"}, name="robots"),
    path("llms.txt", feeds.text, {"template": "api/llms.txt"}, name="llms"),
    path(
        ".well-known/security.txt",
        feeds.text,
        {"template": "api/security.txt"},
        name="security",
    ),
    path(".well-known/change-password", feeds.change_password, name="change-password"),
]
API = [path("meta", api.Meta.as_view(), name="meta")]
