"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path

from opportunities.tips import api, views

PAGES = [path("tips/", views.tips, name="tips")]
API = [path("tips", api.Tips.as_view(), name="tips")]
