"""Addresses of this room: its API under ``/api/v1/``."""

from django.urls import path

from opportunities.skills import api

API = [
    path("skills", api.Skills.as_view(), name="skills"),
    path("skills/<slug:slug>", api.SkillDetail.as_view(), name="skill"),
]
