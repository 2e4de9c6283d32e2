"""Every address of the site on one page."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import index, sitemap
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny

from config import documentation
from config.health import healthz, readyz
from matching.metrics import metrics
from opportunities.catalogue.feeds import SITEMAPS

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", include("opportunities.api.urls")),
    path("api/v1/", include("matching.api_urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("opportunities.web.urls")),
    path("", include("matching.urls")),
    path(
        "sitemap.xml",
        login_not_required(index),
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap-section"},
        name="sitemap",
    ),
    path(
        "sitemap-<section>.xml",
        login_not_required(sitemap),
        {"sitemaps": SITEMAPS},
        name="sitemap-section",
    ),
    path("api/schema/", SpectacularAPIView.as_view(permission_classes=[AllowAny]), name="schema"),
    path("api/docs/", documentation.docs, name="api-docs"),
    path("problems/<slug:slug>/", documentation.problem, name="problem"),
    path("problems/<slug:slug>", documentation.problem),
]
