"""Addresses of this room: its pages, and its API under ``/api/v1/``."""

from django.urls import path

from opportunities.messaging import api as messaging_api
from opportunities.messaging import views as notices

PAGES = [
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="notices-read"),
    path("notices/rhythm/", notices.rhythm, name="notice-rhythm"),
    path("notices/kinds/", notices.choose_kinds, name="notice-kinds"),
    path("notices/quiet/", notices.quiet_hours, name="notice-quiet"),
    path("notices/stop/<str:token>/", notices.unsubscribe, name="unsubscribe"),
    path("notices/<str:notice_id>/read/", notices.read, name="notice-read"),
    path("outbox/", notices.outbox, name="outbox"),
]
API = [
    path("notices", messaging_api.Notices.as_view(), name="notices"),
    path("notices/read", messaging_api.NoticesRead.as_view(), name="notices-read"),
    path("notices/rhythm", messaging_api.NoticesRhythm.as_view(), name="notices-rhythm"),
    path("notices/kinds", messaging_api.NoticesKinds.as_view(), name="notices-kinds"),
    path("notices/quiet", messaging_api.NoticesQuiet.as_view(), name="notices-quiet"),
    path("notices/<str:public_id>/read", messaging_api.NoticeRead.as_view(), name="notice-read"),
]
