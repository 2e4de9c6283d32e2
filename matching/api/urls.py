"""Addresses of the matching API, under ``/api/v1/``."""

from django.urls import path

from matching.api import views

app_name = "matching-api"
urlpatterns = [
    path("match-runs", views.MatchRuns.as_view(), name="match-runs"),
    path("match-runs/<str:public_id>", views.MatchRunDetail.as_view(), name="match-run"),
    path(
        "match-runs/<str:public_id>/events", views.MatchRunEvents.as_view(), name="match-run-events"
    ),
    path(
        "matches/<str:public_id>/explanation",
        views.MatchExplanation.as_view(),
        name="explanation",
    ),
    path("matches/<str:public_id>/feedback", views.MatchFeedback.as_view(), name="feedback"),
    path(
        "opportunities/<str:public_id>/candidates",
        views.OpportunityCandidates.as_view(),
        name="candidates",
    ),
]
