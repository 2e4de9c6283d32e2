"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path

from opportunities.roles.api import views as roles
from opportunities.roles.views import drafting, manage

ROLE = "opportunities/<str:public_id>"
EMPLOYER = "employers/<str:public_id>"

PAGES = [
    path("opportunities/<str:public_id>/ask/", manage.ask, name="ask"),
    path(
        "opportunities/<str:public_id>/questions/<int:post>/take-back/",
        manage.take_back,
        name="take-back",
    ),
    path("employer/roles/new/", drafting.new, name="new-role"),
    path("employer/roles/new/keep/", drafting.keep, name="keep-role"),
    path("employer/roles/new/drop/", drafting.drop, name="drop-role"),
    path("employer/roles/help/", drafting.help_beside, name="role-help"),
    path("employer/roles/<str:public_id>/", manage.manage, name="manage-role"),
    path("employer/roles/<str:public_id>/edit/", drafting.edit, name="edit-role"),
    path("employer/roles/<str:public_id>/act/<slug:action>/", manage.act_on_role, name="role-act"),
    path("employer/roles/<str:public_id>/copy/", manage.copy, name="copy-role"),
    path("employer/roles/<str:public_id>/delete/", manage.delete, name="delete-role"),
    path(
        "employer/roles/<str:public_id>/questions/<int:post>/",
        manage.answer,
        name="answer-question",
    ),
]
API = [
    path("opportunities", roles.Opportunities.as_view(), name="opportunities"),
    path("opportunities/assess", roles.Assessment.as_view(), name="assess"),
    path(ROLE, roles.OpportunityDetail.as_view(), name="opportunity"),
    path(f"{ROLE}/findings", roles.Findings.as_view(), name="findings"),
    path(f"{ROLE}/questions", roles.Questions.as_view(), name="questions"),
    path(f"{ROLE}/questions/<int:post_id>", roles.QuestionDetail.as_view(), name="question"),
    path(f"{ROLE}/questions/<int:post_id>/answer", roles.QuestionAnswer.as_view(), name="answer"),
    *[path(f"{ROLE}/{name}", view.as_view(), name=name) for name, view in roles.OPERATIONS.items()],
    path(f"{EMPLOYER}/opportunities", roles.EmployerOpportunities.as_view(), name="own-roles"),
    path(
        "opportunities/by-source/<str:source>/<str:external_id>",
        roles.BySource.as_view(),
        name="by-source",
    ),
]
