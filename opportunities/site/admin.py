"""Every other table, to look at; what people wrote to each other stays sealed."""

from django.apps import apps
from django.contrib import admin

from opportunities import ROOMS
from opportunities.accounts.desks import History
from opportunities.accounts.models import Draft, StoredAnswer, StoredSession
from opportunities.applications.models import (
    Answer,
    Application,
    ApplicationNote,
    ExternalApplication,
    InterviewSlot,
    Message,
    RoleInvitation,
)
from opportunities.candidates.models import CandidateProfile, PromisedProfile, Resume, SavedSearch
from opportunities.engagements.models import Review
from opportunities.messaging.models import Notice
from opportunities.site.models import PolicyReport

UNSEEN = frozenset({StoredSession, Draft, PromisedProfile})
"""Whoever reads the key of a session is signed in as somebody else; what somebody has not sent is
nobody else's, and whom a guest's profile waits for is nobody's business."""

SEALED = (
    Answer, Application, ApplicationNote, CandidateProfile, ExternalApplication, InterviewSlot,
    Message, Notice, Resume, Review, RoleInvitation, SavedSearch, StoredAnswer,
)  # fmt: skip


class Sealed(History):
    """Rows whose words only the people concerned read."""

    is_sealed = True


@admin.register(PolicyReport)
class PolicyReports(History):
    """What browsers kept pages from doing: a new line is a fault of a page, or an attempt."""

    list_display = ("day", "directive", "blocked", "route", "times")
    list_filter = ("directive",)
    date_hierarchy = "day"


admin.site.site_header = admin.site.site_title = "Foothold administration"
admin.site.register(SEALED, Sealed)
for room in ROOMS:
    for table in apps.get_app_config(room).get_models():
        if not admin.site.is_registered(table) and table not in UNSEEN:
            admin.site.register(table, History)
