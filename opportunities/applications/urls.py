"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from collections.abc import Mapping
from typing import Final

from django.urls import path
from rest_framework.views import APIView

from opportunities.applications.api import views as applications
from opportunities.applications.views import calendars, candidate, employer, external

APPLICATION: Final = "applications/<str:public_id>"
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
}
PAGES = [
    path(
        "opportunities/<slug:slug>-<str:public_id>/apply/there/",
        external.follow,
        name="apply-there",
    ),
    path("opportunities/<str:public_id>/applied/", external.applied, name="applied-there"),
    path("applications/external/<int:statement>/", external.take_back, name="take-back-applied"),
    path("opportunities/<slug:slug>-<str:public_id>/apply/", candidate.apply, name="apply"),
    path("applications/", candidate.applications, name="applications"),
    path(
        "applications/invitations/<int:invitation>/decline/",
        candidate.decline_invitation,
        name="decline-invitation",
    ),
    path("applications/<str:public_id>/", candidate.application, name="application"),
    path(
        "applications/<str:public_id>/dates.ics", calendars.of_candidate, name="application-dates"
    ),
    path("applications/<str:public_id>/message/", candidate.write, name="write"),
    path(
        "applications/<str:public_id>/times/<int:slot>/",
        candidate.choose_slot,
        name="choose-slot",
    ),
    path("applications/<str:public_id>/<slug:action>/", candidate.decide, name="decide"),
    path("employer/roles/<str:public_id>/bulk/", employer.in_bulk, name="bulk"),
    path("employer/applications/<str:public_id>/", employer.applicant, name="employer-application"),
    path(
        "employer/applications/<str:public_id>/dates.ics",
        calendars.of_employer,
        name="applicant-dates",
    ),
    path("employer/applications/<str:public_id>/resume/", employer.resume, name="resume"),
    path(
        "employer/applications/<str:public_id>/do/<slug:action>/",
        employer.plain_act,
        name="applicant-act",
    ),
    path(
        "employer/applications/<str:public_id>/decide/<slug:action>/",
        employer.decide,
        name="applicant-decide",
    ),
]
API = [
    path("applications", applications.Applications.as_view(), name="applications"),
    path("applications/bulk", applications.Bulk.as_view(), name="applications-bulk"),
    path(
        APPLICATION,
        applications.ApplicationDetail.as_view(),
        name="application",
    ),
    path(
        f"{APPLICATION}/slots/<int:slot_id>/choose",
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
    *[
        path(f"{APPLICATION}/{name}", view.as_view(), name=f"application-{name}")
        for name, view in ACTS.items()
    ],
]
