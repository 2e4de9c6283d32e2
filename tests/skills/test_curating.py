"""Loading skills into the tables, importing ESCO, and finding skills by name."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from opportunities.skills import loading, lookup
from opportunities.skills.models import Skill, SkillAlias, SkillBroader, SkillKind
from opportunities.skills.vocabulary.files import ESCO_NOTICE, VocabularyError, read_vocabulary
from tests.shared_rows import shared_rows
from tests.skills.test_vocabulary import COMPACT, EDGES, ESCO, WHOLE_ESCO

pytestmark = pytest.mark.django_db

GROUPS = "slug,name\ndrinks,Drinks\nrooms,Rooms\n"
SKILLS = (
    "slug,name,group,broader,aliases,includes\n"
    "tea,Tea making,drinks,,brew tea|chai brewing,\n"
    "green-tea,Green tea,drinks,tea,sencha,\n"
    "kitchens,Kitchen tidying,rooms,,clean kitchens,\n"
)


@pytest.fixture
def own(tmp_path: Path) -> dict[str, Path]:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "skills.csv").write_text(SKILLS)
    (folder / "groups.csv").write_text(GROUPS)
    return {"skills": folder / "skills.csv", "groups": folder / "groups.csv"}


@pytest.fixture
def esco(tmp_path: Path) -> Path:
    folder = tmp_path / "esco"
    folder.mkdir()
    (folder / "skills.csv").write_text(COMPACT)
    (folder / "skill_broader.csv").write_text(EDGES)
    return folder


def everything() -> list[list[tuple[object, ...]]]:
    return [
        sorted(model.objects.values_list(), key=str) for model in (Skill, SkillAlias, SkillBroader)
    ]


class TestLoadOwnSkills:
    def test_loading_twice_changes_nothing(self):
        first = loading.load_own_skills()
        rows = everything()

        again = loading.load_own_skills()

        assert first.skills >= 430
        assert again == loading.Loaded()
        assert everything() == rows

    def test_a_skill_that_left_the_list_is_retired_and_may_return(self, own):
        loading.load_own_skills(**own)
        whole = own["skills"].read_text()
        own["skills"].write_text(whole.replace("green-tea,Green tea,drinks,tea,sencha,\n", ""))

        assert loading.load_own_skills(**own).retired == 1
        assert Skill.objects.get(slug="green-tea").is_retired

        own["skills"].write_text(whole)
        loading.load_own_skills(**own)
        assert not Skill.objects.get(slug="green-tea").is_retired

    def test_a_changed_name_and_a_dropped_alias_and_parent_follow_the_file(self, own):
        loading.load_own_skills(**own)
        own["skills"].write_text(
            SKILLS.replace("Green tea,drinks,tea,sencha", "Green teas,drinks,,")
        )

        assert loading.load_own_skills(**own).changed == 1

        skill = Skill.objects.get(slug="green-tea")
        assert skill.name == "Green teas"
        assert [alias.text for alias in skill.aliases.all()] == ["Green teas"]
        assert [edge.parent.slug for edge in skill.broader_edges.all()] == ["drinks"]

    def test_a_damaged_list_is_refused_whole(self, own):
        own["skills"].write_text(SKILLS + "tea,Again,drinks,,,\n")

        with pytest.raises(VocabularyError, match="earlier row"):
            loading.load_own_skills(**own)

        assert not Skill.objects.exists()


class TestImportEsco:
    def test_equal_concepts_are_linked_and_the_rest_is_added_with_its_groups(self, own, esco):
        loading.load_own_skills(**own)

        loaded = loading.import_esco(
            vocabulary=read_vocabulary(esco), own=read_vocabulary(own["skills"]).skills
        )

        assert loaded.linked == 1
        tea = Skill.objects.get(esco_id="a1")
        assert (tea.slug, tea.kind, tea.name) == ("tea", SkillKind.OWN, "Tea making")
        assert "prepare hot tea" in tea.aliases.values_list("text", flat=True)
        assert {edge.parent.slug for edge in tea.broader_edges.all()} == {"drinks", "tea-varieties"}
        varieties = Skill.objects.get(slug="tea-varieties")
        assert (varieties.kind, varieties.esco_id) == (SkillKind.ESCO, "b2")
        group = Skill.objects.get(esco_id="09")
        assert (group.kind, group.slug) == (SkillKind.GROUP, "esco-09")

    def test_every_further_load_in_any_order_changes_nothing(self, own, esco):
        lists = {
            "vocabulary": read_vocabulary(esco),
            "own": read_vocabulary(own["skills"]).skills,
        }
        loading.load_own_skills(**own)
        loading.import_esco(**lists)
        rows = everything()

        assert loading.load_own_skills(**own) == loading.Loaded()
        assert loading.import_esco(**lists) == loading.Loaded()
        assert everything() == rows

    def test_a_slug_in_use_gets_the_concept_s_id(self, own, esco):
        (esco / "skills.csv").write_text("id,type,label\nz9,s,kitchens\ny8,k,Kitchens\n")
        (esco / "skill_broader.csv").unlink()
        loading.load_own_skills(**own)

        loading.import_esco(vocabulary=read_vocabulary(esco), own=[])

        assert set(Skill.objects.filter(kind=SkillKind.ESCO).values_list("slug", flat=True)) == {
            "kitchens-y8",
            "kitchens-z9",
        }

    def test_the_command_reports_bad_rows_and_shows_the_notice(self, esco):
        with (esco / "skills.csv").open("a") as file:
            file.write(",s,,no id,\n")
        out, err = StringIO(), StringIO()

        call_command("import_esco", str(esco), stdout=out, stderr=err)

        assert ESCO_NOTICE in out.getvalue()
        assert "skills.csv line 5: id is empty" in err.getvalue()
        assert Skill.objects.filter(esco_id="c3").exists()

    def test_the_command_refuses_a_path_without_a_vocabulary(self, tmp_path):
        with pytest.raises(CommandError, match="no skills file"):
            call_command("import_esco", str(tmp_path))

    @pytest.mark.parametrize(
        ("path", "skills", "linked", "edges"),
        [
            (ESCO, 996, 10, 1_860),
            *([(WHOLE_ESCO, 13_896, 100, 20_000)] if WHOLE_ESCO != ESCO else []),
        ],
    )
    def test_a_classification_is_loaded_without_loss(self, path, skills, linked, edges):
        out = StringIO()

        call_command("import_esco", str(path), stdout=out)

        concepts = Skill.objects.filter(esco_id__isnull=False)
        assert concepts.exclude(kind=SkillKind.GROUP).count() == skills
        assert concepts.filter(kind=SkillKind.OWN).count() >= linked
        assert "0 rows left out" in out.getvalue()
        assert Skill.objects.get(slug="python").esco_id is not None
        assert SkillBroader.objects.count() >= edges


@pytest.fixture(scope="class")
def _own_skills(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker, loading.load_own_skills):
        yield


@pytest.mark.usefixtures("_own_skills")
@pytest.mark.xdist_group("finding skills")
class TestFinding:
    def slugs(self, text: str, limit: int = 5) -> list[str]:
        return [skill.slug for skill in lookup.suggest_skills(text=text, limit=limit)]

    def test_typing_js_finds_javascript(self):
        assert self.slugs("js")[0] == "javascript"

    def test_a_beginning_finds_names_and_a_slip_finds_names_spelled_alike(self):
        assert "photography" in self.slugs("photog")
        assert "javascript" in self.slugs("javascirpt")

    def test_nothing_groups_and_retired_skills_are_never_suggested(self):
        Skill.objects.filter(slug="figma").update(is_retired=True)

        assert self.slugs("") == []
        assert self.slugs("%%") == []
        assert "figma" not in self.slugs("figma")
        assert "law" not in self.slugs("Law and compliance")
        assert len(self.slugs("s", limit=7)) == 7

    def test_exact_names_are_looked_up_together(self):
        found = lookup.skills_named(texts=["JS", "Excel pivot tables", "no such thing", ""])

        assert {text: skill.slug for text, skill in found.items()} == {
            "JS": "javascript",
            "Excel pivot tables": "pivot-tables",
        }

    def test_the_stored_resolver_speaks_slugs(self):
        assert lookup.own_resolver().resolve("we use g sheets")[0].id == ("google-sheets")


class TestNormalizeSkills:
    def run(self, tmp_path: Path, text: str, **options: object) -> list[dict[str, object]]:
        path = tmp_path / "lines.txt"
        path.write_text(text)
        out = StringIO()
        call_command("normalize_skills", str(path), stdout=out, **options)
        return [json.loads(line) for line in out.getvalue().splitlines()]

    def test_it_writes_ranked_candidates_of_each_line(self, tmp_path, esco):
        rows = self.run(
            tmp_path, "Please make tea for us\n\nzzzz qqqq\nclean kitchens\n",
            top=2, vocabulary=str(esco),
        )  # fmt: skip

        assert rows[0].keys() == {"line", "text", "rank", "skill", "label", "score"}
        assert [(row["line"], row["rank"]) for row in rows if row["line"] == 1] == [(1, 1), (1, 2)]
        assert rows[0]["skill"] == "a1"
        best = next(row for row in rows if row["line"] == 4)
        assert (best["skill"], best["label"], best["score"]) == ("c3", "tidy kitchens", 1.0)
        assert 3 not in {row["line"] for row in rows}

    def test_our_own_names_help_to_find_linked_concepts(self, tmp_path):
        (tmp_path / "skills.csv").write_text("id,type,label\nu1,k,JavaScript\nu2,k,Java\n")

        rows = self.run(tmp_path, "js\n", top=1, vocabulary=str(tmp_path))

        assert [row["skill"] for row in rows] == ["u1"]

    def test_without_a_vocabulary_it_asks_the_stored_skills(self, tmp_path):
        with pytest.raises(CommandError, match="load_skills"):
            self.run(tmp_path, "js\n")

        loading.load_own_skills()

        assert self.run(tmp_path, "js\n", top=1)[0]["skill"] == "javascript"

    def test_long_lines_are_cut_and_odd_bytes_replaced(self, tmp_path, esco):
        path = tmp_path / "lines.txt"
        path.write_bytes(b"brew tea \xff" + b"x" * 50_000 + b"\nclean kitchens\n")
        out = StringIO()

        call_command("normalize_skills", str(path), vocabulary=str(esco), stdout=out)

        rows = [json.loads(line) for line in out.getvalue().splitlines()]
        assert {row["line"] for row in rows} == {1, 2}
        assert all(len(row["text"]) <= 2000 for row in rows)

    def test_it_refuses_a_missing_file_and_a_top_out_of_range(self, tmp_path, esco):
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("normalize_skills", str(tmp_path / "none"), vocabulary=str(esco))
        with pytest.raises(CommandError, match="--top"):
            call_command("normalize_skills", str(tmp_path / "none"), top=0)
