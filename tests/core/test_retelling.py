"""What is kept in English is said in the language of whoever reads it."""

import pytest
from django.utils import translation

from opportunities.core.retelling import inside, money_kept, retold


@pytest.fixture
def in_german():
    with translation.override("de"):
        yield


class TestRetold:
    def test_leaves_english_as_it_is(self):
        assert retold("The file is empty.") == "The file is empty."

    @pytest.mark.usefixtures("in_german")
    def test_says_a_text_of_the_catalogue(self):
        assert retold("The file is empty.") == "Die Datei ist leer."

    @pytest.mark.usefixtures("in_german")
    def test_puts_the_facts_into_the_other_sentence(self):
        assert retold("has 3 cells for 4 columns.") == "hat 3 Zellen für 4 Spalten."

    @pytest.mark.usefixtures("in_german")
    def test_names_the_field_of_each_fault(self):
        kept = "title: is missing. pay: is not an amount."

        assert retold(kept) == "title: fehlt. pay: ist kein Betrag."

    @pytest.mark.usefixtures("in_german")
    def test_writes_a_share_as_the_language_does(self):
        kept = "It is 84% alike to a posting that was taken down."

        assert retold(kept) == "Gleicht zu 84\xa0% einer Ausschreibung, die entfernt wurde."

    @pytest.mark.usefixtures("in_german")
    def test_writes_a_number_as_the_language_does(self):
        kept = "1000.5 hours in 2.5 weeks are unusual for this format."

        assert retold(kept).startswith("1.000,5 Stunden in 2,5 Wochen ")

    @pytest.mark.usefixtures("in_german")
    def test_says_a_label_within_the_sentence_too(self):
        assert retold("It is finished.") == "Status: Fertig."

    @pytest.mark.parametrize(
        ("minor", "currency", "english", "german"),
        [
            (250, "GBP", "£2.50", "2,50 £"), (123_400, "EUR", "€1,234", "1.234 €"),
            (1_500, "JPY", "¥1,500", "1.500 ¥"), (120_050, "CHF", "1,200.50 CHF", "1.200,50 CHF"),
        ],
    )  # fmt: skip
    def test_says_money_as_the_language_does(self, minor, currency, english, german):
        offered, floor = (money_kept(each, currency) for each in (minor, 100 * minor))
        kept = f"It pays {offered} an hour; the floor is {floor}."
        assert f"It pays {english} an hour;" in retold(kept)

        with translation.override("de"):
            assert money_kept(minor, currency) == english
            assert german in retold(kept).replace("\xa0", " ")
            assert english not in retold(kept)

    @pytest.mark.usefixtures("in_german")
    def test_leaves_what_people_put_into_it(self):
        kept = "It looks like “Reading”. Say whether it is the same role."

        assert "„Reading“" in retold(kept)

    @pytest.mark.usefixtures("in_german")
    @pytest.mark.parametrize("written", ["", "Bring a pen.", "100 % of it", "%(name)s", "a\nb"])
    def test_leaves_what_is_no_text_of_the_site(self, written):
        assert retold(written) == written


class TestInside:
    def test_lowers_an_english_label(self):
        assert inside("In review") == "in review"

    @pytest.mark.usefixtures("in_german")
    def test_leaves_a_german_one_since_its_nouns_are_capital(self):
        assert inside("Entwurf") == "Entwurf"
