"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path

from opportunities.importing import api, views

SOURCE = "employer/sources/<str:public_id>"

PAGES = [
    path("employer/paste/", views.paste, name="paste-role"),
    path("employer/imports/", views.imports, name="imports"),
    path("employer/imports/<str:public_id>/", views.import_job, name="import-job"),
    path("employer/sources/", views.source_list, name="sources"),
    path(f"{SOURCE}/", views.source, name="source"),
    path(f"{SOURCE}/columns/", views.mapping, name="source-mapping"),
    path(f"{SOURCE}/act/<slug:action>/", views.act_on_source, name="act-on-source"),
    path(f"{SOURCE}/questions/<int:doubt>/", views.answer_doubt, name="answer-doubt"),
    path(f"{SOURCE}/readings/<str:reading_id>/", views.reading, name="reading"),
    path(f"{SOURCE}/readings/<str:reading_id>/gone/", views.settle_gone, name="settle-gone"),
]
READINGS = "sources/<str:public_id>/readings"
API = [
    path("adverts/read", api.AdvertReading.as_view(), name="read-advert"),
    path("imports", api.Imports.as_view(), name="imports"),
    path("imports/<str:public_id>", api.ImportDetail.as_view(), name="import"),
    path("sources", api.Sources.as_view(), name="sources"),
    path("sources/<str:public_id>", api.SourceDetail.as_view(), name="source"),
    path(READINGS, api.SourceReadings.as_view(), name="source-readings"),
    path(f"{READINGS}/<str:reading_id>/rows", api.ReadingRows.as_view(), name="reading-rows"),
]
