"""Numbers, money, days and lists as each language says them, and the texts of the script."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation

from opportunities.core import clock, languages, lifecycle
from opportunities.core.iso_names import countries
from opportunities.core.lifecycle import ApplicationStatus, RoleStatus
from opportunities.core.templatetags.languages import SAID_BY_SCRIPT
from opportunities.moderation.outcomes import OUTCOMES

ROOT = Path(settings.BASE_DIR)
DAY = date(2026, 3, 2)
BOTH = pytest.mark.parametrize("language", ["en-gb", "de"])


@pytest.mark.parametrize(
    ("language", "minor", "currency", "said"),
    [
        ("en-gb", 42000, "GBP", "£420"), ("de", 42000, "GBP", "420 £"),
        ("en-gb", 1520, "GBP", "£15.20"), ("de", 1520, "EUR", "15,20 €"),
        ("en-gb", 30000, "CHF", "300 CHF"), ("de", 123456789, "CHF", "1.234.567,89 CHF"),
        ("en-gb", 5000, "JPY", "¥5,000"), ("de", Decimal("1234.5"), "BHD", "1,234 BHD"),
    ],
)  # fmt: skip
def test_money(language, minor, currency, said):
    with translation.override(language):
        assert languages.money(minor, currency) == said


def test_numbers_and_lists():
    with translation.override("de"):
        assert languages.number(1234.5) == "1.234,5"
        assert languages.number(2, places=1) == "2,0"
        assert languages.listed(["a"]) == "a"
        assert languages.listed(["a", "b"], alternatives=True) == "a oder b"
    with translation.override("en-gb"):
        assert languages.number(1234.5) == "1,234.5"
        assert languages.listed(["a", "b", "c"]) == "a, b and c"


def test_a_text_of_a_template_is_said_to_each_reader_in_their_language():
    page = Template(
        '{% load i18n %}{% translate "Save" context "a role" %}|{% translate "Browse roles" %}|'
        '{% translate word %}|{% translate "100 %" %}|{% translate "Saved" as kept %}{{ kept }}|'
        '{% translate "Browse roles" noop %}|{% translate "a <b>" %}'
    )

    def said(language, word):
        with translation.override(language):
            return page.render(Context({"word": word}))

    english = "Save|Browse roles|{}|100 %|Saved|Browse roles|a <b>"
    german = "Merken|Stellen durchstöbern|{}|100 %|Gemerkt|Browse roles|a <b>"
    for _ in range(2):
        assert said("en-gb", "Notices") == english.format("Notices")
        assert said("de", "Notices") == german.format("Mitteilungen")
        assert said("de", "Rules") == german.format("Regeln")
        assert said(None, "Rules") == english.format("Rules")


def test_equal_numbers_and_moments_are_not_taken_for_each_other():
    moment = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    tokyo = moment.astimezone(clock.zone_of("Asia/Tokyo"))
    with translation.override("en-gb"):
        assert [languages.number(-0.0), languages.number(0)] == ["0", "0"]
        assert [languages.number(2), languages.number(2.0, places=1)] == ["2", "2.0"]
        assert languages.day(moment, "j M, H:i") == "2 Mar, 23:30"
        assert languages.day(tokyo, "j M, H:i") == "3 Mar, 08:30"
    with translation.override("de"):
        assert languages.number(2.5) == "2,5"
        assert languages.day(DAY, "D j M") == "Mo, 2. Mär"
    with translation.override("en-gb"):
        assert languages.number(2.5) == "2.5"
        assert languages.day(DAY, "D j M") == "Mon 2 Mar"


def test_days_are_written_in_the_order_of_the_language():
    page = Template('{{ day|date:"l j F Y" }} · {{ day|date:"Y-m-d" }}')
    with translation.override("de"):
        assert languages.day(DAY, "D j M") == "Mo, 2. Mär"
        assert page.render(Context({"day": DAY})) == "Montag, 2. März 2026 · 2026-03-02"
        assert clock.day_said(DAY, clock.zone_of("Europe/London")) == "Mo, 2. Mär, Ortszeit London"
    with translation.override("en-gb"):
        assert languages.day(DAY, "D j M") == "Mon 2 Mar"
        assert page.render(Context({"day": DAY})) == "Monday 2 March 2026 · 2026-03-02"


@BOTH
@pytest.mark.parametrize("pattern", languages.PATTERNS)
def test_a_day_has_the_same_numbers_in_each_language(language, pattern):
    moment = datetime(2026, 11, 30, 14, 5, tzinfo=UTC)
    with translation.override("en-gb"):
        numbers = re.findall(r"\d+", languages.day(moment, str(pattern)))
        english = str(pattern)
    with translation.override(language):
        assert re.findall(r"\d+", languages.day(moment, english)) == numbers


def test_every_pattern_that_templates_use_is_known():
    known = {str(pattern) for pattern in languages.PATTERNS} | {"c", "Y-m-d", "H:i:s", "j"}
    used = set()
    for path in (*ROOT.glob("opportunities/**/*.html"), *ROOT.glob("matching/**/*.html")):
        source = path.read_text(encoding="utf-8")
        used |= set(re.findall(r"\|(?:date|clock_time):[\"']([^\"']+)[\"']", source))

    assert len(used) > 5
    assert used - known == set()


def test_countries_are_named_and_read_in_the_language():
    with translation.override("de"):
        assert countries().name("AT") == "Österreich"
        assert countries().read("Vereinigtes Königreich") == "GB"
        assert all(countries().read(name) == code for code, name in countries().shown.items())
    with translation.override("en-gb"):
        assert countries().name("AT") == "Austria"


@BOTH
@pytest.mark.parametrize("action", [*lifecycle.ROLE_STEPS, *OUTCOMES])
def test_what_cannot_be_done_to_a_role_is_said_whole(language, action):
    with translation.override(language):
        said = lifecycle.cannot("role", RoleStatus.DRAFT, action)

    start, end = {"en-gb": ("Cannot ", "it is draft."), "de": ("", "Sie ist ein Entwurf.")}[
        language
    ]
    assert said.startswith(start)
    assert said.endswith(end)


def test_every_state_and_step_has_its_words():
    with translation.override("de"):
        for noun, states, action in (
            ("role", RoleStatus, "submit"),
            ("application", ApplicationStatus, "offer"),
        ):
            for status in states:
                with translation.override("en-gb"):
                    english = lifecycle.cannot(noun, status, action)
                told = lifecycle.cannot(noun, status, action)
                assert told.rpartition(" ")[2] != english.rpartition(" ")[2]
        for action in lifecycle.APPLICATION_STEPS:
            said = lifecycle.cannot("application", ApplicationStatus.SUBMITTED, action)
            assert action.replace("_", " ") not in said


def test_the_script_asks_for_what_the_page_brings():
    script = (ROOT / "opportunities/site/static/ui/ui.js").read_text(encoding="utf-8")
    asked = set(re.findall(r'say\("([^"]+)"\)', script))
    chosen = set(re.findall(r'"(\{length\}[^"]+)"', script))

    assert asked
    assert asked | chosen == set(SAID_BY_SCRIPT)
