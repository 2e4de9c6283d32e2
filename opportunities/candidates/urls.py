"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path

from opportunities.candidates.api import keeping, profiles
from opportunities.candidates.views import answers, profile, saved

PAGES = [
    path("alerts/", saved.lead_here, name="alerts"),
    path("alerts/new/", saved.new_search, name="new-alert"),
    path("me/profile/", profile.edit, name="profile"),
    path("me/answers/", answers.answers, name="answers"),
    path("saved/", saved.saved, name="saved"),
    path("saved/searches/", saved.save_search, name="save-search"),
    path("saved/searches/<str:search_id>/", saved.change_search, name="change-search"),
    path("saved/<str:public_id>/", saved.save_role, name="save-role"),
    path("saved/<str:public_id>/remove/", saved.forget_role, name="forget-role"),
]
API = [
    path("profile", profiles.Profile.as_view(), name="own-profile"),
    path("profile/secret", profiles.ProfileSecret.as_view(), name="profile-secret"),
    path("profile/adopt", profiles.ProfileAdoption.as_view(), name="profile-adopt"),
    path("profile/resumes", profiles.Resumes.as_view(), name="resumes"),
    path("profile/resumes/<int:resume_id>", profiles.ResumeDetail.as_view(), name="resume"),
    path("saved", keeping.SavedRoles.as_view(), name="saved"),
    path("saved/<str:public_id>", keeping.SavedRoleDetail.as_view(), name="saved-role"),
    path("alerts", keeping.Alerts.as_view(), name="alerts"),
    path("alerts/<str:public_id>", keeping.AlertDetail.as_view(), name="alert"),
    path("profile/blocked-employers", keeping.BlockedEmployers.as_view(), name="blocked"),
    path(
        "profile/blocked-employers/<str:public_id>",
        keeping.BlockedEmployerDetail.as_view(),
        name="blocked-employer",
    ),
]
