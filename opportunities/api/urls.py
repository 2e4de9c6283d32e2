"""Addresses of the marketplace API, under ``/api/v1/``."""

from django.urls import include, path

from opportunities.candidates.api import keeping
from opportunities.desk.api import own
from opportunities.desk.api import views as moderation
from opportunities.employers.api import views as employers
from opportunities.engagements.api import resumes
from opportunities.messaging import api
from opportunities.privacy import api
from opportunities.roles.api import views as roles

ROLE = "opportunities/<str:public_id>"
EMPLOYER = "employers/<str:public_id>"
ITEM = "moderation/items/<str:public_id>"
SANCTION = "moderation/sanctions/<int:sanction_id>"

app_name = "api"
urlpatterns = [
    path("", include("opportunities.api.integration_urls")),
    path("opportunities", roles.Opportunities.as_view(), name="opportunities"),
    path("opportunities/assess", roles.Assessment.as_view(), name="assess"),
    path(ROLE, roles.OpportunityDetail.as_view(), name="opportunity"),
    path(f"{ROLE}/amend", roles.Amendment.as_view(), name="amend"),
    path(f"{ROLE}/findings", roles.Findings.as_view(), name="findings"),
    path(f"{ROLE}/questions", roles.Questions.as_view(), name="questions"),
    path(f"{ROLE}/questions/<int:post_id>", roles.QuestionDetail.as_view(), name="question"),
    path(f"{ROLE}/questions/<int:post_id>/answer", roles.QuestionAnswer.as_view(), name="answer"),
    *[path(f"{ROLE}/{name}", view.as_view(), name=name) for name, view in roles.OPERATIONS.items()],
    path("employers", employers.Employers.as_view(), name="employers"),
    path(EMPLOYER, employers.EmployerDetail.as_view(), name="employer"),
    path(f"{EMPLOYER}/opportunities", roles.EmployerOpportunities.as_view(), name="own-roles"),
    path(f"{EMPLOYER}/decisions", own.Decisions.as_view(), name="own-decisions"),
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
    path("reports", moderation.NewReport.as_view(), name="report"),
    path("appeals", moderation.NewAppeal.as_view(), name="appeal"),
    path("moderation/rules", moderation.Rules.as_view(), name="rules"),
    path("moderation/items", moderation.Items.as_view(), name="items"),
    path("moderation/items/next", moderation.NextItem.as_view(), name="next-item"),
    path(ITEM, moderation.Item.as_view(), name="item"),
    *[
        path(f"{ITEM}/{name}", view.as_view(), name=f"item-{name}")
        for name, view in moderation.ITEM_OPERATIONS.items()
    ],
    path("moderation/decisions", moderation.Log.as_view(), name="decisions"),
    path("moderation/reports", moderation.Reports.as_view(), name="reports"),
    path(
        "moderation/reports/<str:public_id>/answer",
        moderation.ReportAnswer.as_view(),
        name="answer-report",
    ),
    path("moderation/appeals", moderation.Appeals.as_view(), name="appeals"),
    path("moderation/appeals/<str:public_id>/hear", moderation.Hearing.as_view(), name="hear"),
    path("moderation/sanctions", moderation.Sanctions.as_view(), name="sanctions"),
    *[
        path(f"{SANCTION}/{name}", view.as_view(), name=f"sanction-{name}")
        for name, view in moderation.SANCTION_OPERATIONS.items()
    ],
    path(
        f"moderation/{EMPLOYER}/verify", moderation.EmployerCheck.as_view(), name="check-employer"
    ),
    path("", include("opportunities.api.application_urls")),
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
