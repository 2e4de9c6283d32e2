"""Addresses of the marketplace pages."""

from django.urls import path
from django.views.generic import RedirectView

from opportunities.web import applications, catalogue, moderation, notices, pages

app_name = "opportunities"
urlpatterns = [
    path("", catalogue.home, name="home"),
    path("opportunities/", catalogue.browse, name="browse"),
    path("opportunities/<slug:slug>-<str:public_id>/", catalogue.role, name="role"),
    path("opportunities/<slug:slug>-<str:public_id>/apply/", applications.apply, name="apply"),
    path("applications/", applications.applications, name="applications"),
    path("applications/<str:public_id>/", applications.application, name="application"),
    path("applications/<str:public_id>/message/", applications.write, name="write"),
    path("applications/<str:public_id>/sign/", applications.sign, name="sign"),
    path("applications/<str:public_id>/review/", applications.review, name="review"),
    path("applications/<str:public_id>/show/", applications.show, name="show"),
    path(
        "applications/<str:public_id>/times/<int:slot>/",
        applications.choose_slot,
        name="choose-slot",
    ),
    path("applications/<str:public_id>/<slug:action>/", applications.decide, name="decide"),
    path("employers/", pages.employers, name="employers"),
    path("employers/<slug:slug>/", catalogue.employer, name="employer"),
    path("moderate/", moderation.desk, name="desk"),
    path("moderate/reports/", moderation.reports, name="reports"),
    path("moderate/reports/<str:public_id>/", moderation.answer_report, name="answer-report"),
    path("moderate/appeals/", moderation.appeals, name="appeals"),
    path("moderate/appeals/<str:public_id>/", moderation.hear_appeal, name="hear-appeal"),
    path("moderate/log/", moderation.log, name="moderation-log"),
    path("moderate/employers/", moderation.employers, name="moderate-employers"),
    path("moderate/blocks/<int:sanction>/", moderation.settle_block, name="settle-block"),
    path(
        "moderate/employers/<slug:slug>/<slug:action>/",
        moderation.act_on_employer,
        name="act-on-employer",
    ),
    path("moderate/roles/<str:public_id>/", moderation.review, name="review-role"),
    path("moderate/roles/<str:public_id>/claim/", moderation.claim, name="claim-role"),
    path("rules/", pages.rules, name="rules"),
    path("privacy/", pages.text, {"template": "pages/privacy.html"}, name="privacy"),
    path("terms/", pages.text, {"template": "pages/terms.html"}, name="terms"),
    path("contact/", pages.text, {"template": "pages/contact.html"}, name="contact"),
    path(
        "accessibility/",
        pages.text,
        {"template": "pages/accessibility.html"},
        name="accessibility",
    ),
    path("sign-in/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("sign-up/", RedirectView.as_view(pattern_name="account_signup", query_string=True)),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="notices-read"),
    path("notices/rhythm/", notices.rhythm, name="notice-rhythm"),
    path("notices/stop/<str:token>/", notices.unsubscribe, name="unsubscribe"),
    path("notices/<str:notice_id>/read/", notices.read, name="notice-read"),
    path("outbox/", notices.outbox, name="outbox"),
]
