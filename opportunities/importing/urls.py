"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path

from opportunities.importing import api as imports_api
from opportunities.importing import reading_api
from opportunities.importing import views as imports

PAGES = [
    path("employer/paste/", imports.paste, name="paste-role"),
    path("employer/imports/", imports.imports, name="imports"),
    path("employer/imports/<str:public_id>/", imports.import_job, name="import-job"),
]
API = [
    path("adverts/read", reading_api.AdvertReading.as_view(), name="read-advert"),
    path("imports", imports_api.Imports.as_view(), name="imports"),
    path("imports/<str:public_id>", imports_api.ImportDetail.as_view(), name="import"),
]
