"""From "Post a role" to "Sent for review" in Chromium, with script on and off.

``TYPING`` in the environment is the pause after each key in milliseconds: with 250 the walk is
typed at 40 words a minute, and ``-s`` says how long it took.
"""

import os
import re
import time

import pytest
from django.core import mail
from playwright.sync_api import expect

from opportunities.roles.models import Opportunity
from opportunities.skills.models import Skill
from tests.factories import ExchangeRateFactory, PayFloorFactory, SkillAliasFactory
from tests.journeys.browser.looking import OVERFLOW
from tests.journeys.browser.test_walks import SCRIPT

pytestmark = pytest.mark.django_db(transaction=True)

TYPING = int(os.environ.get("TYPING", "0"))
MOST_PAGES = 4
ROLE = {
    "#id_title": "Survey analyst",
    "#id_description": "You clean the answers of our visitor survey, count them and write up"
    " what the board should know. A good result is four pages with a table for each question.",
    "#id_hours_total": "20",
    "#id_weeks": "2",
    "#id_pay_amount": "420",
    "#id_country": "UK",
    "#id_organization": "Harbour Studio",
    "#id_work_email": "ada@harbour.example",
}


def write(page, box, words):
    if TYPING:
        page.locator(box).press_sequentially(words, delay=TYPING, timeout=600_000)
    else:
        page.locator(box).fill(words)


@SCRIPT
@pytest.mark.parametrize("width", [390, 1280])
def test_a_visitor_posts_a_micro_internship_in_four_pages(market, visit, script, width):
    page, pages = visit(script=script, width=width), []
    page.goto("/")
    page.on("load", lambda loaded: pages.append(loaded.url.split("?")[0]))
    began = time.monotonic()

    page.get_by_role("main").get_by_role("link", name="Post a role").click()
    for box, words in ROLE.items():
        write(page, box, words)
    assert page.evaluate(OVERFLOW) <= 0
    page.get_by_role("button", name="Send for review").click()
    expect(page.get_by_label("Email")).to_have_value("ada@harbour.example")
    write(page, "#id_password1", "small steps, firm ground")
    page.get_by_role("button", name="Create an account").click()
    page.wait_for_url("**/accounts/confirm-email/**")
    [letter] = [sent for sent in mail.outbox if "ada@harbour.example" in sent.to]
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", letter.body, re.MULTILINE)
    write(page, "input[name=code]", code.group(1))
    page.get_by_role("button", name="Continue").click()

    expect(page.get_by_text("Sent for review.")).to_be_visible()
    took = time.monotonic() - began
    role = Opportunity.objects.get(title="Survey analyst")
    assert role.status == "in_review"
    assert (role.country, role.pay_currency, role.hours_per_week) == ("GB", "GBP", 10)
    assert role.employer.is_verified
    assert len(pages) <= MOST_PAGES, pages
    print(f"\n{len(pages)} pages, {took:.0f} s with {TYPING} ms a key")  # noqa: T201  (the figure that -s asks for)


def test_the_role_and_its_help_follow_while_one_types(market, visit):
    PayFloorFactory(country="DE", currency="EUR", hourly_minor=1282)
    ExchangeRateFactory(currency="EUR", rate="0.85")
    page = visit()
    page.goto("/employer/roles/new/")
    beside = page.locator("#beside")

    page.locator("#id_title").press_sequentially("Survey analyst", delay=20)
    expect(beside.get_by_role("heading", name="Survey analyst")).to_be_visible()
    page.locator("#id_hours_total").fill("20")
    page.locator("#id_weeks").fill("2")
    page.locator("#id_pay_amount").fill("420")

    expect(beside.get_by_text("£21", exact=True).first).to_be_visible()
    assert page.locator("#id_pay_amount").evaluate("e => e === document.activeElement")
    page.locator("#id_country").fill("Deutschland")
    expect(beside.get_by_text("Floor, Germany")).to_be_visible()
    expect(beside.get_by_text("€12.82 an hour")).to_be_visible()
    page.locator("#id_pay_currency").fill("Euro")
    expect(beside.get_by_text("€21", exact=True).first).to_be_visible()


@SCRIPT
def test_rows_and_skills_are_added_without_losing_a_word(market, visit, script):
    skill = Skill.objects.get(name="Spreadsheets")
    SkillAliasFactory(skill=skill, text="Spreadsheets", normalized="spreadsheets")
    page = visit(script=script, user=market.member)
    page.goto("/employer/roles/new/?open=skills")
    page.locator("#id_title").fill("Archive helper")
    page.get_by_label("Result 1").fill("A list of all letters")

    page.get_by_role("button", name="Add another").first.click()
    expect(page.get_by_label("Result 2")).to_be_visible()
    page.get_by_label("Result 2").fill("A shelf in order")
    page.locator("#skills-find").fill("Spread")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("button", name="Add Spreadsheets").click()
    expect(page.get_by_label("Level of Spreadsheets")).to_be_visible()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()

    role = Opportunity.objects.get(title="Archive helper")
    assert [each.title for each in role.deliverables.order_by("position")] == [
        "A list of all letters", "A shelf in order",
    ]  # fmt: skip
    assert role.skills.get().skill.name == "Spreadsheets"


def test_the_keyboard_alone_posts_a_draft(market, visit):
    page = visit(user=market.member)
    page.goto("/employer/roles/new/")

    page.locator("#id_title").focus()
    page.keyboard.type("Archive helper")
    page.keyboard.press("Tab")  # the chosen format
    assert page.evaluate("document.activeElement.value") == "micro_internship"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == "project_micro_internship"
    page.locator("#id_title").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    assert Opportunity.objects.get(title="Archive helper").format == "project_micro_internship"


def test_a_fault_in_a_closed_section_is_opened_by_its_link(market, visit):
    page = visit(user=market.member)
    page.goto("/employer/roles/new/")
    page.locator("#section-time > summary").click()
    expect(page.locator("#id_hours_total")).to_be_hidden()

    page.locator("#id_title").fill("Archive helper")
    page.locator("#beside").get_by_text("Still missing").click()
    page.get_by_role("link", name="Say how many hours it takes in all").click()

    expect(page.locator("#id_hours_total")).to_be_visible()
