"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path

from opportunities.accounts import draft_views, reader_views
from opportunities.accounts import views as tokens

PAGES = [
    path("me/drafts/", draft_views.drafts, name="drafts"),
    path("me/drafts/here/", draft_views.here, name="drafts-here"),
    path("me/drafts/keep/", draft_views.keep, name="keep-draft"),
    path("me/drafts/<int:draft>/discard/", draft_views.discard, name="discard-draft"),
    path("me/time-zone/", reader_views.time_zone, name="time-zone"),
    path("settings/language/", reader_views.language, name="language"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/<int:grant>/revoke/", tokens.revoke, name="revoke-token"),
]
