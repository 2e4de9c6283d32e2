"""A newcomer tells what matters, with script and without, on a phone and on a desk."""

from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from tests.candidates.hostile_files import written
from tests.factories import (
    OpportunityFactory,
    OpportunitySkillFactory,
    SkillAliasFactory,
    SkillFactory,
)
from tests.journeys.browser.looking import OVERFLOW
from tests.journeys.browser.test_walks import SCRIPT

pytestmark = pytest.mark.django_db(transaction=True)
CV = "Ana Baker\nKept the accounts of a club in Ledger Craft\nSkills: spreadsheets"


@SCRIPT
@pytest.mark.parametrize("width", [390, 1280])
def test_who_answers_data_and_design_sees_data_and_design_first(market, visit, script, width):
    for number in range(4):
        for field in ("design", "events", "law"):
            OpportunityFactory(open=True, field=field, title=f"{field.capitalize()} role {number}")
    skill = SkillFactory(slug="ledger-craft", name="Ledger Craft")
    SkillAliasFactory(skill=skill, text="Ledger Craft", normalized="ledger craft")
    OpportunitySkillFactory(opportunity=market.roles[0], skill=skill)
    page = visit(script=script, width=width)
    page.goto("/")
    page.get_by_role("link", name="Find roles that fit").click()

    page.get_by_label("Data and analysis").check()
    page.get_by_label("Design").check()
    only = page.locator("label.opt", has_text="Only these")
    if script:
        expect(only).to_contain_text("roles")
    page.get_by_role("button", name="Continue").click()

    page.get_by_text("Find them in your CV").click()
    page.set_input_files(
        "#file", {"name": "cv.pdf", "mimeType": "application/pdf", "buffer": written(CV)}
    )
    page.get_by_role("button", name="Find my skills").click()
    expect(page.get_by_role("heading", name="Found in your CV")).to_be_visible()
    expect(page.get_by_text("Kept the accounts of a club in Ledger Craft")).to_be_visible()
    expect(page.get_by_label("Ledger Craft: basics")).to_be_checked()
    page.get_by_label("Ledger Craft: sure").check()
    page.get_by_label("To learn: Spreadsheets").check()
    if script:
        assert page.evaluate(OVERFLOW) <= 0
    page.get_by_role("button", name="Continue").click()

    for value in ("20", "now", "remote", "any"):
        page.locator(f"input[value='{value}']").check()
        page.get_by_role("button", name="Continue").click()

    expect(page.get_by_role("heading", name="Your matches")).to_be_visible()
    titles = page.locator("#match-list h3").all_inner_texts()
    assert len(titles) == 10
    assert not [title for title in titles[:7] if title.startswith(("Events", "Law"))], titles
    page.goto("/start/check/")
    expect(page.get_by_text("Ledger Craft (sure)")).to_be_visible()


def test_what_was_chosen_last_holds_whatever_is_under_way(market, visit):
    page = visit()
    page.goto("/start/field/")
    answers = []

    def later(route):
        answers.append(route)
        if len(answers) > 1:  # the first one comes back last of all
            route.continue_()

    page.route("**/start/field/", later)
    page.get_by_label("Design").check()
    page.wait_for_function("document.querySelector('.htmx-request') !== null")
    page.get_by_label("Only these").check()
    expect(page.locator("label.opt", has_text="Only these")).to_contain_text("role")
    assert page.evaluate("document.activeElement.value") == "only"
    with suppress(Error):  # nobody waits for it any more
        answers[0].continue_()

    expect(page.get_by_label("Only these")).to_be_checked()


@pytest.mark.parametrize("language", ["en-GB", "de"])
def test_no_name_of_a_skill_is_broken_inside_a_word_on_a_phone(market, visit, language):
    for number, name in enumerate(("Communication", "Spreadsheets", "Social networking")):
        skill = SkillFactory(slug=f"long-{number}", name=name)
        OpportunitySkillFactory(opportunity=market.roles[0], skill=skill)
    page = visit(script=False, width=390)
    page.context.set_extra_http_headers({"Accept-Language": language})

    page.goto("/start/skills/")

    lines = page.locator("th bdi").evaluate_all(
        "names => names.map(e => [e.textContent, e.getClientRects().length])"
    )
    assert [[name, count] for name, count in lines if count > len(name.split())] == []
    assert {"Communication", "Spreadsheets", "Social networking"} <= {name for name, _ in lines}
