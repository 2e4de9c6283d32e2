"""The keyboard alone: what Enter and Escape do, and where focus goes."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from opportunities.candidates import saving
from tests.factories import SkillFactory
from tests.journeys.browser.test_walks import SCRIPT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("way", ["Cancel", "Escape"])
def test_a_role_asked_about_by_mistake_stands_in_its_place_again(market, visit, way):
    page = visit(user=market.candidate)
    page.goto("/matches/")
    card = page.locator("article[data-card]").nth(1)
    title = card.get_by_role("heading").first.inner_text()
    hide = card.get_by_role("link", name="Not for me")

    for _ in range(2):
        hide.press("Enter")
        expect(page.get_by_role("heading", name=f"Why is “{title}” not for you?")).to_be_focused()
        page.keyboard.press("Tab")
        if way == "Cancel":
            page.get_by_role("link", name="Cancel").press("Enter")
        else:
            page.keyboard.press("Escape")

        expect(card.get_by_role("heading", name=title)).to_be_visible()
        expect(hide).to_be_focused()
        expect(hide).to_be_in_viewport()
        expect(page.get_by_text("not for you?")).to_have_count(0)


def test_a_role_that_was_hidden_and_recalled_is_shown_where_it_stood(market, visit):
    page = visit(user=market.candidate)
    page.goto("/matches/")
    titles = page.locator("article[data-card] h3").all_inner_texts()
    page.locator("article[data-card]").nth(1).get_by_role("link", name="Not for me").press("Enter")
    expect(page.get_by_role("heading", name="not for you?")).to_be_focused()
    page.get_by_label("The pay").press("Space")
    page.get_by_role("button", name="Hide it").press("Enter")
    expect(page.get_by_text("will not be shown to you again")).to_be_focused()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("is in your list again")).to_be_focused()

    page.get_by_role("link", name="Show it").press("Enter")

    expect(page.locator("article[data-card] h3")).to_have_text(titles)
    expect(
        page.locator("article[data-card]").nth(1).get_by_role("link", name="Not for me")
    ).to_be_focused()


def test_escape_closes_the_menu_of_a_phone(market, visit):
    page = visit(user=market.candidate, width=390)
    page.goto("/saved/")
    menu = page.locator("summary", has_text="Menu")
    menu.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Matches", exact=True)).to_be_focused()

    page.keyboard.press("Escape")

    expect(menu).to_be_focused()
    expect(page.get_by_role("link", name="Matches", exact=True)).to_be_hidden()


def test_tab_stops_at_nothing_that_does_nothing(market, visit):
    page = visit(user=market.candidate)
    for path, words in (("/matches/", "What we go by"), ("/opportunities/", "Filters")):
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path)
            fold = page.locator("summary", has_text=words)
            expect(fold.locator("span").first).to_be_visible()
            fold.focus()
            stops = fold.evaluate("fold => fold === document.activeElement")
            assert stops is (width == 390), (path, width)


@pytest.mark.parametrize("width", [390, 1280])
def test_one_key_leads_past_the_filters(market, visit, width):
    page = visit(width=width)
    page.goto("/opportunities/")
    page.get_by_role("button", name="Search", exact=True).focus()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip the filters")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()

    page.keyboard.press("Enter")

    expect(page.locator("#results-h")).to_be_focused()


@SCRIPT
def test_enter_in_a_box_of_the_profile_keeps_what_was_typed(market, visit, script):
    page = visit(user=market.candidate, script=script)
    page.goto("/me/profile/")
    page.get_by_label("Headline").fill("Counts birds")

    page.get_by_label("Headline").press("Enter")

    expect(page.get_by_text("Saved. Your matches follow")).to_be_visible()
    market.profile.refresh_from_db()
    assert market.profile.headline == "Counts birds"


@SCRIPT
@pytest.mark.parametrize("form", ["/me/profile/", "/employer/roles/{draft}/edit/"])
def test_enter_after_a_skill_finds_it_and_one_goes_on_from_there(market, visit, script, form):
    SkillFactory(name="Tea tasting")
    is_profile = form.startswith("/me/")
    page = visit(user=market.candidate if is_profile else market.member, script=script)
    page.goto(form.format(draft=market.draft.public_id))
    find = page.get_by_label("Find a skill by any of its names").first

    find.fill("tea tasting")
    find.press("Enter")
    add = page.get_by_role("button", name="Add Tea tasting").first
    expect(add).to_be_visible()
    expect(find).to_be_focused()
    expect(page.locator("main > [role=status]")).to_have_count(0)
    add.press("Enter")

    expect(page.get_by_role("button", name="Remove Tea tasting")).to_be_visible()
    expect(find).to_be_focused()


@SCRIPT
def test_one_more_row_of_a_role_is_written_at_once(market, visit, script):
    page = visit(user=market.member, script=script)
    page.goto("/employer/roles/new/")
    for number in (1, 2):
        page.get_by_label(f"Result {number} optional", exact=True).fill(f"Chart {number}")

        page.get_by_role("button", name="Add another").first.press("Enter")

        expect(page.get_by_label(f"Result {number + 1} optional", exact=True)).to_be_focused()
        expect(page.get_by_label("Result 1 optional", exact=True)).to_have_value("Chart 1")


@SCRIPT
def test_enter_in_the_boxes_of_several_weeks_fills_them(market, visit, script):
    page = visit(user=market.candidate, script=script)
    page.goto("/me/profile/")
    week = page.locator("input[name=weeks]").nth(2)
    monday = page.locator("input[name=weeks-first]").get_attribute("value")
    page.get_by_text("Set several weeks at once").press("Enter")
    page.get_by_label("From", exact=True).fill(monday)
    page.get_by_label("Until", exact=True).fill("2099-01-01")
    page.get_by_label("Hours in these weeks").fill("7")

    page.get_by_label("Hours in these weeks").press("Enter")

    expect(week).to_have_value("7")
    expect(page.locator("#id_weeks")).to_be_focused()
    expect(page.get_by_text("Saved. Your matches follow")).to_have_count(0)


@SCRIPT
def test_the_question_of_skills_goes_where_enter_was_pressed(market, visit, script):
    SkillFactory(name="Tea tasting")
    page = visit(script=script)
    page.goto("/start/skills/")
    find = page.get_by_label("Find a skill by any of its names")
    find.fill("zzqx")
    find.press("Enter")
    told = page.get_by_text("No further skill of that name. Try another word.")
    expect(told).to_be_focused()

    find.fill("tea tasting")
    find.press("Enter")
    expect(page.get_by_role("heading", name="Found for “tea tasting”")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Tea tasting: none")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="How many hours a week")).to_be_visible()


def test_after_an_action_the_keyboard_goes_on_from_what_was_done(market, visit):
    page = visit(user=market.candidate)
    for role in market.roles[:2]:
        saving.save_role(owner=market.candidate, opportunity_id=role.public_id, at=timezone.now())
    title = market.roles[1].title
    page.goto("/saved/")

    page.get_by_role("button", name=f"Remove {title}").press("Enter")

    told = page.locator("main > [role=status]")
    expect(told.get_by_role("paragraph")).to_have_text(f"Removed: {title}.")
    expect(told).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="your plans")).to_be_focused()


@pytest.mark.parametrize(
    ("who", "path", "button", "words"),
    [
        ("candidate", "/me/erase/", "Erase everything", "address"),
        ("candidate", "/me/resume/", "Show what it would change", "file"),
        ("member", "/employer/imports/", "Import", "file"),
        ("member", "/employer/paste/", "Read it", "Paste"),
    ],
)
def test_a_refusal_is_where_the_page_begins(market, visit, who, path, button, words):
    page = visit(user=who and getattr(market, who))
    page.goto(path)
    page.evaluate("for (const form of document.forms) form.noValidate = true")  # the site refuses

    page.get_by_role("button", name=button, exact=True).press("Enter")

    told = page.locator("main [role=alert]")
    expect(told).to_contain_text(words)
    expect(told).to_be_focused()


def test_what_was_found_of_a_credential_is_where_the_page_begins(market, visit):
    page = visit()
    page.goto("/credentials/verify/")
    page.get_by_label("Signed credential").fill("eyJ")
    page.get_by_role("button", name="Check", exact=True).press("Enter")

    told = page.locator("main section[role=status]")
    expect(told).to_contain_text("Not ours")
    expect(told).to_be_focused()


@SCRIPT
def test_enter_on_a_mark_decides_about_nobody(market, visit, script):
    page = visit(user=market.member, script=script)
    role = market.application.opportunity
    page.goto(f"/employer/roles/{role.public_id}/applicants/")
    mark = page.get_by_role("checkbox", name="Mark").first
    mark.press("Space")

    mark.press("Enter")

    expect(page.locator("main > [role=status]")).to_have_text("Choose what happens.")
    expect(mark).to_be_checked()
    market.application.refresh_from_db()
    assert market.application.status == "submitted"


def test_a_sign_up_that_is_refused_says_so_first(market, visit):
    page = visit()
    page.goto("/accounts/signup/")
    page.get_by_label("Email address").fill("ana@example.org")
    page.get_by_label("Password").fill("short")

    page.get_by_label("Password").press("Enter")

    expect(page).to_have_title(re.compile("^Error: Create an account"))
    expect(page.locator("#errors")).to_be_focused()
