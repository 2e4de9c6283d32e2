"""Countries, currencies and languages by the names that people type."""

import pytest
from django.utils import translation

from opportunities.core.iso_names import (
    SeveralAreMeant,
    countries,
    currencies,
    currency_choices,
    currency_in,
    languages,
)
from opportunities.core.pay import CURRENCIES


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("UK", "GB"), ("uk", "GB"), ("U.K.", "GB"), ("Great Britain", "GB"), ("England", "GB"),
        ("Großbritannien", "GB"),
        ("GBR", "GB"), ("Vereinigtes Königreich", "GB"), ("Deutschland", "DE"), ("Allemagne", "DE"),
        ("osterreich", "AT"), ("Österreich", "AT"), ("España", "ES"), ("U.S.A.", "US"),
        ("the United States", "US"), ("Holland", "NL"), ("turkey", "TR"), ("Türkiye", "TR"),
        ("Côte d'Ivoire", "CI"), ("Cote d\u2019Ivoire", "CI"), ("भारत", "IN"), ("  ireland ", "IE"),
        ("Georgia", "GE"), ("Bosnia and Herzegovina", "BA"), ("gb", "GB"),
    ],
)  # fmt: skip
def test_a_country_is_read_by_its_names(typed, code):
    assert countries().read(typed) == code


@pytest.mark.parametrize("typed", ["", "QQ", "EU", "Atlantis", "swiss", "ZZ", "<b>"])
def test_what_is_no_country_is_read_as_none(typed):
    assert countries().read(typed) == ""


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("pounds", "GBP"), ("Pound sterling", "GBP"), ("£", "GBP"), ("gbp", "GBP"),
        ("British pounds", "GBP"), ("€", "EUR"), ("Euro", "EUR"), ("euros", "EUR"),
        ("US$", "USD"), ("US dollars", "USD"), ("CA$", "CAD"), ("Rs.", "INR"), ("₹", "INR"),
        ("zł", "PLN"), ("Swiss francs", "CHF"), ("Schweizer Franken", "CHF"), ("yen", "JPY"),
    ],
)  # fmt: skip
def test_a_currency_is_read_by_its_names_and_signs(typed, code):
    assert currencies().read(typed) == code


@pytest.mark.parametrize(
    ("typed", "first"),
    [("$", "USD"), ("dollars", "USD"), ("kr", "SEK"), ("¥", "JPY"), ("francs", "CHF")],
)
def test_a_sign_of_several_currencies_is_told_apart_by_the_person(typed, first):
    with pytest.raises(SeveralAreMeant) as several:
        currencies().read(typed)

    assert several.value.codes[0] == first
    assert set(several.value.codes) <= set(CURRENCIES)


@pytest.mark.parametrize(
    ("typed", "code"), [("Deutsch", "de"), ("german", "de"), ("EN", "en"), ("français", "fr")]
)
def test_a_language_is_read_by_its_names(typed, code):
    assert languages().read(typed) == code


def test_every_name_that_is_shown_is_read_as_its_code():
    for names in (countries(), currencies(), languages()):
        assert [code for code, name in names.shown.items() if names.read(name) != code] == []
    assert set(currencies().shown) == set(CURRENCIES)


def test_a_country_has_the_currency_that_is_paid_there():
    known = [currency_in(code) for code in ("GB", "DE", "CA", "", "QQ")]

    assert known == ["GBP", "EUR", "CAD", "", ""]


@pytest.mark.parametrize(
    ("language", "euro", "pound"),
    [
        ("en-gb", "Euro (EUR)", "British Pound (GBP)"),
        ("de", "Euro (EUR)", "Britisches Pfund (GBP)"),
    ],
)
def test_lists_to_choose_from_name_each_currency_and_its_code(language, euro, pound):
    with translation.override(language):
        offered = dict(currency_choices())

    assert (offered["EUR"], offered["GBP"]) == (euro, pound)
    assert set(offered) == set(CURRENCIES)
