"""Every address of the site on one page."""

from django.contrib import admin
from django.urls import include, path

from config import documentation
from config.health import healthz, readyz
from matching.metrics import metrics
from opportunities.catalogue import feeds

handler500 = "config.overload.server_error"
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", include("opportunities.api.urls")),
    path("api/v1/", include("matching.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("opportunities.web.urls")),
    path("", include("matching.web.urls")),
    path("sitemap.xml", feeds.sitemaps, name="sitemap"),
    path("sitemap-<section>.xml", feeds.sitemap, name="sitemap-section"),
    path("api/schema/", documentation.Schema.as_view(), name="schema"),
    path("api/docs/", documentation.docs, name="api-docs"),
    path("problems/<slug:slug>/", documentation.problem, name="problem"),
    path("problems/<slug:slug>", documentation.problem),
]
