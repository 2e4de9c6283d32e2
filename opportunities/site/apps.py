"""Name the room as administrators read it, and let old reports of browsers go."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "opportunities.site"
    verbose_name = "Security"

    def ready(self) -> None:
        from opportunities.privacy import retention  # noqa: PLC0415  (models)
        from opportunities.site.policy_reports import let_go  # noqa: PLC0415

        retention.also("policy_reports", let_go)
