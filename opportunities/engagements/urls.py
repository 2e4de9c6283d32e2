"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from typing import Final

from django.urls import path

from opportunities.applications.views.sides import CANDIDATE, EMPLOYER
from opportunities.engagements.api import completions, resumes
from opportunities.engagements.api import credentials as credentials_api
from opportunities.engagements.views import credentials, portfolio, work

OWN: Final = "applications/<str:public_id>"
APPLICANT: Final = "employer/applications/<str:public_id>"
COMPLETION: Final = "completions/<str:public_id>"
PAGES = [
    path(f"{OWN}/work/", work.write, {"side": CANDIDATE}, name="write-work"),
    path(f"{OWN}/review/", work.review, {"side": CANDIDATE}, name="review"),
    path(f"{OWN}/sign/", work.sign, {"side": CANDIDATE}, name="sign"),
    path(f"{OWN}/show/", work.show, name="show"),
    path(f"{APPLICANT}/work/", work.write, {"side": EMPLOYER}, name="applicant-work"),
    path(f"{APPLICANT}/review/", work.review, {"side": EMPLOYER}, name="applicant-review"),
    path(f"{APPLICANT}/sign/", work.sign, {"side": EMPLOYER}, name="applicant-sign"),
    path(f"{APPLICANT}/revoke/", work.revoke, name="revoke-credential"),
    path("people/<str:public_id>/", portfolio.portfolio, name="portfolio"),
    path("credentials/verify/", credentials.verify, name="verify-credential"),
    path("credentials/<str:public_id>/", credentials.credential, name="credential"),
    path(".well-known/did.json", credentials.did, name="did"),
]
API = [
    path("completions", completions.Completions.as_view(), name="completions"),
    path(COMPLETION, completions.CompletionDetail.as_view(), name="completion"),
    path(f"{COMPLETION}/review", completions.ReviewCompletion.as_view(), name="completion-review"),
    path(f"{COMPLETION}/show", completions.ShowCompletion.as_view(), name="completion-show"),
    path(f"{COMPLETION}/revoke", completions.RevokeCompletion.as_view(), name="completion-revoke"),
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
    path(f"{OWN}/complete", completions.Complete.as_view(), name="application-complete"),
    path(f"{OWN}/sign", completions.Sign.as_view(), name="application-sign"),
]
