"""Plan a path in a browser, with and without script, on a telephone and on a desk."""

import pytest
from playwright.sync_api import expect

from matching.models import CandidatePlan
from opportunities.accounts.models import Draft
from tests.factories import OpportunityFactory


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_plan_is_taken_on_prepared_and_undone(market, visit, script, width):
    for title in ("Trace a river", "Name the stars", "Weigh a bridge"):
        OpportunityFactory(open=True, title=title)
    OpportunityFactory(open=True, internship=True, title="Harbour intern")
    CandidatePlan.objects.all().delete()
    page = visit(script=script, width=width, user=market.candidate)

    page.goto("/paths/")
    page.get_by_role("button", name="Plan the internship").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("One internship")
    expect(page.get_by_text("Apply by").first).to_be_visible()
    expect(page.get_by_text("A letter is drafted.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="Go on with the application").click()
    letter = page.get_by_role("textbox", name="Letter").input_value()
    assert letter in set(Draft.objects.values_list("text", flat=True))
    page.go_back()
    page.get_by_role("button", name="Undo this plan").click()

    expect(page.get_by_text("The plan is gone")).to_be_visible()
    expect(page.get_by_text("No plan yet.")).to_be_visible()
    assert not Draft.objects.exists()
