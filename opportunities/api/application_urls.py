"""Addresses of applications, completed work and the profile, under ``/api/v1/``."""

from collections.abc import Mapping
from typing import Final

from django.urls import path
from rest_framework.views import APIView

from opportunities.applications.api import views as applications
from opportunities.candidates.api import profiles
from opportunities.engagements.api import completions

ACTS: Final[Mapping[str, type[APIView]]] = {
    "withdraw": applications.Withdraw,
    "accept": applications.Accept,
    "decline": applications.Decline,
    "shortlist": applications.Shortlist,
    "interview": applications.Interview,
    "offer": applications.Offer,
    "reject": applications.Reject,
    "no-show": applications.NoShow,
    "messages": applications.Messages,
    "notes": applications.Notes,
    "resume": applications.ApplicationResume,
    "complete": completions.Complete,
    "sign": completions.Sign,
}

urlpatterns = [
    path("applications", applications.Applications.as_view(), name="applications"),
    path("applications/bulk", applications.Bulk.as_view(), name="applications-bulk"),
    path(
        "applications/<str:public_id>",
        applications.ApplicationDetail.as_view(),
        name="application",
    ),
    *[
        path(
            f"applications/<str:public_id>/{name}",
            view.as_view(),
            name=f"application-{name}",
        )
        for name, view in ACTS.items()
    ],
    path(
        "applications/<str:public_id>/slots/<int:slot_id>/choose",
        applications.ChooseSlot.as_view(),
        name="application-choose-slot",
    ),
    path("invitations", applications.Invitations.as_view(), name="own-invitations"),
    path(
        "invitations/<int:invitation_id>/decline",
        applications.DeclineInvitation.as_view(),
        name="decline-invitation",
    ),
    path(
        "opportunities/<str:public_id>/invitations",
        applications.Invite.as_view(),
        name="opportunity-invite",
    ),
    path("completions", completions.Completions.as_view(), name="completions"),
    path(
        "completions/<str:public_id>",
        completions.CompletionDetail.as_view(),
        name="completion",
    ),
    path(
        "completions/<str:public_id>/review",
        completions.ReviewCompletion.as_view(),
        name="completion-review",
    ),
    path(
        "completions/<str:public_id>/show",
        completions.ShowCompletion.as_view(),
        name="completion-show",
    ),
    path("profile", profiles.Profile.as_view(), name="own-profile"),
    path("profile/secret", profiles.ProfileSecret.as_view(), name="profile-secret"),
    path("profile/adopt", profiles.ProfileAdoption.as_view(), name="profile-adopt"),
    path("profile/resumes", profiles.Resumes.as_view(), name="resumes"),
    path("profile/resumes/<int:resume_id>", profiles.ResumeDetail.as_view(), name="resume"),
]
