"""The three people at work in Chromium, with script on and off."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from opportunities.importing import tasks
from opportunities.importing.models import ImportJob
from opportunities.moderation.models import ReportReason
from opportunities.moderation.outcomes import OUTCOMES
from opportunities.roles.publishing import submitting
from tests.desk.minute import let_the_minute_pass
from tests.factories import AppealFactory, DecisionFactory, OpportunityFactory, ReportFactory
from tests.journeys.browser.looking import RULES
from tests.roles.test_checks import LONG as POSTING

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script on", "script off"])


@SCRIPT
def test_six_answers_and_eight_pages_lead_to_explained_matches(market, visit, script):
    page = visit(script=script)
    loads = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    answers = 0

    page.goto("/")
    page.get_by_role("link", name="Find roles that fit").click()
    for value in ("data", "", "40", "now", "remote", "any"):
        if value:
            page.locator(f"input[value='{value}']").check()
        else:
            page.get_by_label("Spreadsheets: some practice").check()
        page.get_by_role("button", name="Continue").click()
        answers += 1

    assert page.get_by_role("heading", name="Your matches").is_visible()
    assert page.locator("article[data-card]").count() >= 3
    assert "fit" in page.locator(".fit").first.inner_text()
    assert answers <= 6
    assert len(loads) <= 8
    assert "/accounts/" not in " ".join(loads)


@SCRIPT
def test_a_candidate_applies_and_sees_where_it_stands(market, visit, script):
    page = visit(script=script, user=market.candidate)
    role = market.roles[1]

    page.goto(f"/opportunities/{role.slug}-{role.public_id}/")
    page.get_by_role("link", name="Apply", exact=True).click()
    page.get_by_label("Your name").fill("Ana Baker")
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    found = Axe().run(page, options=RULES).response["violations"] if script else []
    page.get_by_role("button", name="Change Your name").click()
    page.get_by_label("Your name").fill("Ana Baker-Lee")
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_text("Ana Baker-Lee")).to_be_visible()
    page.get_by_role("button", name="Send application").click()

    assert not found, found
    assert page.get_by_role("heading", name="What happened when").is_visible()
    assert "promised an answer by" in page.locator("main").inner_text()


@SCRIPT
def test_the_way_to_an_employers_own_site_opens_beside_this_one(market, visit, script):
    page, role = visit(script=script), market.roles[1]
    market.employer.domain = "harbour.example"
    market.employer.save(update_fields=["domain"])
    role.apply_url, role.version = "https://jobs.harbour.example/7", role.version + 1
    role.save(update_fields=["apply_url", "version"])
    page.context.route(
        "https://jobs.harbour.example/**",
        lambda route: route.fulfill(body="<h1>Theirs</h1>", content_type="text/html"),
    )

    page.goto(f"/opportunities/{role.slug}-{role.public_id}/")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Apply on jobs.harbour.example").click()
    tab = opened.value
    tab.wait_for_url("https://jobs.harbour.example/7")

    assert tab.get_by_role("heading", name="Theirs").is_visible()
    assert (tab.evaluate("document.referrer"), tab.evaluate("window.opener")) == ("", None)
    assert role.title in page.locator("h1").inner_text()
    assert role.external_clicks.get().count == 1


@SCRIPT
@pytest.mark.parametrize("first", ["candidate", "employer"])
def test_both_sides_complete_the_work_whoever_begins(market, visit, script, first):
    ways = {
        "candidate": (market.candidate, "/applications/"),
        "employer": (market.member, "/employer/applications/"),
    }
    second = {"candidate": "employer", "employer": "candidate"}[first]
    begins, ends = [
        (visit(script=script, user=ways[who][0]), ways[who][1]) for who in (first, second)
    ]

    page, there = begins
    page.goto(f"{there}{market.taken.public_id}/")
    page.get_by_text("Write down what was done").click()
    page.get_by_label("First day").fill((timezone.localdate() - timedelta(9)).isoformat())
    page.get_by_label("Last day").fill(timezone.localdate().isoformat())
    page.get_by_label("Hours worked").fill("5000")
    page.get_by_label("What was done").fill("A film of four minutes.")
    page.get_by_label("Spreadsheets: level shown").select_option("sure")
    page.get_by_role("button", name="Write down and sign").click()
    fault = page.get_by_role("link", name="Hours worked: Hours lie between")
    expect(fault).to_be_visible()
    expect(page.get_by_label("What was done")).to_have_value("A film of four minutes.")
    found = Axe().run(page, options=RULES).response["violations"] if script else []
    page.get_by_label("Hours worked").fill("20")
    page.get_by_role("button", name="Write down and sign").click()
    expect(page.get_by_text("You have signed.")).to_be_visible()
    page, there = ends
    page.goto(f"{there}{market.taken.public_id}/")
    page.get_by_role("button", name="Sign: this is what was done").click()

    expect(page.get_by_role("heading", name="Your feedback")).to_be_visible()
    assert found == []
    market.taken.refresh_from_db()
    assert market.taken.status == "completed"


@SCRIPT
def test_all_reasons_open_in_place_or_on_a_page(market, visit, script):
    page = visit(script=script, user=market.candidate)
    page.goto("/matches/")

    card = page.locator("article[data-card]").nth(1)
    card.get_by_text("All reasons and the comparison").click()
    if not script:
        card.get_by_role("link", name="Open them on a page of their own").click()

    page.get_by_text("The arithmetic").last.wait_for()
    assert page.get_by_text("The arithmetic").last.is_visible()


@SCRIPT
def test_an_employer_hands_a_file_in_and_watches_it(market, visit, script):
    page = visit(script=script, user=market.member)
    rows = b'{"id": "r1", "title": "Chart the tides"}\n{broken\n'

    page.goto("/employer/imports/")
    file = {"name": "roles.ndjson", "mimeType": "application/x-ndjson", "buffer": rows}
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("0 of 2 rows")).to_be_visible()
    tasks.import_roles(job_id=ImportJob.objects.latest("pk").pk)
    if not script:
        page.get_by_role("link", name="Refresh").click()

    expect(page.get_by_text("2 of 2 rows: 1 added")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("is not JSON")


def test_a_moderator_decides_by_keyboard_alone(market, visit):
    page = visit(user=market.moderator)
    page.goto("/moderate/")
    assert page.locator("mark").first.is_visible()

    page.wait_for_load_state("load")
    expect(page.locator("input:checked")).to_have_count(0)
    page.keyboard.press("3")
    expect(page.locator("input[value='reject']")).to_be_checked()
    page.get_by_label("4.1 Candidates never pay").focus()
    page.keyboard.press("Space")
    page.locator("textarea[name='message']").focus()
    page.keyboard.type("Candidates never pay (rule 4.1).")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="Nothing waits").wait_for()
    let_the_minute_pass()
    market.waiting.refresh_from_db()
    assert market.waiting.status == "rejected"


@SCRIPT
def test_a_stop_is_overruled_only_by_name_and_with_a_reason(market, visit, script):
    role, page = market.waiting, visit(script=script, user=market.moderator)
    role.description = "Waiters wanted. We look for female candidates only, to serve our guests."
    role.save(update_fields=["description"])
    role.findings.update(role_version=0)
    address, why = f"/moderate/roles/{role.public_id}/", "The guests live in a women's shelter."
    decide = page.get_by_role("button", name="Decide and stay")

    page.goto(address)
    expect(page.locator("input:checked")).to_have_count(0)
    decide.click()
    expect(page.locator("#errors")).to_contain_text("Choose what you decide")
    page.get_by_label("Publish").check()
    decide.click()
    expect(page.locator("#errors")).to_contain_text("This says stop")
    expect(page.get_by_label("Publish")).to_be_checked()
    page.get_by_label("Overrule: It chooses by gender.").check()
    decide.click()
    expect(page.locator("#errors")).to_contain_text("Say in at least 4 words")
    expect(page.get_by_label("Overrule: It chooses by gender.")).to_be_checked()
    found = Axe().run(page, options=RULES).response["violations"] if script else []
    page.get_by_label("Why it may open all the same").fill(why)
    decide.click()
    expect(page.get_by_text("has decided: approved")).to_be_visible()
    let_the_minute_pass()
    page.goto(address)

    expect(page.get_by_text("Stop overruled")).to_be_visible()
    expect(page.get_by_text(f"Why: {why}")).to_be_visible()
    assert found == []
    role.refresh_from_db()
    assert role.status == "open"


@SCRIPT
def test_a_decision_is_undone_within_its_minute_and_its_words_come_back(market, visit, script):
    page = visit(script=script, user=market.moderator, width=390)
    page.goto("/moderate/")
    page.get_by_label("Reject").check()
    page.get_by_label("5.3").check()
    page.get_by_role("textbox", name="Message").fill("There is no vacancy.")
    page.get_by_role("button", name="Decide and go to next").click()
    expect(page.get_by_role("heading", name="Nothing waits")).to_be_visible()
    expect(page.get_by_text("nobody has been told yet")).to_be_visible()

    if script:
        page.keyboard.press("u")
    else:
        page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("Undone. Nobody was told")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message")).to_have_value("There is no vacancy.")
    expect(page.get_by_label("Reject")).not_to_be_checked()
    assert let_the_minute_pass() == 0
    market.waiting.refresh_from_db()
    assert market.waiting.status == "in_review"
    page.goto("/moderate/log/")
    expect(page.get_by_text("Undone before anybody was told")).to_be_visible()


def test_the_desk_is_worked_by_keys_and_says_which(market, visit):
    page = visit(user=market.moderator)
    other = OpportunityFactory(employer=market.employer, title="Read the gauges")
    submitting.submit(opportunity_id=other.pk, actor=market.member, at=timezone.now())
    page.goto(f"/moderate/roles/{market.waiting.public_id}/")
    expect(page.get_by_text("leave it and open the next in the queue")).to_be_hidden()

    page.keyboard.press("?")
    expect(page.get_by_text("leave it and open the next in the queue")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_text("You hold it until")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Read the gauges")).to_be_visible()
    page.keyboard.press("1")
    expect(page.get_by_label("Publish")).to_be_checked()
    page.keyboard.press("d")
    expect(page.get_by_role("heading", name="Growth helper")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="Read the gauges")).to_be_visible()

    for key in ("k", "j", "k"):
        page.keyboard.press(key)
        above, below = page.locator(".queue a").all()
        expect(below if key == "j" else above).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Growth helper")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Read the gauges")).to_be_visible()

    page.get_by_role("textbox", name="Message").press_sequentially("c n d u ?")
    expect(page.get_by_role("textbox", name="Message")).to_have_value("c n d u ?")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_near_duplicate_stands_beside_what_it_is_like_with_the_differences_marked(
    market, visit, width
):
    pair = []
    for title, text in (
        ("Museum reader", POSTING),
        ("New museum reader", POSTING.replace("last summer", "this spring")),
    ):
        role = OpportunityFactory(employer=market.employer, title=title, description=text)
        submitting.submit(opportunity_id=role.pk, actor=market.member, at=timezone.now())
        pair.append(role)
    page = visit(user=market.moderator, width=width)

    page.goto(f"/moderate/roles/{pair[1].public_id}/")

    beside = page.get_by_role("region", name="Beside a posting")
    expect(beside).to_be_visible()
    expect(beside.get_by_role("link", name="Museum reader", exact=True)).to_be_visible()
    marked = " ".join(beside.locator("mark").all_inner_texts())
    assert "New" in marked
    assert "this spring" in marked
    assert "last summer" in marked
    assert POSTING[:40] not in marked


@SCRIPT
def test_reports_and_appeals_are_answered_on_a_phone(market, visit, script):
    ReportFactory(opportunity=market.roles[0], text="The hours are longer.")
    refusal = DecisionFactory(opportunity=market.roles[1], action="reject")
    AppealFactory(decision=refusal, text="There is a vacancy.")
    page = visit(script=script, user=market.moderator, width=390)

    page.goto("/moderate/reports/")
    page.get_by_label("Your answer").fill("They agree.")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("No report waits.")).to_be_visible()
    page.get_by_role("link", name="Appeals").click()
    page.get_by_label("Your answer").fill("It was shown to us.")
    page.get_by_role("button", name="Uphold the decision").click()

    expect(page.get_by_text("No appeal waits for you.")).to_be_visible()


def test_no_page_of_the_desk_is_wider_than_its_window_or_names_code(market, visit):
    for action in OUTCOMES:
        DecisionFactory(opportunity=market.waiting, action=action)
    for reason in ReportReason:
        ReportFactory(reason=reason)
    AppealFactory()
    page = visit(user=market.moderator)

    for address in market.pages()["moderator"]:
        page.goto(address)
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
            assert not wide, (address, width)
            said = page.locator("main").inner_text()
            assert re.findall(r"[a-z]+_[a-z_]+", said) == [], (address, width)


def test_a_stop_that_nobody_overrules_offers_no_way_round(market, visit):
    page = visit(user=market.moderator)
    page.goto(f"/moderate/roles/{market.waiting.public_id}/")

    expect(page.get_by_text("Nobody can overrule this (rule 4.1).")).to_be_visible()
    expect(page.get_by_label("Overrule:")).to_have_count(0)
    expect(page.get_by_label("Publish")).to_have_count(0)
    expect(page.get_by_text("You cannot choose “Publish”.")).to_be_visible()


def test_what_says_stop_is_named_inside_of_its_box(market, visit):
    page = visit(user=market.moderator)
    page.goto(f"/moderate/roles/{market.waiting.public_id}/")

    box, name = (page.locator(part).bounding_box() for part in ("#stops", "#stops > legend"))

    assert name["y"] >= box["y"] + 8


def test_a_faulty_form_is_answered_with_focus_on_the_summary(market, visit):
    page = visit(user=market.moderator)
    page.goto(f"/moderate/roles/{market.waiting.public_id}/")
    page.locator("input[value='reject']").check()
    page.get_by_role("button", name="Decide and go to next").click()

    page.locator("#errors").wait_for()
    assert page.evaluate("document.activeElement.id") == "errors"


def test_moving_the_slider_swaps_the_verdict_without_leaving_the_page(market, visit):
    page = visit(user=market.candidate)
    page.goto("/paths/")
    before = page.url
    page.locator("#w").fill("90")
    page.locator("#w").dispatch_event("input")

    page.get_by_text("With mentoring at 90").wait_for()
    assert page.url == before


def test_working_through_the_matches_breaks_no_policy_and_logs_nothing(market, visit):
    page, said = visit(user=market.candidate, motion=True), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/matches/")

    card = page.locator("article[data-card]").nth(1)
    card.get_by_text("All reasons and the comparison").click()
    expect(card.get_by_text("The arithmetic").last).to_be_visible()
    card.locator("[data-save]").click()
    expect(card.locator("[data-save]")).to_have_attribute("aria-pressed", "true")
    slider = page.locator("#weights-form input[type=range]").first
    with page.expect_response("**/matches/weights/**"):
        slider.evaluate(
            "(one) => { one.value = 4; one.dispatchEvent(new Event('change', {bubbles: true})); }"
        )
    page.locator("article[data-card]").last.get_by_text("Not for me").click()
    expect(page.get_by_text("not for you?")).to_be_visible()
    page.goto("/paths/")
    page.locator("#w").fill("90")
    page.locator("#w").dispatch_event("input")
    page.get_by_text("With mentoring at 90").wait_for()
    page.go_back()
    expect(page.locator("article[data-card]").first).to_be_visible()

    assert said == []


def newest(page):
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('written:'))")


LETTER = "First line of a letter.\nSecond line, which took an hour."


@SCRIPT
def test_a_refused_message_keeps_its_words_and_is_sent_when_they_are_fewer(market, visit, script):
    page = visit(script=script, user=market.candidate)
    page.goto(f"/applications/{market.application.public_id}/")
    box = page.get_by_role("textbox", name="Message")
    box.fill("word " * 801)
    if script:
        expect(page.locator("#message-most")).to_contain_text("4,004 of 4,000 characters: 4 too")
    page.get_by_role("button", name="Send", exact=True).click()

    expect(page.locator("#message-error")).to_contain_text("1 to 4,000 characters")
    assert page.get_by_role("textbox", name="Message").input_value().startswith("word word")
    found = Axe().run(page, options=RULES).response["violations"] if script else []
    page.get_by_role("textbox", name="Message").fill(LETTER)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Your message was sent.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message")).to_have_value("")
    assert found == []
    if script:
        assert newest(page) == []


@SCRIPT
def test_words_survive_a_session_that_ended_and_are_sent_once_after_signing_in(
    market, visit, script
):
    page = visit(script=script, user=market.candidate)
    page.goto(f"/applications/{market.application.public_id}/")
    cookies = [one for one in page.context.cookies() if one["name"] == "sessionid"]
    page.get_by_role("textbox", name="Message").fill(LETTER)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Send", exact=True).click()

    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    expect(page.get_by_label("What you wrote")).to_have_value(LETTER)
    assert "next=%2Fapplications%2F" in page.get_by_role("link", name="Sign in").last.get_attribute(
        "href"
    )
    found = Axe().run(page, options=RULES).response["violations"] if script else []
    page.context.add_cookies(cookies)
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("Your message was sent.")).to_be_visible()
    assert found == []
    assert [one.text for one in market.application.messages.all()] == [LETTER]
    if script:
        expect(page.get_by_role("textbox", name="Message")).to_have_value("")
        assert newest(page) == []


@SCRIPT
def test_words_survive_a_token_that_another_tab_changed(market, visit, script):
    page = visit(script=script, user=market.candidate)
    page.goto(f"/applications/{market.application.public_id}/")
    page.get_by_role("textbox", name="Message").fill(LETTER)
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Send", exact=True).click()

    expect(page.get_by_label("What you wrote")).to_have_value(LETTER)
    assert not market.application.messages.exists()
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("Your message was sent.")).to_be_visible()


def test_a_crash_and_another_tab_find_the_words_and_signing_out_takes_them_away(market, visit):
    page = visit(user=market.candidate)
    there = f"/applications/{market.application.public_id}/"
    page.goto(there)
    page.get_by_role("textbox", name="Message").fill(LETTER)
    context = page.context
    page.close()

    page = context.new_page()
    page.goto(there)
    expect(page.get_by_role("textbox", name="Message")).to_have_value(LETTER)
    expect(page.get_by_text("did not send is back")).to_be_visible()
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_role("textbox", name="Message")).to_have_value("")
    page.get_by_role("textbox", name="Message").fill(LETTER)
    page.get_by_role("button", name="Sign out").click()

    page.wait_for_load_state()
    assert newest(page) == []


@SCRIPT
def test_two_members_who_edit_one_answer_both_see_both(market, visit, script):
    mine, theirs = (visit(script=script, user=market.member) for _ in range(2))
    address = f"/employer/roles/{market.draft.public_id}/edit/"
    mine.goto(address)
    theirs.goto(address)
    theirs.get_by_label("Hours in all").fill("24")
    theirs.get_by_role("button", name="Save draft").click()
    expect(theirs.get_by_text("Saved as a draft.")).to_be_visible()
    mine.get_by_label("Hours in all").fill("36")
    mine.get_by_role("button", name="Save draft").click()

    expect(mine.get_by_text("This was changed to “24” meanwhile").first).to_be_visible()
    assert mine.get_by_label("Hours in all").input_value() == "36"
    mine.get_by_role("button", name="Save draft").click()
    expect(mine.get_by_text("Saved as a draft.")).to_be_visible()
    mine.goto(address)
    assert mine.get_by_label("Hours in all").input_value() == "36"


LONG = "Supercalifragilisticexpialidociousinternshipcoordinatorassistant" * 5


@pytest.mark.parametrize(
    ("title", "direction"),
    [(LONG[:120], "ltr"), ("עוזר משרד Front-end 2027", "rtl"), ("日本語" * 40, "ltr")],
    ids=["one word", "right to left", "no spaces"],
)
def test_nothing_that_people_write_widens_a_page(market, visit, title, direction):
    role = market.roles[1]
    role.title, role.summary, role.description = title, LONG[:200], f"https://example.org/{LONG}"
    role.version += 1
    role.save(update_fields=["title", "summary", "description", "version"])
    market.application.messages.create(
        sender=market.candidate, from_employer=False, text=LONG, at=role.changed_at
    )
    page = visit(width=320, user=market.candidate)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

    for path in (
        "/opportunities/", f"/opportunities/{role.slug}-{role.public_id}/", "/", "/matches/",
        f"/applications/{market.application.public_id}/",
        f"/opportunities/{role.slug}-{role.public_id}/apply/",
    ):  # fmt: skip
        page.goto(path)
        assert page.evaluate(wide) <= 0, path

    page.goto(f"/opportunities/{role.slug}-{role.public_id}/")
    heading = page.locator("h1")
    assert heading.evaluate("e => getComputedStyle(e).direction") == direction


@SCRIPT
def test_an_employer_says_which_york_and_a_candidate_how_far(market, visit, script):
    page = visit(script=script, user=market.member)

    page.goto("/employer/roles/new/")
    page.get_by_label("Title").fill("Archive helper")
    page.get_by_label("Where the work is done").select_option("onsite")
    if script:
        box = page.get_by_role("combobox", name="Place", exact=False).first
        box.press_sequentially("Lee")
        offered = page.locator("#id_place-places option[value='Leeds, United Kingdom']")
        expect(offered).to_have_count(1)
        box.fill("")
    page.locator("#id_place").fill("York")
    page.locator("#id_country").fill("")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Which York?")).to_be_visible()
    page.get_by_label("York, England, United Kingdom").check()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    expect(page.locator("#id_place")).to_have_value("York, United Kingdom")
    expect(page.locator("#id_country")).to_have_value("United Kingdom")

    page = visit(script=script, user=market.candidate)
    page.goto("/me/profile/")
    page.locator("#id_regions").fill("Springfield, 12 km; Leeds")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Which Springfield?")).to_be_visible()
    page.get_by_label("Springfield, Illinois, United States").check()
    page.get_by_role("button", name="Save", exact=True).click()
    kept = "Springfield, Illinois, United States, 12 km; Leeds"
    expect(page.locator("#id_regions")).to_have_value(kept)
