"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path

from opportunities.places import api, views

PAGES = [path("places/", views.suggest, name="suggest-places")]
API = [path("places", api.Places.as_view(), name="places")]
