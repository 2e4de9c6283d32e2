"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path

from opportunities.importing import api as imports_api
from opportunities.importing import reading_api, source_api, source_views
from opportunities.importing import views as imports

SOURCE = "employer/sources/<str:public_id>"

PAGES = [
    path("employer/paste/", imports.paste, name="paste-role"),
    path("employer/imports/", imports.imports, name="imports"),
    path("employer/imports/<str:public_id>/", imports.import_job, name="import-job"),
    path("employer/sources/", source_views.source_list, name="sources"),
    path(f"{SOURCE}/", source_views.source, name="source"),
    path(f"{SOURCE}/columns/", source_views.mapping, name="source-mapping"),
    path(f"{SOURCE}/act/<slug:action>/", source_views.act_on_source, name="act-on-source"),
    path(f"{SOURCE}/questions/<int:doubt>/", source_views.answer_doubt, name="answer-doubt"),
    path(f"{SOURCE}/readings/<str:reading_id>/", source_views.reading, name="reading"),
    path(f"{SOURCE}/readings/<str:reading_id>/gone/", source_views.settle_gone, name="settle-gone"),
]
API = [
    path("adverts/read", reading_api.AdvertReading.as_view(), name="read-advert"),
    path("imports", imports_api.Imports.as_view(), name="imports"),
    path("imports/<str:public_id>", imports_api.ImportDetail.as_view(), name="import"),
    path("sources", source_api.Sources.as_view(), name="sources"),
    path("sources/<str:public_id>", source_api.SourceDetail.as_view(), name="source"),
    path(
        "sources/<str:public_id>/readings",
        source_api.SourceReadings.as_view(),
        name="source-readings",
    ),
    path(
        "sources/<str:public_id>/readings/<str:reading_id>/rows",
        source_api.ReadingRows.as_view(),
        name="reading-rows",
    ),
]
