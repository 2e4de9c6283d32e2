"""Reading vocabulary files, linking vocabularies, and finding skills in text."""

import csv
import gzip
import os
import random
import re
import zipfile
from collections import defaultdict
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from opportunities.skills.loading import OWN_GROUPS, OWN_SKILLS
from opportunities.skills.vocabulary import files as vocabulary_files
from opportunities.skills.vocabulary.files import (
    VocabularyError,
    VocabularySkill,
    read_groups,
    read_vocabulary,
)
from opportunities.skills.vocabulary.link import enriched, equal_skills
from opportunities.skills.vocabulary.resolve import Resolver
from opportunities.skills.vocabulary.words import normalize, stem, stems

ESCO = Path(__file__).parent / "esco_sample"
WHOLE_ESCO = Path(os.environ.get("ESCO_DIR", ESCO))
"""The whole classification, where somebody has it and says so; else the sample in the tests."""

COMPACT = (
    "id,type,reuse,label,alt_labels\n"
    "a1,s,cross-sector,brew tea,make tea|prepare hot tea\n"
    "b2,k,,tea varieties,kinds of tea|sorts of tea\n"
    "c3,s,transversal,tidy kitchens,clean kitchens|keep kitchens in order\n"
)
COMMON_NAMES = frozenset(
    """
    algorithm algorithms android angular angularjs anim animate animated animation architecture
    archiv archive archives arithmetic aws azure backend bash benchmark bibliographie blog broadcast
    budget cad catalog catalogue chinese ci cloud coding collabor collaboration comm communic
    communication cook cro css database databases debug debugging deutsch django docker dutch edit
    edited editing ehr encrypt encrypted encryption english firebase foss french german ggplot git
    github graphics html illustr illustrate illustrated innov interpreter ios italian italiano
    japanese java javascript jenkins js korean laravel leadership linux listener logo math
    mathematics mongo mongodb mysql nederland negoti networking npm numpy organiz pandas personas
    php physics polski portuguese postgresql powershell presentation presente presented programming
    prototype py python reactjs regex robot ruby russian rör sales sampling scala selenium spanish
    sql startup stata statistics stats svg tensorflow translate translated translation ts turkish
    typescript ubuntu ui unix vba volunt volunte vue wordpress wp xcode öss
    """.split()  # noqa: SIM905 - a paragraph of words reads better than a list
)
"""Common words and pieces of words that name a skill of our list wherever they stand."""
EDGES = "child,parent\na1,b2\nb2,09\nc3,09\n09,root\n"


@pytest.fixture
def compact(tmp_path: Path) -> Path:
    (tmp_path / "skills.csv").write_text(COMPACT)
    (tmp_path / "skill_broader.csv").write_text(EDGES)
    return tmp_path


class TestReading:
    def test_the_compact_files_of_a_folder(self, compact):
        vocabulary = read_vocabulary(compact)

        assert [skill.id for skill in vocabulary.skills] == ["a1", "b2", "c3"]
        assert vocabulary.skills[0].aliases == ("make tea", "prepare hot tea")
        assert ("09", "root") in vocabulary.broader
        assert vocabulary.problems == ()

    def test_a_compressed_skills_file_finds_its_hierarchy_beside_it(self, tmp_path):
        with gzip.open(tmp_path / "skills.csv.gz", "wt") as file:
            file.write(COMPACT)
        with gzip.open(tmp_path / "skill_broader.csv.gz", "wt") as file:
            file.write(EDGES)

        vocabulary = read_vocabulary(tmp_path / "skills.csv.gz")

        assert len(vocabulary.skills) == 3
        assert len(vocabulary.broader) == 4

    def test_the_official_zip(self, tmp_path):
        base = "http://data.europa.eu/esco/skill/"
        skills = [
            ["conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels"],
            ["KSC", f"{base}a1", "skill/competence", "cross-sector", "brew tea", "make\ntea\nchai"],
            ["KSC", f"{base}b2", "knowledge", "", "tea varieties", ""],
        ]
        groups = [["conceptUri", "preferredLabel"], [f"{base}S1", "preparing drinks"]]
        broader = [
            ["conceptType", "conceptUri", "broaderType", "broaderUri"],
            ["KSC", f"{base}a1", "SkillGroup", f"{base}S1"],
        ]
        path = tmp_path / "classification-en.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, rows in (
                ("esco/skills_en.csv", skills),
                ("esco/skills_de.csv", skills[:1]),
                ("esco/skillGroups_en.csv", groups),
                ("esco/broaderRelationsSkillPillar_en.csv", broader),
            ):
                text = tmp_path / "part.csv"
                with text.open("w", newline="") as file:
                    csv.writer(file).writerows(rows)
                archive.write(text, name)

        vocabulary = read_vocabulary(path)

        assert vocabulary.skills[0] == (
            "a1", "brew tea", ("make", "tea", "chai"), (),
        )  # fmt: skip
        assert vocabulary.broader == (("a1", "S1"),)
        assert vocabulary.groups == {"S1": "preparing drinks"}

    def test_bad_rows_are_named_by_line_and_the_rest_is_kept(self, tmp_path):
        path = tmp_path / "skills.csv"
        path.write_bytes(
            b"id,type,label,alt_labels\n"
            b"a1,s,brew tea,\n"
            b",s,no id,\n"
            b"a1,s,used again,\n"
            b"d4,s,,\n"
            b"e5,x,odd kind,\n"
            b"f6,s\n"
            b"g7,s,bad \xff bytes,\n"
            b"h8,s," + b"x" * 300 + b",\n"
            b"i9,s," + b"y" * 200_000 + b",\n"
            b"j10,s,the last one,\n"
        )

        vocabulary = read_vocabulary(path)

        assert [skill.id for skill in vocabulary.skills] == ["a1", "j10"]
        assert [problem.line for problem in vocabulary.problems] == [3, 4, 5, 6, 7, 8, 9, 10]
        assert {problem.field for problem in vocabulary.problems} == {"id", "label", "type", "row"}

    @pytest.mark.parametrize("content", [b"", b"colour,size\nred,3\n", b"\x00\x01\x02"])
    def test_what_is_no_vocabulary_is_refused(self, tmp_path, content):
        path = tmp_path / "skills.csv"
        path.write_bytes(content)

        with pytest.raises(VocabularyError, match="known headers"):
            read_vocabulary(path)

    def test_a_missing_path_and_an_empty_folder_are_refused(self, tmp_path):
        with pytest.raises(VocabularyError, match="does not exist"):
            read_vocabulary(tmp_path / "nowhere")
        with pytest.raises(VocabularyError, match="no skills file"):
            read_vocabulary(tmp_path)

    def test_a_damaged_archive_is_refused(self, tmp_path):
        for name in ("skills.csv.gz", "all.zip"):
            (tmp_path / name).write_bytes(b"\x1f\x8b\x08 not an archive")
            with pytest.raises(VocabularyError, match="cannot be read"):
                read_vocabulary(tmp_path / name)

    def test_a_file_that_unpacks_beyond_the_bound_is_refused(self, tmp_path, monkeypatch):
        monkeypatch.setattr(vocabulary_files, "MAX_SIGNS", 10_000)
        with gzip.open(tmp_path / "skills.csv.gz", "wt") as file:
            file.write("id,label,alt_labels\na1,tea," + "x" * 20_000 + "\n")

        with pytest.raises(VocabularyError, match="larger than"):
            read_vocabulary(tmp_path / "skills.csv.gz")


class TestOwnList:
    def test_it_reads_without_a_problem(self):
        vocabulary = read_vocabulary(OWN_SKILLS)

        assert vocabulary.problems == ()
        assert len(vocabulary.skills) >= 400
        assert len(read_groups(OWN_GROUPS)) >= 30

    def test_no_name_points_at_two_skills(self):
        owners = defaultdict(set)
        for skill in read_vocabulary(OWN_SKILLS).skills:
            for text in (skill.label, *skill.aliases):
                owners[normalize(text)].add(skill.id)

        assert {name: skills for name, skills in owners.items() if len(skills) > 1} == {}

    def test_every_skill_has_a_group_and_every_parent_exists(self):
        vocabulary = read_vocabulary(OWN_SKILLS)
        skills, groups = {skill.id for skill in vocabulary.skills}, set(read_groups(OWN_GROUPS))

        assert skills.isdisjoint(groups)
        assert {edge.parent for edge in vocabulary.broader} <= skills | groups
        assert {edge.child for edge in vocabulary.broader if edge.parent in groups} == skills
        assert {edge.parent for edge in vocabulary.broader} >= groups

    def test_the_hierarchy_has_no_circle(self):
        parents = defaultdict(set)
        for child, parent in read_vocabulary(OWN_SKILLS).broader:
            parents[child].add(parent)

        def above(skill: str, below: tuple[str, ...]) -> None:
            assert skill not in below, f"circle through {skill}"
            for parent in parents[skill]:
                above(parent, (*below, skill))

        for skill in list(parents):
            above(skill, ())


class TestWords:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("C++ & C#", "c++ and c#"),
            ("Node.js,", "node.js"),
            ("ASP.NET", "asp.net"),
            (".NET", ".net"),
            ("Résumé \N{EN DASH} writing", "resume writing"),
            ("driver\N{RIGHT SINGLE QUOTATION MARK}s licence.", "drivers licence"),
            ("it ends.Then it goes on", "it ends then it goes on"),
            ("snake_case/slash", "snake case slash"),
            ("   ", ""),
        ],
    )
    def test_texts_meet_in_one_spelling(self, text, expected):
        assert normalize(text) == expected
        assert normalize(expected) == expected

    def test_forms_of_a_word_share_their_stem(self):
        for forms in (
            ("manage", "manages", "managing", "managed"),
            ("plan", "plans", "planning", "planned"),
            ("analyse", "analysis", "analysing", "analyze"),
            ("organise", "organize", "organising", "organization"),
            ("study", "studies", "studied"),
        ):
            assert len({stem(form) for form in forms}) == 1, forms

    def test_stop_words_carry_nothing(self):
        assert stems(normalize("the work of our team")) == stems("work team")


class TestLinking:
    def test_a_label_decides_before_an_alias_and_each_skill_is_used_once(self):
        own = [
            VocabularySkill("tea", "Tea making", ("brew tea", "chai"), includes=("chai",)),
            VocabularySkill("kitchen", "Kitchen work", ()),
        ]
        others = [
            VocabularySkill("x1", "brew tea", ("tea making",)),
            VocabularySkill("x2", "tea making (drinks)", ()),
            VocabularySkill("x3", "chai", ()),
            VocabularySkill("x4", "work in kitchens", ("kitchen work",)),
            VocabularySkill("x5", "scrub floors", ("kitchen work",)),
        ]

        assert equal_skills(own, others) == {"x2": "tea", "x4": "kitchen"}

    def test_linked_skills_receive_our_names_and_keep_their_ids(self):
        own = [VocabularySkill("js", "JavaScript", ("ecmascript",))]
        others = [VocabularySkill("u1", "JavaScript", ()), VocabularySkill("u2", "Java", ())]

        richer = enriched(others, own)

        assert [(skill.id, skill.aliases) for skill in richer] == [
            ("u1", ("JavaScript", "ecmascript")),
            ("u2", ()),
        ]


@pytest.fixture(scope="module")
def own_resolver() -> Resolver:
    return Resolver(skill[:3] for skill in read_vocabulary(OWN_SKILLS).skills)


class TestResolving:
    def test_a_name_is_found_whatever_its_case_with_certainty(self, own_resolver):
        for text in ("js", "JavaScript", "JAVA SCRIPT", "ecmascript"):
            best = own_resolver.resolve(text)[0]
            assert (best.id, best.score) == ("javascript", 1.0)

    @pytest.mark.parametrize(
        ("line", "wanted"),
        [
            ("You will build small React components with our two developers", "react"),
            ("Experience with pivot tables is a plus", "pivot-tables"),
            ("Someone who proof-reads our German brochures", "proofreading"),
            ("comfortable cold calling local businesses", "cold-outreach"),
            ("help us keep the stock counts right: inventry managment", "inventory-management"),
            ("take the minutes at our monthly board meeting", "note-taking"),
            ("cleaning messy data in Excel", "data-cleaning"),
            ("Pipetting, PCR and other wet lab jobs", "pcr"),
            ("plan and run user interviews", "user-research"),
        ],
    )
    def test_a_line_of_an_advert_finds_its_skill_among_five(self, own_resolver, line, wanted):
        assert wanted in [hit.id for hit in own_resolver.resolve(line, top=5)]

    def test_scores_lie_between_nothing_and_one_and_fall(self, own_resolver):
        hits = own_resolver.resolve("write blog posts and social media captions", top=20)

        scores = [hit.score for hit in hits]
        assert len(hits) == 20
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)

    def test_equal_scores_are_ordered_by_id_and_input_order_is_nothing(self):
        rows = [(f"s{number}", "brew tea", ["make tea"]) for number in range(9)]
        shuffled = random.Random(5).sample(rows, len(rows))

        hits = Resolver(shuffled).resolve("please brew some tea", top=4)

        assert [hit.id for hit in hits] == ["s0", "s1", "s2", "s3"]
        assert Resolver(rows).resolve("please brew some tea", top=4) == hits

    @pytest.mark.parametrize("text", ["", "   ", "!!! ---", "the of and", "\x00"])
    def test_a_text_without_words_finds_nothing(self, own_resolver, text):
        assert own_resolver.resolve(text) == []

    def test_an_empty_vocabulary_and_a_top_of_nothing_find_nothing(self, own_resolver):
        assert Resolver([]).resolve("python") == []
        assert own_resolver.resolve("python", top=0) == []

    def test_a_very_long_text_is_cut_not_refused(self, own_resolver):
        assert own_resolver.resolve("python " * 100_000)[0].id == "python"


class TestNamed:
    @pytest.mark.parametrize(
        "line",
        [
            "Look for new suppliers",
            "note what visitors say, and look after them",
            "Notes",
            "the reaction of the states to higher prices",
            "We excel at waiting for the bus",
            "Vitamin C, and the Spring term of 2025",
            "Weekend Zoom Bootcamp",
            "der Rest der Filme; wir kommen",
            "250 ml of lime juice",
            "a choice of three billion stations",
            "wrote the programme for the market",
        ],
    )
    def test_an_everyday_word_names_no_skill(self, own_resolver, line):
        assert own_resolver.named(line) == []

    @pytest.mark.parametrize(
        ("line", "skills"),
        [
            ("Took notes in Notion and answered in Slack", ["notion", "slack"]),
            ("Proficient in Excel.", ["excel"]),
            ("excel", ["excel"]),
            ("spring", ["spring"]),
            ("I kept the rest of the REST services up", ["rest-apis"]),
            ("a reaction to the new React app", ["react"]),
            (
                "Edited the newsletter, translated letters",
                ["editing", "newsletters", "translation"],
            ),
            ("Looker and dashboards", ["looker", "dashboards"]),
        ],
    )
    def test_what_is_written_as_a_name_or_says_what_was_done_does(self, own_resolver, line, skills):
        assert [hit.id for hit in own_resolver.named(line)] == skills

    def test_of_thirteen_thousand_common_words_those_read_over_do(self, own_resolver):
        """The words are those that the tokenizer of the extra knows whole, the most common first.

        A name that is new in the list shows here which common words it makes a skill of.
        """
        wheel = find_spec("wordllama")
        if wheel is None:
            pytest.skip("needs the extra semantic")
        (tokenizer,) = Path(wheel.submodule_search_locations[0]).rglob("*tokenizer_config.json")
        tokens = import_module("tokenizers").Tokenizer.from_file(str(tokenizer)).get_vocab()
        words = {
            token[1:].lower()
            for token in tokens
            if re.fullmatch(r"\u2581[A-Za-z\u00c4\u00d6\u00dc\u00df\u00e4\u00f6\u00fc]{2,}", token)
        }

        assert {word for word in words if own_resolver.named(f"we {word} it")} == COMMON_NAMES


@pytest.fixture(scope="module")
def questions() -> tuple[Resolver, list[tuple[str, str, str]]]:
    """Withhold one alias of 150 skills; ask for it and for damaged labels."""
    skills = read_vocabulary(WHOLE_ESCO).skills
    dice = random.Random(20)
    rich = [skill for skill in skills if len(skill.aliases) >= 3]
    chosen = {skill.id: dice.choice(skill.aliases) for skill in dice.sample(rich, 150)}
    rows = [
        (skill.id, skill.label, [a for a in skill.aliases if a != chosen.get(skill.id)])
        for skill in skills
    ]
    labels = {skill.id: skill.label for skill in skills}
    return Resolver(rows), [(key, labels[key], chosen[key]) for key in chosen]


@pytest.mark.xdist_group("vocabulary")
class TestFindingInAWholeVocabulary:
    def test_most_labels_in_a_sentence_are_found(self, questions):
        resolver, asked = questions
        found = sum(
            key in [hit.id for hit in resolver.resolve(f"In this role you {label} every week.")]
            for key, label, _ in asked
        )
        assert found >= 0.95 * len(asked)

    def test_most_names_that_the_index_never_saw_are_found(self, questions):
        resolver, asked = questions
        found = sum(
            key in [hit.id for hit in resolver.resolve(f"Experience to {alias} is a plus")]
            for key, _, alias in asked
        )
        assert found >= 0.80 * len(asked)
