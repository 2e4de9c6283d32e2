"""Name matching to Django, and let it hear what the marketplace announces."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"
    verbose_name = "Matching"

    def ready(self) -> None:
        from matching import receivers  # noqa: F401, PLC0415  (connects the receivers)
        from matching.introductions import moving, people, retention, telling  # noqa: F401, PLC0415
        from matching.jobs import watchdog  # noqa: F401, PLC0415  (connects the receivers)
        from matching.onboarding import keep_views, visitors  # noqa: PLC0415  (models)
        from matching.plans import keeping, reminding, tasks  # noqa: F401, PLC0415
        from matching.recommending import aspect_words, feedback, odds, role_page  # noqa: F401, PLC0415
        from opportunities.candidates import alerts, aspects, guest_profile  # noqa: PLC0415
        from opportunities.catalogue import for_visitor  # noqa: PLC0415
        from opportunities.messaging import topics  # noqa: PLC0415
        from opportunities.privacy import retention as sweeps  # noqa: PLC0415
        from opportunities.roles.api import catalogue as roles_api  # noqa: PLC0415

        for_visitor.whose_fit.provide(role_page.whose_fit)
        for_visitor.fit_of.provide(role_page.fit_of)
        for_visitor.odds_of.provide(odds.odds_on_page)
        roles_api.chance_of.provide(odds.chance_of)
        aspects.labels.provide(aspect_words.labels)
        guest_profile.answered_facts.provide(keep_views.facts_of)
        guest_profile.keep_dismissed.provide(visitors.keep_dismissed)
        alerts.told_elsewhere.provide(reminding.told_by_plans)
        topics.register(telling.TOPIC)
        topics.register(people.TOPIC)
        topics.register(reminding.TOPIC)
        sweeps.also("introductions", retention.empty_reasons)
