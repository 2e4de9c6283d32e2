"""Addresses of what people keep and what is theirs, under ``/api/v1/``."""

from django.urls import path

from opportunities.api import keeping

urlpatterns = [
    path("saved", keeping.SavedRoles.as_view(), name="saved"),
    path("saved/<str:public_id>", keeping.SavedRoleDetail.as_view(), name="saved-role"),
    path("alerts", keeping.Alerts.as_view(), name="alerts"),
    path("alerts/<str:public_id>", keeping.AlertDetail.as_view(), name="alert"),
    path("notices", keeping.Notices.as_view(), name="notices"),
    path("notices/read", keeping.NoticesRead.as_view(), name="notices-read"),
    path("notices/rhythm", keeping.NoticesRhythm.as_view(), name="notices-rhythm"),
    path("notices/<str:public_id>/read", keeping.NoticeRead.as_view(), name="notice-read"),
    path("profile/blocked-employers", keeping.BlockedEmployers.as_view(), name="blocked"),
    path(
        "profile/blocked-employers/<str:public_id>",
        keeping.BlockedEmployerDetail.as_view(),
        name="blocked-employer",
    ),
    path("profile/export", keeping.Export.as_view(), name="export"),
    path("profile/erase", keeping.Erase.as_view(), name="erase"),
    path("profile/json-resume", keeping.JsonResume.as_view(), name="json-resume"),
    path(
        "profile/json-resume/preview",
        keeping.JsonResumePreview.as_view(),
        name="json-resume-preview",
    ),
]
