"""Addresses of the pages that rank and explain."""

from django.urls import path

from matching.web import employers, keeping, matches, paths, start

app_name = "matching"
urlpatterns = [
    path("start/check/", start.check, name="check"),
    path("start/forget/", start.forget, name="forget"),
    path("start/<slug:step>/", start.question, name="start"),
    path("matches/", matches.matches, name="matches"),
    path("matches/<str:public_id>/why/", matches.why, name="why"),
    path("matches/<str:public_id>/not-for-me/", matches.not_for_me, name="not_for_me"),
    path("paths/", paths.paths, name="paths"),
    path("paths/<slug:kind>.ics", paths.plan_calendar, name="plan_calendar"),
    path("compare/", paths.compare, name="compare"),
    path("employer/roles/<str:public_id>/applicants/", employers.applicants, name="applicants"),
    path("employer/roles/<str:public_id>/candidates/", employers.candidates, name="candidates"),
    path("employer/roles/<str:public_id>/invite/", employers.invite, name="invite"),
    path("keep/", keeping.keep, name="keep"),
    path("k/", keeping.offered, name="offered"),
    path("k/<str:secret>/", keeping.open_link, name="open-link"),
    path("how-matching-works/", matches.method, name="method"),
]
