"""Let candidates hear when an account confirms its address."""

from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    name = "opportunities.candidates"
    verbose_name = "Candidates"

    def ready(self) -> None:
        from opportunities.candidates import (  # noqa: PLC0415
            alerts,  # noqa: F401  (registers its topics)
            receivers,  # noqa: F401  (connects them)
        )
