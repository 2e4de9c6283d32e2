"""What somebody types on one device and does not send is found on another."""

import pytest
from playwright.sync_api import expect

from opportunities.accounts.models import Draft
from opportunities.applications.models import Message

pytestmark = pytest.mark.django_db(transaction=True)
LETTER = "It took an hour to write this.\nAnd this."


def kept(page, *, presses, word=""):
    """Press something and wait until it is stored: a text with this word, or that there is none."""

    def is_it(answer):
        sent = answer.request.post_data or ""
        is_kept = word in sent if word else "hour" not in sent
        return answer.url.endswith("/me/drafts/keep/") and is_kept

    with page.expect_response(is_it) as answer:
        presses()
    assert answer.value.status == 204


def test_words_follow_their_writer_to_another_device_and_go_when_sent(market, visit):
    address = f"/applications/{market.application.public_id}/"
    first = visit(user=market.candidate)
    first.goto(address)
    box = first.locator("textarea[name=text]").first
    kept(
        first, presses=lambda: box.press_sequentially(LETTER[:20]) or box.fill(LETTER), word="this"
    )
    assert Draft.objects.get().text == LETTER

    second = visit(user=market.candidate)
    second.goto(address)
    there = second.locator("textarea[name=text]").first
    expect(there).to_have_value(LETTER)
    expect(second.get_by_text("What you wrote on another device is here.")).to_be_visible()
    there.locator("xpath=ancestor::form").get_by_role("button", name="Send").click()
    expect(second.get_by_text("And this.")).to_be_visible()
    assert Message.objects.get().text == LETTER
    assert not Draft.objects.exists()

    third = visit(user=market.candidate)
    third.goto(address)
    expect(third.locator("textarea[name=text]").first).to_have_value("")


def test_what_is_there_already_is_not_overwritten_but_offered(market, visit):
    address = f"/applications/{market.application.public_id}/"
    first = visit(user=market.candidate)
    first.goto(address)
    box = first.locator("textarea[name=text]").first
    kept(first, presses=lambda: box.fill("Written first."), word="first")
    second = visit(user=market.candidate)
    second.goto(address)
    there = second.locator("textarea[name=text]").first
    expect(there).to_have_value("Written first.")
    second.wait_for_timeout(2500)  # the clock decides which is newer
    kept(second, presses=lambda: there.fill("Written second."), word="second")

    first.reload()

    expect(box).to_have_value("Written first.")
    first.get_by_role("button", name="Use that").click()
    expect(box).to_have_value("Written second.")


def test_words_of_a_refused_form_are_not_replaced_by_those_kept_before(market, visit):
    page = visit(user=market.candidate)
    page.goto(f"{market.roles[3].path}apply/")
    box = page.locator("textarea[name=cover_letter]")
    kept(page, presses=lambda: box.fill("It took an hour"), word="hour")
    box.fill(LETTER)

    with page.expect_response("**/me/drafts/here/**"):  # sooner than the pause: no CV is chosen
        page.get_by_role("button", name="Check your answers").click()
    page.wait_for_timeout(200)

    expect(page.get_by_text("There is a problem")).to_be_visible()
    expect(box).to_have_value(LETTER)


def test_discarding_it_on_one_device_removes_it(market, visit):
    address = f"/applications/{market.application.public_id}/"
    page = visit(user=market.candidate)
    page.goto(address)
    box = page.locator("textarea[name=text]").first
    kept(page, presses=lambda: box.fill(LETTER), word="hour")
    page.reload()

    kept(page, presses=lambda: page.get_by_role("button", name="Discard it").click())

    assert not Draft.objects.exists()
    expect(box).to_have_value("")


def test_closing_the_page_at_once_loses_nothing(market, visit):
    page = visit(user=market.candidate)
    page.goto(f"/applications/{market.application.public_id}/")
    page.locator("textarea[name=text]").first.fill(LETTER)
    page.goto("/rules/")  # sooner than the pause after which words are sent
    page.wait_for_timeout(1000)

    assert Draft.objects.get().text == LETTER


def test_without_script_it_stands_on_a_page_of_its_own(market, visit):
    Draft.objects.create(
        writer=market.candidate, page="/me/profile/", form="/me/profile/", name="about",
        box="id_about", title="Your profile", text=LETTER,
        changed_at=market.application.submitted_at,
    )  # fmt: skip
    page = visit(user=market.candidate, script=False)
    page.goto("/me/")
    page.get_by_role("link", name="Drafts").click()

    expect(page.get_by_label("What you wrote")).to_have_value(LETTER)
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("Nothing: all that you wrote has been sent.")).to_be_visible()


def test_an_answer_on_its_way_does_not_bring_back_what_was_discarded(market, visit):
    page = visit(user=market.candidate)
    page.goto(f"/applications/{market.application.public_id}/")
    box = page.locator("textarea[name=text]").first
    kept(page, presses=lambda: box.fill(LETTER), word="hour")
    held = []
    page.route("**/me/drafts/here/**", lambda route: held.append((route, route.fetch())))
    page.reload()

    while not held:
        page.wait_for_timeout(50)
    kept(page, presses=lambda: page.get_by_role("button", name="Discard it").click())
    route, answer = held[0]
    assert LETTER.splitlines()[0] in answer.text()
    with page.expect_response("**/me/drafts/here/**"):
        route.fulfill(response=answer)
    page.wait_for_timeout(200)

    expect(box).to_have_value("")


def test_a_box_that_was_emptied_and_sent_at_once_stays_empty(market, visit):
    page = visit(user=market.candidate)
    page.goto(f"{market.roles[3].path}apply/")
    box = page.locator("textarea[name=cover_letter]")
    kept(page, presses=lambda: box.fill(LETTER), word="hour")
    check = page.get_by_role("button", name="Check your answers")
    check.click()  # refused: no CV is chosen
    expect(box).to_have_value(LETTER)

    box.fill("")
    with page.expect_response("**/me/drafts/here/**"):  # sooner than the pause
        check.click()
    page.wait_for_timeout(200)

    expect(page.get_by_text("There is a problem")).to_be_visible()
    expect(box).to_have_value("")
    assert not Draft.objects.exists()
