"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path
from django.views.generic import RedirectView

from opportunities.site.views import employer_home, policy, preferences
from opportunities.site.views import pages as static_pages

PAGES = [
    path("settings/keys/", preferences.keys, name="keys"),
    path("employers/", static_pages.employers, name="employers"),
    path("csp-reports/", policy.reports, name="policy-reports"),
    path("rules/", static_pages.rules, name="rules"),
    path("privacy/", static_pages.privacy, name="privacy"),
    path("terms/", static_pages.text, {"template": "site/terms.html"}, name="terms"),
    path("contact/", static_pages.text, {"template": "site/contact.html"}, name="contact"),
    path(
        "accessibility/",
        static_pages.text,
        {"template": "site/accessibility.html"},
        name="accessibility",
    ),
    path("sign-in/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("sign-up/", RedirectView.as_view(pattern_name="account_signup", query_string=True)),
    path("employer/", employer_home.home, name="employer-home"),
]
