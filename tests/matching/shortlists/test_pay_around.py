"""What others pay stands in the currency of the role beside which it stands."""

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string

from matching.templatetags.shortlists import pay_around
from tests.factories import ExchangeRateFactory, OpportunityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _paid():
    cache.clear()
    for pounds in (10, 12, 20):
        OpportunityFactory(open=True, hourly_minor=pounds * 100)
    yield
    cache.clear()


def said_beside(role) -> str:
    return render_to_string("matching/shortlists/_pay_around.html", pay_around(role))


def test_others_are_told_in_the_currency_of_the_role():
    ExchangeRateFactory(currency="EUR", rate="0.8")

    assert "a median of €15" in said_beside(OpportunityFactory(pay_currency="EUR"))
    assert "a median of £12" in said_beside(OpportunityFactory(pay_currency="GBP"))
    assert "a median of £12" in said_beside(OpportunityFactory.build(pay_currency=""))


def test_nothing_is_told_in_a_currency_of_which_no_rate_is_known():
    assert said_beside(OpportunityFactory(pay_currency="CHF")).strip() == ""
