"""Every address of the site on one page."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config import documentation
from config.health import healthz, readyz
from matching.metrics import metrics
from opportunities.accounts import urls as accounts
from opportunities.applications import urls as applications
from opportunities.candidates import urls as candidates
from opportunities.catalogue import feeds
from opportunities.catalogue import urls as catalogue
from opportunities.desk import urls as desk
from opportunities.employers import urls as employers
from opportunities.engagements import urls as engagements
from opportunities.importing import urls as importing
from opportunities.messaging import urls as messaging
from opportunities.places import urls as places
from opportunities.privacy import urls as privacy
from opportunities.roles import urls as roles
from opportunities.site import urls as site
from opportunities.skills import urls as skills
from opportunities.webhooks import urls as webhooks

# Engagements stand before applications, whose last address takes any action.
ROOMS = (
    places, accounts, messaging, skills, employers, roles, importing, candidates, engagements,
    applications, desk, webhooks, catalogue, privacy, site,
)  # fmt: skip
PAGES = [page for room in ROOMS for page in getattr(room, "PAGES", ())]
API = [address for room in ROOMS for address in getattr(room, "API", ())]

# The admin's own form knows no limit of attempts and no second factor: everybody signs in at one.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler500 = "config.overload.server_error"
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", include((API, "api"))),
    path("api/v1/", include("matching.api_urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("", include((PAGES, "opportunities"))),
    path("", include("matching.urls")),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("sitemap-<section>.xml", feeds.sitemap, name="sitemap-section"),
    path("api/schema/", documentation.Schema.as_view(), name="schema"),
    path("api/docs/", documentation.docs, name="api-docs"),
    path("api/docs/<slug:group>/", documentation.docs, name="api-docs-group"),
    path("problems/<slug:slug>/", documentation.problem, name="problem"),
    path("problems/<slug:slug>", documentation.problem),
]
