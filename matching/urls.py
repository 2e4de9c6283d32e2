"""Addresses of the pages that rank and explain."""

from django.urls import path

from matching.introductions import views as introductions
from matching.onboarding import keep_views
from matching.onboarding import views as onboarding
from matching.plans import views as plans
from matching.recommending import path_views
from matching.recommending import views as recommending
from matching.shortlists import views as shortlists

app_name = "matching"
urlpatterns = [
    path("start/", onboarding.begin, name="begin"),
    path("start/check/", onboarding.check, name="check"),
    path("start/forget/", onboarding.forget, name="forget"),
    path("start/<slug:step>/", onboarding.question, name="start"),
    path("matches/", recommending.matches, name="matches"),
    path("matches/weights/", recommending.weights, name="weights"),
    path("matches/new/", introductions.new_matches, name="new-matches"),
    path("matches/new/rhythm/", introductions.rhythm, name="new-matches-rhythm"),
    path("matches/new/<str:public_id>/", introductions.open_new, name="open-new"),
    path("matches/<str:public_id>/why/", recommending.why, name="why"),
    path("matches/<str:public_id>/not-for-me/", recommending.not_for_me, name="not_for_me"),
    path("paths/", path_views.paths, name="paths"),
    path("paths/<slug:kind>.ics", path_views.plan_calendar, name="plan_calendar"),
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", plans.plan_this, name="plan_this"),
    path("plans/<str:public_id>.ics", plans.kept_calendar, name="kept_calendar"),
    path("plans/<str:public_id>/", plans.plan, name="plan"),
    path("plans/<str:public_id>/letters/", plans.prepare, name="plan_letters"),
    path("plans/<str:public_id>/drop/", plans.drop, name="drop_plan"),
    path("compare/", path_views.compare, name="compare"),
    path("employer/roles/<str:public_id>/applicants/", shortlists.applicants, name="applicants"),
    path("employer/roles/<str:public_id>/candidates/", shortlists.candidates, name="candidates"),
    path("employer/roles/<str:public_id>/invite/", shortlists.invite, name="invite"),
    path("me/seen/", shortlists.seen, name="seen"),
    path("keep/", keep_views.keep, name="keep"),
    path("k/", keep_views.offered, name="offered"),
    path("k/<str:secret>/", keep_views.open_link, name="open-link"),
    path("how-matching-works/", recommending.method, name="method"),
]
