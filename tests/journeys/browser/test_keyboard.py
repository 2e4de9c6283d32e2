"""The keyboard alone: what Enter and Escape do, and where focus goes."""

import pytest
from playwright.sync_api import expect

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
        expect(page.get_by_text("not for you?")).to_have_count(0)


def test_a_role_that_was_hidden_and_recalled_is_shown_where_it_stood(market, visit):
    page = visit(user=market.candidate)
    page.goto("/matches/")
    titles = page.locator("article[data-card] h3").all_inner_texts()
    page.locator("article[data-card]").nth(1).get_by_role("link", name="Not for me").press("Enter")
    page.get_by_label("The pay").press("Space")
    page.get_by_role("button", name="Hide it").press("Enter")
    page.get_by_role("button", name="Undo").press("Enter")

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
