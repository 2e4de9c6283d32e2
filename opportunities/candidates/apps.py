"""Name the room as administrators read it."""

from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    name = "opportunities.candidates"
    verbose_name = "Candidates"
