"""Addresses of what people keep and what is theirs, under ``/api/v1/``."""

from django.urls import path

from opportunities.candidates.api import keeping
from opportunities.engagements.api import resumes
from opportunities.messaging import api
from opportunities.privacy import api

urlpatterns = [
    path("saved", keeping.SavedRoles.as_view(), name="saved"),
    path("saved/<str:public_id>", keeping.SavedRoleDetail.as_view(), name="saved-role"),
    path("alerts", keeping.Alerts.as_view(), name="alerts"),
    path("alerts/<str:public_id>", keeping.AlertDetail.as_view(), name="alert"),
    path("notices", api.Notices.as_view(), name="notices"),
    path("notices/read", api.NoticesRead.as_view(), name="notices-read"),
    path("notices/rhythm", api.NoticesRhythm.as_view(), name="notices-rhythm"),
    path("notices/<str:public_id>/read", api.NoticeRead.as_view(), name="notice-read"),
    path("profile/blocked-employers", keeping.BlockedEmployers.as_view(), name="blocked"),
    path(
        "profile/blocked-employers/<str:public_id>",
        keeping.BlockedEmployerDetail.as_view(),
        name="blocked-employer",
    ),
    path("profile/export", api.Export.as_view(), name="export"),
    path("profile/erase", api.Erase.as_view(), name="erase"),
    path("profile/json-resume", resumes.JsonResume.as_view(), name="json-resume"),
    path(
        "profile/json-resume/preview",
        resumes.JsonResumePreview.as_view(),
        name="json-resume-preview",
    ),
]
