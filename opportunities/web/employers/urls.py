"""Addresses of the employer's pages; those that rank people stand with matching."""

from django.urls import path

from opportunities.applications.views import employer
from opportunities.desk.views import appeals
from opportunities.employers.views import organizations, team
from opportunities.importing import views as imports
from opportunities.roles.views import drafting, manage
from opportunities.site.views import employer_home

urlpatterns = [
    path("", employer_home.home, name="employer-home"),
    path("new/", organizations.found, name="found-employer"),
    path("verify/<str:secret>/", organizations.confirm, name="confirm-employer"),
    path("join/<str:secret>/", organizations.join, name="join-team"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<str:public_id>/", imports.import_job, name="import-job"),
    path("team/", team.teams, name="teams"),
    path("team/<slug:slug>/", team.team, name="team"),
    path("team/<slug:slug>/<slug:action>/", team.act_on_team, name="team-act"),
    path("profile/<slug:slug>/", organizations.profile, name="employer-profile"),
    path("profile/<slug:slug>/logo/", organizations.logo, name="employer-logo"),
    path("profile/<slug:slug>/verify/", organizations.ask_verification, name="ask-verification"),
    path("decisions/<int:decision>/appeal/", appeals.appeal, name="appeal"),
    path("roles/new/", drafting.start, name="new-role"),
    path("roles/new/keep/", drafting.keep, name="keep-role"),
    path("roles/new/drop/", drafting.drop, name="drop-role"),
    path("roles/new/<slug:step>/", drafting.new_step, name="new-role-step"),
    path("roles/<str:public_id>/", manage.manage, name="manage-role"),
    path("roles/<str:public_id>/edit/<slug:step>/", drafting.edit_step, name="edit-role-step"),
    path("roles/<str:public_id>/act/<slug:action>/", manage.act_on_role, name="role-act"),
    path("roles/<str:public_id>/copy/", manage.copy, name="copy-role"),
    path("roles/<str:public_id>/delete/", manage.delete, name="delete-role"),
    path("roles/<str:public_id>/questions/<int:post>/", manage.answer, name="answer-question"),
    path("roles/<str:public_id>/bulk/", employer.in_bulk, name="bulk"),
    path("applications/<str:public_id>/", employer.applicant, name="employer-application"),
    path("applications/<str:public_id>/resume/", employer.resume, name="resume"),
    path(
        "applications/<str:public_id>/do/<slug:action>/",
        employer.plain_act,
        name="applicant-act",
    ),
    path("applications/<str:public_id>/sign/", employer.sign, name="applicant-sign"),
    path(
        "applications/<str:public_id>/work/",
        employer.complete,
        {"action": "work"},
        name="applicant-work",
    ),
    path(
        "applications/<str:public_id>/review/",
        employer.complete,
        {"action": "review"},
        name="applicant-review",
    ),
    path(
        "applications/<str:public_id>/decide/<slug:action>/",
        employer.decide,
        name="applicant-decide",
    ),
]
