"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path

from opportunities.employers.api import me
from opportunities.employers.api import views as employers
from opportunities.employers.views import organizations, team

EMPLOYER = "employers/<str:public_id>"

PAGES = [
    path("employer/new/", organizations.found, name="found-employer"),
    path("employer/verify/<str:secret>/", organizations.confirm, name="confirm-employer"),
    path("employer/join/<str:secret>/", organizations.join, name="join-team"),
    path("employer/team/", team.teams, name="teams"),
    path("employer/team/<slug:slug>/", team.team, name="team"),
    path("employer/team/<slug:slug>/<slug:action>/", team.act_on_team, name="team-act"),
    path("employer/profile/<slug:slug>/", organizations.profile, name="employer-profile"),
    path("employer/profile/<slug:slug>/logo/", organizations.logo, name="employer-logo"),
    path(
        "employer/profile/<slug:slug>/verify/",
        organizations.ask_verification,
        name="ask-verification",
    ),
]
API = [
    path("me", me.Me.as_view(), name="me"),
    path("employers", employers.Employers.as_view(), name="employers"),
    path(EMPLOYER, employers.EmployerDetail.as_view(), name="employer"),
    path(f"{EMPLOYER}/logo", employers.Logo.as_view(), name="logo"),
    path(f"{EMPLOYER}/members", employers.Members.as_view(), name="members"),
    path(f"{EMPLOYER}/members/<int:member_id>", employers.Member.as_view(), name="member"),
    path(f"{EMPLOYER}/invitations", employers.Invitations.as_view(), name="invitations"),
    path(
        f"{EMPLOYER}/invitations/<int:invitation_id>",
        employers.Invitation.as_view(),
        name="invitation",
    ),
    path(f"{EMPLOYER}/verifications", employers.Verifications.as_view(), name="verifications"),
    path("invitations/accept", employers.InvitationAcceptance.as_view(), name="join"),
    path("verifications/confirm", employers.VerificationConfirmation.as_view(), name="verify"),
]
