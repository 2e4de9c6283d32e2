"""Which modules are broken, in how many places, and which tests have to notice."""

from typing import Final, NamedTuple


class Area(NamedTuple):
    """A part of the product, with the tests that guard it, those that notice most first."""

    number: int
    """How many mutants are drawn from its modules."""
    modules: tuple[str, ...]
    tests: tuple[str, ...]


AREAS: Final = {
    "permissions": Area(
        20,
        (
            "opportunities/accounts/permissions.py",
            "opportunities/applications/permissions.py",
            "opportunities/employers/permissions.py",
            "opportunities/roles/permissions.py",
            "opportunities/desk/permissions.py",
        ),
        (
            "tests/accounts/test_permissions.py",
            "tests/desk/test_reasons.py",
            "tests/desk/test_moderating.py",
        ),
    ),
    "lifecycle": Area(
        50,
        (
            "opportunities/core/lifecycle.py",
            "opportunities/moderation/outcomes.py",
            "opportunities/roles/review.py",
            "opportunities/roles/publishing/living.py",
            "opportunities/roles/publishing/submitting.py",
            "opportunities/applications/applying.py",
            "opportunities/applications/selecting.py",
            "opportunities/applications/tracking.py",
        ),
        (
            "tests/roles/test_lifecycle.py",
            "tests/moderation/test_outcomes.py",
            "tests/applications/test_selecting.py",
            "tests/applications/test_applying.py",
            "tests/applications/test_application_steps.py",
            "tests/roles/test_publishing.py",
            "tests/desk/test_reasons.py",
            "tests/desk/test_moderating.py",
            "tests/importing/test_writing.py",
            "tests/importing/test_readings.py",
        ),
    ),
    "pay": Area(
        25,
        ("opportunities/core/pay.py",),
        (
            "tests/core/test_pay.py",
            "tests/roles/test_checks.py",
            "tests/moderation/test_safety_sentences.py",
        ),
    ),
    "promises": Area(
        30,
        (
            "opportunities/core/calendar.py",
            "opportunities/promises/answers.py",
            "opportunities/promises/postings.py",
            "opportunities/promises/presence.py",
            "opportunities/promises/reviews.py",
        ),
        ("tests/core/test_calendar.py", "tests/promises/test_promising.py"),
    ),
    "importer": Area(
        45,
        (
            "opportunities/importing/convert.py",
            "opportunities/importing/values.py",
            "opportunities/importing/writing.py",
            "opportunities/importing/jobs.py",
            "opportunities/importing/parsing/numerals.py",
            "opportunities/importing/parsing/payments.py",
            "opportunities/importing/parsing/durations.py",
        ),
        (
            "tests/importing/test_parsing.py",
            "tests/importing/test_converting.py",
            "tests/importing/test_shapes.py",
            "tests/importing/test_tables.py",
            "tests/importing/test_places_and_pay.py",
            "tests/importing/test_writing.py",
            "tests/api/test_imports.py",
        ),
    ),
    "checks": Area(
        40,
        (
            "opportunities/roles/checks/__init__.py",
            "opportunities/roles/checks/duplicates.py",
            "opportunities/roles/checks/facts.py",
            "opportunities/roles/checks/grammar.py",
            "opportunities/roles/checks/marking.py",
            "opportunities/roles/checks/phrases.py",
            "opportunities/roles/checks/posting.py",
            "opportunities/roles/checks/wording.py",
            "opportunities/desk/operations/reasons.py",
        ),
        (
            "tests/moderation/test_safety_sentences.py",
            "tests/roles/test_checks.py",
            "tests/roles/test_fingerprints.py",
            "tests/desk/test_reasons.py",
            "tests/desk/test_stops.py",
            "tests/desk/test_side_by_side.py",
        ),
    ),
    "outbox": Area(
        35,
        (
            "opportunities/core/outbox.py",
            "opportunities/messaging/delivery.py",
            "opportunities/messaging/notify.py",
            "opportunities/webhooks/event_log.py",
            "opportunities/webhooks/sending.py",
        ),
        (
            "tests/core/test_outbox.py",
            "tests/messaging/test_delivering.py",
            "tests/messaging/test_kinds.py",
            "tests/api/test_webhooks.py",
            "tests/attacks/test_outgoing.py",
            "tests/matching/introductions/test_telling.py",
        ),
    ),
    "API": Area(
        35,
        (
            "config/contract/asking.py",
            "config/contract/conditions.py",
            "config/contract/gate.py",
            "config/contract/limits.py",
            "config/contract/parsing.py",
            "config/contract/replaying.py",
            "config/contract/scopes.py",
            "opportunities/core/paging.py",
        ),
        (
            "tests/api/test_limits.py",
            "tests/api/test_idempotency.py",
            "tests/api/test_conditions.py",
            "tests/api/test_tokens.py",
            "tests/api/test_listing.py",
            "tests/api/test_parsing.py",
            "tests/core/test_paging.py",
        ),
    ),
    "wording": Area(
        30,
        ("opportunities/roles/wording.py",),
        (
            "tests/roles/test_wording.py",
            "tests/roles/test_role_fields.py",
        ),
    ),
    "gates": Area(
        20,
        ("matching/engine/gates.py", "matching/engine/calendars.py", "matching/engine/placing.py"),
        (
            "tests/matching/engine/test_golden.py",
            "tests/matching/engine/test_calendars.py",
            "tests/matching/engine/test_places.py",
        ),
    ),
}  # fmt: skip
