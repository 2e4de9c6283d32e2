"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path

from opportunities.privacy import api as privacy_api
from opportunities.privacy import views as own

PAGES = [
    path("me/", own.me, name="me"),
    path("me/visibility/", own.visibility, name="visibility"),
    path("me/blocked/", own.block, name="block"),
    path("me/export/", own.export, name="export"),
    path("me/erase/", own.erase, name="erase"),
    path("me/resume/", own.resume, name="json-resume"),
    path("me/resumes/<int:resume>/delete/", own.delete_resume, name="delete-resume"),
]
API = [
    path("profile/export", privacy_api.Export.as_view(), name="export"),
    path("profile/erase", privacy_api.Erase.as_view(), name="erase"),
]
