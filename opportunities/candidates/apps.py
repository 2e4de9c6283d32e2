"""Let candidates hear when an account confirms its address."""

from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    name = "opportunities.candidates"
    verbose_name = "Candidates"

    def ready(self) -> None:
        from opportunities.candidates import receivers  # noqa: F401, PLC0415  (connects them)
