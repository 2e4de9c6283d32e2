"""Candidates write amounts as employers do: with a sign, a comma or the words of a currency."""

import pytest

from tests.factories import CandidateProfileFactory, OpportunityFactory

pytestmark = pytest.mark.django_db
PAGE = "/me/profile/"


@pytest.fixture
def profile(client):
    made = CandidateProfileFactory(rate_floor_minor=1_550, rate_target_minor=None)
    client.force_login(made.user)
    return made


def sent(client, **amounts):
    form = client.get(PAGE).context["form"]
    shown = {box.html_name: box.value() for box in form if box.value() is not None}
    del shown["weeks"]
    return client.post(PAGE, shown | amounts)


@pytest.mark.parametrize(
    ("written", "minor"),
    [("£15", 1_500), ("15,50", 1_550), ("15.50 GBP", 1_550), ("1,500", 150_000), ("", None)],
)
def test_an_amount_is_taken_as_people_write_it(client, profile, written, minor):
    assert sent(client, rate_target=written).status_code == 302

    profile.refresh_from_db()
    assert (profile.rate_floor_minor, profile.rate_target_minor) == (1_550, minor)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("€15", "This says €, but the currency is British Pound."),
        ("a lot", "Write an amount as a number, such as 15.50."),
        ("1,5,0", "Write an amount as a number, such as 15.50."),
        ("1" * 31, "At most 30 characters; this has 31."),
        ("1" * 30, "This must lie between 1 and 100,000,000."),
        ("-3", "This must lie between 1 and 100,000,000."),
    ],
)
def test_a_wrong_amount_is_said_at_its_box(client, profile, written, told):
    answer = sent(client, rate_target=written)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"rate_target": [told]}


def test_an_amount_stands_as_its_reader_writes_it(client, profile):
    page = client.get(PAGE, headers={"Accept-Language": "de"})

    assert page.context["form"]["rate_floor"].value() == "15,50"


@pytest.mark.parametrize("written", ["15", "£15", "15,00", "15.00 GBP"])
def test_the_least_pay_of_a_list_is_read_alike(client, written):
    OpportunityFactory(open=True, title="Well paid", hourly_minor=1_500)
    OpportunityFactory(open=True, title="Badly paid", hourly_minor=1_499)

    page = client.get("/opportunities/", {"pay_hour_min": written}).text

    assert "Well paid" in page
    assert "Badly paid" not in page
