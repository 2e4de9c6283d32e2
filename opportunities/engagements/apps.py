"""Provide what lower rooms show of the work."""

from django.apps import AppConfig


class EngagementsConfig(AppConfig):
    name = "opportunities.engagements"
    verbose_name = "Completed work"

    def ready(self) -> None:
        from opportunities.applications.views.sides import work_for  # noqa: PLC0415
        from opportunities.employers.figures import realised_hourly_pays  # noqa: PLC0415
        from opportunities.engagements import completing, work_record  # noqa: PLC0415

        realised_hourly_pays.provide(completing.realised_hourly_pays)
        work_for.provide(work_record.record_for)
