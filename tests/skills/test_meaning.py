"""Skills that a line means without naming them, and what happens without word vectors."""

import json
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from opportunities.skills import loading, lookup
from opportunities.skills.management.commands import normalize_skills
from opportunities.skills.models import Skill
from opportunities.skills.vocabulary.files import read_vocabulary
from opportunities.skills.vocabulary.meaning import Meanings, word_vectors
from opportunities.skills.vocabulary.resolve import Resolver
from tests.skills.advert_lines import hits, labelled

ROWS = tuple((s.id, s.label, s.aliases) for s in read_vocabulary(loading.OWN_SKILLS).skills)

meant = pytest.mark.skipif(word_vectors() is None, reason="needs the extra semantic")


@pytest.fixture(scope="module")
def meanings():
    return Meanings(ROWS, word_vectors())


@pytest.fixture
def stored(db):
    loading.load_own_skills()


@pytest.fixture
def without(monkeypatch):
    for module in (lookup, normalize_skills):
        monkeypatch.setattr(module, "word_vectors", lambda: None)


class TestLabelledLines:
    def test_are_many_and_name_known_skills(self):
        known = {row[0] for row in ROWS}

        assert sum(bool(line.skills) for line in labelled()) >= 200
        assert sum(not line.skills for line in labelled()) >= 40
        assert set().union(*(line.skills for line in labelled())) <= known

    @meant
    def test_half_of_those_held_out_are_hit_and_words_alone_hit_a_third(self, meanings):
        resolver = Resolver(ROWS)
        by_words = hits(
            lambda texts: [[hit.id for hit in resolver.resolve(text)] for text in texts], "held"
        )
        by_meaning = hits(
            lambda texts: [[hit.id for hit in found] for found in meanings.likely(texts)], "held"
        )

        assert by_words <= 0.32
        assert by_meaning >= 0.47


@meant
class TestMeanings:
    def test_a_name_letter_for_letter_is_sure(self, meanings):
        assert meanings.likely(["js"])[0][0].score == 1.0
        assert meanings.likely(["Excel pivot tables"])[0][0].id == "pivot-tables"
        assert meanings.likely(["js"], 2)[0][1].score < 1

    def test_a_slip_is_found_by_letters_and_a_thing_by_meaning(self, meanings):
        assert meanings.likely(["bookeepping"])[0][0].id == "bookkeeping"
        assert meanings.likely(["keep our ledgers straight"])[0][0].id == "bookkeeping"

    @pytest.mark.parametrize("text", ["", "   ", "zzzz qqqq", "12345 !!", "\u4f60\u597d", "\x00"])
    def test_what_shares_nothing_with_any_name_means_nothing(self, meanings, text):
        assert meanings.likely([text]) == [[]]

    def test_the_files_are_read_without_the_library_that_could_fetch_them(self, meanings):
        assert meanings.likely(["juggle several deadlines"]) != [[]]
        assert "wordllama" not in sys.modules

    def test_a_line_alone_and_among_others_means_the_same(self, meanings):
        texts = [line.text for line in labelled()][:70]

        assert meanings.likely(texts) == [meanings.likely([text])[0] for text in texts]

    def test_the_order_of_the_rows_is_of_no_account(self, meanings):
        turned = Meanings(ROWS[::-1], word_vectors())

        assert turned.likely(["call the cues"]) == meanings.likely(["call the cues"])

    def test_an_empty_vocabulary_and_none_asked_for(self, meanings):
        assert Meanings((), word_vectors()).likely(["python", ""]) == [[], []]
        assert meanings.likely(["python"], 0) == [[]]
        assert meanings.likely([]) == []

    def test_a_skill_without_words_and_one_of_stop_words_do_not_break_it(self):
        odd = Meanings((("a", "!!", ()), ("b", "to be", ()), ("c", "tea", ())), word_vectors())

        assert odd.likely(["tea"])[0][0].id == "c"
        assert odd.likely(["to be"])[0][0].id == "b"


CLAIM = "Trace every claim in an article to its source before we print it"


@meant
@pytest.mark.django_db
class TestSearching:
    def test_a_phrase_finds_what_it_means_after_what_it_names(self, stored):
        found = [skill.slug for skill in lookup.suggest_skills(text=CLAIM)]

        assert found[0] == "fact-checking"

    def test_a_word_finds_names_alone(self, stored, monkeypatch):
        before = lookup.suggest_skills(text="ledger")
        monkeypatch.setattr(lookup, "word_vectors", lambda: None)

        assert before == lookup.suggest_skills(text="ledger")

    def test_never_more_than_asked_for_and_none_retired(self, stored):
        Skill.objects.filter(slug="fact-checking").update(is_retired=True)
        found = lookup.suggest_skills(text=CLAIM, limit=2)

        assert len(found) == 2
        assert "fact-checking" not in [skill.slug for skill in found]

    def test_without_word_vectors_names_alone_are_searched(self, stored, without):
        assert lookup.suggest_skills(text=CLAIM) == []


@meant
@pytest.mark.django_db
class TestProposing:
    CV = "I juggle several deadlines and still deliver on the day\nPython for 2 years\nLeeds"

    def test_lines_that_name_nothing_are_proposed_with_their_words(self, stored):
        found = lookup.skills_proposed(text=self.CV, besides=[])

        assert [(skill.slug, skill.said) for skill in found] == [
            ("time-management", self.CV.splitlines()[0])
        ]

    def test_what_is_known_is_left_out_and_so_is_all_without_vectors(self, stored, monkeypatch):
        assert lookup.skills_proposed(text=self.CV, besides=["time-management"]) == []

        monkeypatch.setattr(lookup, "word_vectors", lambda: None)
        assert lookup.skills_proposed(text=self.CV, besides=[]) == []


@pytest.mark.django_db
class TestCommand:
    def run(self, tmp_path, **options):
        path = tmp_path / "lines.txt"
        path.write_text(f"{CLAIM}\n")
        out = StringIO()
        call_command(
            "normalize_skills", str(path), stdout=out, vocabulary=str(loading.OWN_SKILLS), **options
        )
        return [json.loads(line)["skill"] for line in out.getvalue().splitlines()]

    @meant
    def test_compares_by_meaning_unless_told_otherwise(self, tmp_path):
        assert self.run(tmp_path)[0] == "fact-checking"
        assert "fact-checking" not in self.run(tmp_path, by="words")

    def test_without_word_vectors_compares_by_words_and_says_what_is_missing(
        self, tmp_path, without
    ):
        assert self.run(tmp_path) == self.run(tmp_path, by="words")
        with pytest.raises(CommandError, match="extra semantic"):
            self.run(tmp_path, by="meaning")
