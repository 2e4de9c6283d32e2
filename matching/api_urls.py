"""Addresses of the matching API, under ``/api/v1/``."""

from django.urls import path

from matching.introductions.api import Introductions, IntroductionsRhythm
from matching.plans.api import PlanDetail, Plans
from matching.recommending import api
from matching.shortlists.api import OpportunityCandidates

app_name = "matching-api"
urlpatterns = [
    path("introductions", Introductions.as_view(), name="introductions"),
    path("introductions/rhythm", IntroductionsRhythm.as_view(), name="introductions-rhythm"),
    path("match-runs", api.MatchRuns.as_view(), name="match-runs"),
    path("match-runs/<str:public_id>", api.MatchRunDetail.as_view(), name="match-run"),
    path(
        "match-runs/<str:public_id>/events", api.MatchRunEvents.as_view(), name="match-run-events"
    ),
    path(
        "matches/<str:public_id>/explanation",
        api.MatchExplanation.as_view(),
        name="explanation",
    ),
    path("matches/<str:public_id>/feedback", api.MatchFeedback.as_view(), name="feedback"),
    path(
        "opportunities/<str:public_id>/candidates",
        OpportunityCandidates.as_view(),
        name="candidates",
    ),
    path("plans", Plans.as_view(), name="plans"),
    path("plans/<str:public_id>", PlanDetail.as_view(), name="plan"),
]
