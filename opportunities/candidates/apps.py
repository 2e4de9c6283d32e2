"""Let candidates hear when an account confirms its address."""

from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    name = "opportunities.candidates"
    verbose_name = "Candidates"

    def ready(self) -> None:
        from opportunities.accounts import time_zones  # noqa: PLC0415
        from opportunities.candidates import (  # noqa: PLC0415
            alerts,  # noqa: F401  (registers its topics)
            blocking,  # noqa: F401  (says how its rows move)
            places,
            profiles,  # noqa: F401  (the same)
            receivers,  # noqa: F401  (connects them)
            saving,  # noqa: F401  (says how its rows move)
        )

        time_zones.place_zone.provide(places.place_zone)
