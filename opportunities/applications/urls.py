"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from typing import Final

from django.urls import path

from opportunities.applications.api import views as api
from opportunities.applications.views import candidate, employer, external
from opportunities.applications.views.calendars import dates
from opportunities.applications.views.sides import CANDIDATE, EMPLOYER

ROLE: Final = "opportunities/<slug:slug>-<str:public_id>"
APPLICATION: Final = "applications/<str:public_id>"
APPLICANT: Final = "employer/applications/<str:public_id>"
PAGES = [
    path(f"{ROLE}/apply/there/", external.follow, name="apply-there"),
    path("opportunities/<str:public_id>/applied/", external.applied, name="applied-there"),
    path("applications/external/<int:statement>/", external.take_back, name="take-back-applied"),
    path(f"{ROLE}/apply/", candidate.apply, name="apply"),
    path("applications/", candidate.applications, name="applications"),
    path(
        "applications/invitations/<int:invitation>/decline/",
        candidate.decline_invitation,
        name="decline-invitation",
    ),
    path(f"{APPLICATION}/", candidate.application, name="application"),
    path(f"{APPLICATION}/dates.ics", dates, {"side": CANDIDATE}, name="application-dates"),
    path(f"{APPLICATION}/message/", candidate.write, name="write"),
    path(f"{APPLICATION}/times/<int:slot>/", candidate.choose_slot, name="choose-slot"),
    path(f"{APPLICATION}/<slug:action>/", candidate.decide, name="decide"),
    path("employer/roles/<str:public_id>/bulk/", employer.in_bulk, name="bulk"),
    path(f"{APPLICANT}/", employer.applicant, name="employer-application"),
    path(f"{APPLICANT}/dates.ics", dates, {"side": EMPLOYER}, name="applicant-dates"),
    path(f"{APPLICANT}/resume/", employer.resume, name="resume"),
    path(f"{APPLICANT}/do/<slug:action>/", employer.plain_act, name="applicant-act"),
    path(f"{APPLICANT}/decide/<slug:action>/", employer.decide, name="applicant-decide"),
]
API = [
    path("applications", api.Applications.as_view(), name="applications"),
    path("applications/bulk", api.Bulk.as_view(), name="applications-bulk"),
    path(APPLICATION, api.ApplicationDetail.as_view(), name="application"),
    path(
        f"{APPLICATION}/slots/<int:slot_id>/choose",
        api.ChooseSlot.as_view(),
        name="application-choose-slot",
    ),
    path("invitations", api.Invitations.as_view(), name="own-invitations"),
    path(
        "invitations/<int:invitation_id>/decline",
        api.DeclineInvitation.as_view(),
        name="decline-invitation",
    ),
    path(
        "opportunities/<str:public_id>/invitations", api.Invite.as_view(), name="opportunity-invite"
    ),
    *[
        path(f"{APPLICATION}/{name}", view.as_view(), name=f"application-{name}")
        for name, view in api.ACTS.items()
    ],
    path(f"{APPLICATION}/messages", api.Messages.as_view(), name="application-messages"),
    path(f"{APPLICATION}/notes", api.Notes.as_view(), name="application-notes"),
    path(f"{APPLICATION}/resume", api.ApplicationResume.as_view(), name="application-resume"),
]
