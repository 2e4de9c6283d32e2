"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path

from opportunities.privacy import api as privacy_api
from opportunities.privacy import views

PAGES = [
    path("me/", views.me, name="me"),
    path("me/visibility/", views.visibility, name="visibility"),
    path("me/blocked/", views.block, name="block"),
    path("me/export/", views.export, name="export"),
    path("me/erase/", views.erase, name="erase"),
    path("me/resume/", views.resume, name="json-resume"),
    path("me/resumes/<int:resume>/delete/", views.delete_resume, name="delete-resume"),
]
API = [
    path("profile/export", privacy_api.Export.as_view(), name="export"),
    path("profile/erase", privacy_api.Erase.as_view(), name="erase"),
]
