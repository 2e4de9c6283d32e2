"""Every address of the site on one page."""

from django.contrib import admin
from django.urls import include, path

from config.health import healthz, readyz
from matching.metrics import metrics

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("opportunities.web.urls")),
    path("", include("matching.web.urls")),
    path("api/v1/", include("opportunities.api.urls")),
    path("api/v1/", include("matching.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
