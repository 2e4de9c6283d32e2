"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path

from opportunities.accounts import views as tokens

PAGES = [
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/<int:grant>/revoke/", tokens.revoke, name="revoke-token"),
]
