"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path

from opportunities.desk.api import views as moderation
from opportunities.desk.views import desk, reports

EMPLOYER = "employers/<str:public_id>"
ITEM = "moderation/items/<str:public_id>"
SANCTION = "moderation/sanctions/<int:sanction_id>"

PAGES = [
    path("opportunities/<slug:slug>-<str:public_id>/report/", reports.report, name="report"),
    path("messages/<int:message>/report/", reports.report_message, name="report-message"),
    path("employers/<slug:slug>/report/", reports.report_employer, name="report-employer"),
    path("moderate/", desk.desk, name="desk"),
    path("moderate/reports/", desk.reports, name="reports"),
    path("moderate/reports/<str:public_id>/", desk.answer_report, name="answer-report"),
    path("moderate/appeals/", desk.appeals, name="appeals"),
    path("moderate/appeals/<str:public_id>/", desk.hear_appeal, name="hear-appeal"),
    path("moderate/log/", desk.log, name="moderation-log"),
    path("moderate/employers/", desk.employers, name="moderate-employers"),
    path("moderate/sanctions/", desk.sanctions, name="sanctions"),
    path("moderate/sanctions/<int:sanction>/lift/", desk.lift_sanction, name="lift-sanction"),
    path("moderate/people/<slug:action>/", desk.act_on_person, name="act-on-person"),
    path("moderate/blocks/<int:sanction>/", desk.settle_block, name="settle-block"),
    path(
        "moderate/employers/<slug:slug>/<slug:action>/",
        desk.act_on_employer,
        name="act-on-employer",
    ),
    path("moderate/roles/<str:public_id>/", desk.review, name="review-role"),
    path("moderate/roles/<str:public_id>/claim/", desk.claim, name="claim-role"),
    path("moderate/roles/<str:public_id>/undo/", desk.undo, name="undo-decision"),
    path("employer/decisions/<int:decision>/appeal/", reports.appeal, name="appeal"),
]
API = [
    path(f"{EMPLOYER}/decisions", moderation.OwnDecisions.as_view(), name="own-decisions"),
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
]
