"""The calendar of a profile: by keys, by a pointer, and without script."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from opportunities.candidates.calendar_weeks import WEEK, monday_of

pytestmark = pytest.mark.django_db(transaction=True)


def monday(number):
    return monday_of(timezone.now().date()) + number * WEEK


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. Your matches follow")).to_be_visible()


def test_arrows_mark_weeks_and_a_number_stands_in_all_of_them(market, visit):
    page = visit(user=market.candidate)
    page.goto("/me/profile/")
    weeks = page.locator("input[name=weeks]")

    weeks.nth(3).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("Weeks marked: 3")).to_be_visible()
    page.keyboard.type("12")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("0")
    save(page)

    market.profile.refresh_from_db()
    until = (monday(6) + timedelta(days=6)).isoformat()
    assert market.profile.weekly_hours == [
        {"from": monday(4).isoformat(), "until": until, "hours": 12.0}
    ]
    assert market.profile.blocked_weeks == [monday(7)]


def test_tab_leads_from_marked_weeks_to_the_button_that_takes_them(market, visit):
    page = visit(user=market.candidate)
    page.goto("/me/profile/")
    page.get_by_label("Hours a week").focus()

    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Away")).to_be_focused()
    expect(page.get_by_text("Weeks marked: 2")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("input[name=weeks]").nth(2)).to_be_focused()
    save(page)

    market.profile.refresh_from_db()
    assert market.profile.blocked_weeks == [monday(1), monday(2)]


def test_a_pointer_drawn_over_weeks_marks_them_for_a_button(market, visit):
    page = visit(user=market.candidate)
    page.goto("/me/profile/")
    cells = page.locator("label.week")
    cells.nth(1).scroll_into_view_if_needed()
    first, last = cells.nth(2).bounding_box(), cells.nth(4).bounding_box()

    page.mouse.move(first["x"] + 5, first["y"] + 5)
    page.mouse.down()
    page.mouse.move(last["x"] + 5, last["y"] + 5, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="Away").click()
    save(page)

    market.profile.refresh_from_db()
    assert market.profile.blocked_weeks == [monday(2), monday(3), monday(4)]


def test_without_script_boxes_and_two_dates_do_the_same(market, visit):
    page = visit(user=market.candidate, script=False)
    page.goto("/me/profile/")
    page.locator("input[name=weeks]").nth(1).fill("0")
    page.get_by_text("Set several weeks at once").click()
    page.locator("#span-from").fill(monday(3).isoformat())
    page.locator("#span-until").fill(monday(4).isoformat())
    page.locator("#span-hours").fill("8")
    page.get_by_role("button", name="Fill these weeks").click()
    expect(page.locator("input[name=weeks]").nth(4)).to_have_value("8")
    save(page)

    market.profile.refresh_from_db()
    assert market.profile.blocked_weeks == [monday(1)]
    assert [part["from"] for part in market.profile.weekly_hours] == [monday(3).isoformat()]
