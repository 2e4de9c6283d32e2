"""Amounts of pay are read as people write them, and what is wrong with one stands at its box."""

import pytest
from django.http import QueryDict
from django.utils import translation

from opportunities.roles.views.sections import RoleForm


def form_of(amount: str, currency: str = "EUR", language: str = "en-gb"):
    with translation.override(language):
        data = QueryDict(mutable=True)
        data.update({"pay_amount": amount, "pay_currency": currency})
        form = RoleForm(data, draft={})
        form.full_clean()
    return form


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("15,50 €", "15.50"), ("€15.50", "15.50"), ("€ 15,5", "15.5"), ("EUR 15.50", "15.50"),
        ("15,50 Euro", "15.50"), ("1\u202f500 €", "1500"), ("1 500,00\u00a0€", "1500.00"),
        ("1.500,50", "1500.50"), ("1,500.50", "1500.50"), ("15", "15"), ("-3", "-3"), ("", ""),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(typed, read, language):
    form = form_of(typed, language=language)

    assert "pay_amount" not in form.errors
    assert form.cleaned_data["pay_amount"] == read


@pytest.mark.parametrize(("language", "typed"), [("en-gb", "1,500"), ("de", "1.500")])
def test_thousands_are_read_as_the_language_has_them(language, typed):
    assert form_of(typed, language=language).cleaned_data["pay_amount"] == "1500"


@pytest.mark.parametrize(
    ("language", "typed", "said"),
    [
        ("en-gb", "1.500", "Write 1.50 or 1500: this may be either."),
        ("de", "1,500", "Schreib 1,50 oder 1500: So kann es beides heißen."),
    ],
)
def test_what_may_be_thousands_elsewhere_is_asked_back(language, typed, said):
    with translation.override(language):
        assert form_of(typed, language=language).errors["pay_amount"] == [said]


def test_a_sign_of_another_currency_is_refused_at_the_box():
    assert form_of("£15").errors["pay_amount"] == ["This says £, but the currency is Euro."]
    assert "pay_amount" not in form_of("$15", "CAD").errors


@pytest.mark.parametrize("typed", ["a lot", "15 bananas", "€15€", "12-15", "🙂", "1e5", "€"])
def test_what_is_no_amount_is_refused_at_the_box(typed):
    assert form_of(typed).errors["pay_amount"] == ["Write an amount as a number, such as 15.50."]


@pytest.mark.django_db
def test_a_look_at_the_role_says_it_at_the_box(client):
    sent = {"pay_amount": "a lot", "pay_currency": "Euro", "act": "look"}

    page = client.post("/employer/roles/new/", sent).text

    assert 'value="a lot"' in page
    assert "Write an amount as a number, such as 15.50." in page


def test_a_long_text_is_refused_unread():
    [said] = form_of(f"1{' ' * 200_000}2 x").errors["pay_amount"]

    assert "30" in said
