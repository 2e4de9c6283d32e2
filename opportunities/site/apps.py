"""Name the room, lead people to their first page, and let old reports of browsers go."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "opportunities.site"
    verbose_name = "Security"

    def ready(self) -> None:
        from opportunities.accounts import adapter  # noqa: PLC0415  (models)
        from opportunities.privacy import retention  # noqa: PLC0415  (models)
        from opportunities.site.first_page import first_page  # noqa: PLC0415
        from opportunities.site.policy_reports import let_go  # noqa: PLC0415

        adapter.first_page.provide(first_page)
        retention.also("policy_reports", let_go)
