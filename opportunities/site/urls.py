"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path
from django.views.generic import RedirectView

from opportunities.site import employer_home, views

PAGES = [
    path("settings/keys/", views.keys, name="keys"),
    path("employers/", views.employers, name="employers"),
    path("csp-reports/", views.reports, name="policy-reports"),
    path("rules/", views.rules, name="rules"),
    path("privacy/", views.privacy, name="privacy"),
    path("terms/", views.text, {"template": "site/terms.html"}, name="terms"),
    path("contact/", views.text, {"template": "site/contact.html"}, name="contact"),
    path(
        "accessibility/",
        views.text,
        {"template": "site/accessibility.html"},
        name="accessibility",
    ),
    path("sign-in/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("sign-up/", RedirectView.as_view(pattern_name="account_signup", query_string=True)),
    path("employer/", employer_home.home, name="employer-home"),
]
