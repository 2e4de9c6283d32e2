"""Addresses of the marketplace pages."""

from django.urls import include, path
from django.views.generic import RedirectView

from opportunities.accounts import views as tokens
from opportunities.applications.views import candidate
from opportunities.candidates.views import alerts, profile, saved
from opportunities.catalogue import feeds
from opportunities.catalogue import views as catalogue
from opportunities.desk.views import desk, reports
from opportunities.engagements.views import credentials, portfolio
from opportunities.messaging import views as notices
from opportunities.privacy import views as own
from opportunities.roles.views import manage
from opportunities.site.views import pages, preferences

app_name = "opportunities"
urlpatterns = [
    path("", catalogue.home, name="home"),
    path("opportunities/", catalogue.browse, name="browse"),
    path("opportunities/<slug:slug>-<str:public_id>/", catalogue.role, name="role"),
    path("opportunities/<slug:slug>-<str:public_id>/apply/", candidate.apply, name="apply"),
    path("opportunities/<slug:slug>-<str:public_id>/report/", reports.report, name="report"),
    path("opportunities/<str:public_id>/ask/", manage.ask, name="ask"),
    path(
        "opportunities/<str:public_id>/questions/<int:post>/take-back/",
        manage.take_back,
        name="take-back",
    ),
    path("messages/<int:message>/report/", reports.report_message, name="report-message"),
    path("people/<str:public_id>/", portfolio.portfolio, name="portfolio"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/new/", alerts.new, name="new-alert"),
    path("settings/keys/", preferences.keys, name="keys"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/<int:grant>/revoke/", tokens.revoke, name="revoke-token"),
    path("credentials/verify/", credentials.verify, name="verify-credential"),
    path("credentials/<str:public_id>/", credentials.credential, name="credential"),
    path(".well-known/did.json", credentials.did, name="did"),
    path("me/profile/", profile.edit, name="profile"),
    path("applications/", candidate.applications, name="applications"),
    path(
        "applications/invitations/<int:invitation>/decline/",
        candidate.decline_invitation,
        name="decline-invitation",
    ),
    path("applications/<str:public_id>/", candidate.application, name="application"),
    path("applications/<str:public_id>/message/", candidate.write, name="write"),
    path("applications/<str:public_id>/sign/", candidate.sign, name="sign"),
    path(
        "applications/<str:public_id>/work/",
        candidate.complete,
        {"action": "work"},
        name="write-work",
    ),
    path(
        "applications/<str:public_id>/review/",
        candidate.complete,
        {"action": "review"},
        name="review",
    ),
    path("applications/<str:public_id>/show/", candidate.show, name="show"),
    path(
        "applications/<str:public_id>/times/<int:slot>/",
        candidate.choose_slot,
        name="choose-slot",
    ),
    path("applications/<str:public_id>/<slug:action>/", candidate.decide, name="decide"),
    path("employers/", pages.employers, name="employers"),
    path("employers/<slug:slug>/", catalogue.employer, name="employer"),
    path("employers/<slug:slug>/report/", reports.report_employer, name="report-employer"),
    path("employers/<slug:slug>/logo.png", catalogue.logo, name="logo"),
    path("employer/", include("opportunities.web.employers.urls")),
    path("moderate/", desk.desk, name="desk"),
    path("moderate/reports/", desk.reports, name="reports"),
    path("moderate/reports/<str:public_id>/", desk.answer_report, name="answer-report"),
    path("moderate/appeals/", desk.appeals, name="appeals"),
    path("moderate/appeals/<str:public_id>/", desk.hear_appeal, name="hear-appeal"),
    path("moderate/log/", desk.log, name="moderation-log"),
    path("moderate/employers/", desk.employers, name="moderate-employers"),
    path("moderate/sanctions/", desk.sanctions, name="sanctions"),
    path("moderate/sanctions/<int:sanction>/lift/", desk.lift_sanction, name="lift-sanction"),
    path("moderate/blocks/<int:sanction>/", desk.settle_block, name="settle-block"),
    path(
        "moderate/employers/<slug:slug>/<slug:action>/",
        desk.act_on_employer,
        name="act-on-employer",
    ),
    path("moderate/roles/<str:public_id>/", desk.review, name="review-role"),
    path("moderate/roles/<str:public_id>/claim/", desk.claim, name="claim-role"),
    path("feeds/opportunities.atom", feeds.atom, name="atom"),
    path("feeds/opportunities.json", feeds.json_feed, name="json-feed"),
    path("feeds/deadlines.ics", feeds.deadlines, name="deadlines"),
    path("robots.txt", feeds.robots, name="robots"),
    path(".well-known/security.txt", feeds.security, name="security"),
    path(".well-known/change-password", feeds.change_password, name="change-password"),
    path("rules/", pages.rules, name="rules"),
    path("privacy/", pages.privacy, name="privacy"),
    path("terms/", pages.text, {"template": "site/terms.html"}, name="terms"),
    path("contact/", pages.text, {"template": "site/contact.html"}, name="contact"),
    path(
        "accessibility/",
        pages.text,
        {"template": "site/accessibility.html"},
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
    path("saved/", saved.saved, name="saved"),
    path("saved/searches/", saved.save_search, name="save-search"),
    path("saved/searches/<str:search_id>/", saved.change_search, name="change-search"),
    path("saved/<str:public_id>/", saved.save_role, name="save-role"),
    path("saved/<str:public_id>/remove/", saved.forget_role, name="forget-role"),
    path("me/", own.me, name="me"),
    path("me/visibility/", own.visibility, name="visibility"),
    path("me/blocked/", own.block, name="block"),
    path("me/export/", own.export, name="export"),
    path("me/erase/", own.erase, name="erase"),
    path("me/resume/", own.resume, name="json-resume"),
    path("me/resumes/<int:resume>/delete/", own.delete_resume, name="delete-resume"),
]
