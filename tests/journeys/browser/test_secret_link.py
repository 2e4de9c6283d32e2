"""A guest keeps answers, roles and searches, and finds them elsewhere by a secret link."""

import pytest
from playwright.sync_api import expect

from opportunities.candidates.models import CandidateProfile
from tests.journeys.browser.test_walks import SCRIPT

pytestmark = pytest.mark.django_db(transaction=True)


def answer_six_questions(page):
    page.goto("/start/field/")
    page.locator("input[value='data']").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("To learn: Spreadsheets").check()
    page.get_by_role("button", name="Continue").click()
    for value in ("40", "now", "remote", "any"):
        page.locator(f"input[value='{value}']").check()
        page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Your matches")).to_be_visible()


def make_link(page):
    page.goto("/keep/")
    page.get_by_role("button", name="Make a secret link").click()
    return page.locator("#link").inner_text()


@SCRIPT
def test_answers_are_found_again_in_a_second_browser_that_was_asked(market, visit, script):
    page = visit(script=script)
    answer_six_questions(page)
    link = make_link(page)
    secret = link.rstrip("/").rsplit("/", 1)[1]

    other = visit(script=script)
    told = []
    other.on("request", lambda sent: told.append(sent.headers.get("referer", "")))
    other.goto(link)
    expect(other.get_by_role("heading", name="Open this profile in this browser?")).to_be_visible()
    assert secret not in other.url
    assert secret not in other.content()
    untouched = other.context.new_page()
    untouched.goto("/keep/")
    expect(untouched.get_by_text("Nothing to keep yet")).to_be_visible()
    other.get_by_role("button", name="Open it here").click()

    expect(other.get_by_role("heading", name="Your matches")).to_be_visible()
    other.goto("/me/profile/")
    expect(other.get_by_role("heading", name="Your profile")).to_be_visible()
    assert not [referrer for referrer in told if secret in referrer]


@SCRIPT
@pytest.mark.parametrize("width", [390, 1280])
def test_the_link_is_copied_whole(market, visit, script, width):
    page = visit(script=script, width=width)
    answer_six_questions(page)
    link = make_link(page)

    copy = page.get_by_role("button", name="Copy")
    if not script:
        expect(copy).to_be_hidden()
        expect(page.locator("#link")).to_have_css("user-select", "all")
    else:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        copy.click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == link


@SCRIPT
def test_a_profile_moves_to_the_account_that_opens_its_link(market, visit, script):
    page = visit(script=script)
    answer_six_questions(page)
    link = make_link(page)

    theirs = visit(script=script, user=market.moderator)
    theirs.goto(link)
    theirs.get_by_role("button", name="Move it").click()

    expect(theirs.get_by_text("It is all in your account now")).to_be_visible()
    assert CandidateProfile.objects.of(market.moderator).exists()


@SCRIPT
def test_a_guest_saves_a_role_without_leaving_the_list(market, visit, script):
    page = visit(script=script)
    answer_six_questions(page)
    title = page.locator("article[data-card] h2, article[data-card] h3").first.inner_text()

    page.get_by_role("button", name="Save").first.click()

    expect(page.get_by_text("It is kept for this browser")).to_be_visible()
    expect(page.get_by_role("heading", name="Your matches")).to_be_visible()
    page.goto("/saved/")
    expect(page.get_by_role("link", name=title)).to_be_visible()


@SCRIPT
def test_a_guest_keeps_a_search_and_lets_it_go(market, visit, script):
    page = visit(script=script)
    page.goto("/alerts/new/?field=data")
    page.get_by_label("Name of this search").fill("Data by the sea")
    page.get_by_role("button", name="Save this search").click()

    expect(page.get_by_text("The search is saved")).to_be_visible()
    expect(page.get_by_role("heading", name="Browse roles")).to_be_visible()
    assert page.url.endswith("/opportunities/?field=data")
    page.goto("/saved/")
    expect(page.get_by_role("link", name="Data by the sea")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No search yet")).to_be_visible()


@SCRIPT
def test_what_a_guest_saved_comes_along_with_the_link(market, visit, script):
    page = visit(script=script)
    role = market.roles[1]
    page.goto(f"/opportunities/{role.slug}-{role.public_id}/")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Saved")).to_be_visible()
    page.goto("/keep/")
    page.get_by_role("button", name="Make a secret link").click()
    link = page.locator("#link").inner_text()

    other = visit(script=script)
    other.goto(link)
    other.get_by_role("button", name="Open it here").click()
    other.goto("/saved/")

    expect(other.get_by_role("link", name=role.title)).to_be_visible()
