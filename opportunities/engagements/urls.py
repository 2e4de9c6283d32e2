"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path

from opportunities.engagements.api import completions, resumes
from opportunities.engagements.api import credentials as credentials_api
from opportunities.engagements.views import candidate, credentials, employer, portfolio

PAGES = [
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
    path("employer/applications/<str:public_id>/sign/", employer.sign, name="applicant-sign"),
    path(
        "employer/applications/<str:public_id>/work/",
        employer.complete,
        {"action": "work"},
        name="applicant-work",
    ),
    path(
        "employer/applications/<str:public_id>/review/",
        employer.complete,
        {"action": "review"},
        name="applicant-review",
    ),
    path(
        "employer/applications/<str:public_id>/revoke/", employer.revoke, name="revoke-credential"
    ),
    path("people/<str:public_id>/", portfolio.portfolio, name="portfolio"),
    path("credentials/verify/", credentials.verify, name="verify-credential"),
    path("credentials/<str:public_id>/", credentials.credential, name="credential"),
    path(".well-known/did.json", credentials.did, name="did"),
]
API = [
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
    path(
        "completions/<str:public_id>/revoke",
        completions.RevokeCompletion.as_view(),
        name="completion-revoke",
    ),
    path("credentials/status", credentials_api.Status.as_view(), name="credential-status"),
    path("credentials/verify", credentials_api.Verification.as_view(), name="credential-verify"),
    path(
        "credentials/<str:public_id>", credentials_api.CredentialDetail.as_view(), name="credential"
    ),
    path("profile/json-resume", resumes.JsonResume.as_view(), name="json-resume"),
    path(
        "profile/json-resume/preview",
        resumes.JsonResumePreview.as_view(),
        name="json-resume-preview",
    ),
    *[
        path(f"applications/<str:public_id>/{name}", view.as_view(), name=f"application-{name}")
        for name, view in (("complete", completions.Complete), ("sign", completions.Sign))
    ],
]
