"""The question about skills: tapped, searched or found in a CV; confirmed before they count."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from matching.onboarding import visitors
from matching.store import live
from opportunities.candidates import uploads
from opportunities.candidates.models import Resume
from opportunities.candidates.resumes import skills as reading
from opportunities.core.errors import Invalid
from opportunities.core.limiting import Limit
from opportunities.skills import loading, lookup
from opportunities.skills.vocabulary.meaning import word_vectors
from tests.candidates.hostile_files import HOSTILE, PLAIN, written
from tests.factories import OpportunityFactory, OpportunitySkillFactory, SkillFactory
from tests.shared_rows import shared_rows

AT = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
CV = """Amara Okafor, 12 Harbour Road, Leeds
Counted stock each week in Excel and cut waste by a tenth
Volunteer, Food Bank Leeds: built a dashboard in Power BI
I go to the gym and help the rest of the team; customers first
Skills: Python, SQL, Go, public speaking
"""
NAMED = {"excel", "food-banks", "dashboards", "power-bi", "python", "sql", "go", "public-speaking"}
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("first questions about skills")]


@pytest.fixture(scope="module", autouse=True)
def _skills(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker, loading.load_own_skills):
        yield


@pytest.fixture(autouse=True)
def _at():
    live.forget()
    with time_machine.travel(AT, tick=False):
        yield
    live.forget()


def read(client, text="", file=None, **others):
    data = {"act": "read", "cv": text, **others}
    return client.post("/start/skills/", data | ({"file": file} if file else {}))


def named(data, name="cv.pdf"):
    return SimpleUploadedFile(name, data)


def rows(response, label):
    return dict(response.context["groups"]).get(label, [])


def kept(client):
    return {name: visitors.answers_of(client).get(name) for name in ("skills", "targets")}


class TestFoundInACV:
    def test_is_shown_with_its_words_and_counts_only_when_it_is_sent_back(self, client):
        response = read(client, CV)
        found = rows(response, "Found in your CV")

        assert {row.slug for row in found} == NAMED
        assert {row.slug: row.said for row in found}["excel"].startswith("Counted stock each week")
        assert "Counted stock each week in Excel" in response.text
        assert "nothing is kept until you continue" in response.text
        assert "answers" not in client.session

        form = {"row": [row.slug for row in found]}
        form |= {f"can-{row.slug}": str(row.level) for row in found if row.slug != "go"}
        form |= {"can-go": "", "can-sql": "3", "learn": ["python"]}
        client.post("/start/skills/", form)

        held = dict(answer.split(":") for answer in kept(client)["skills"])
        assert set(held) == NAMED - {"go"}
        assert held["sql"] == "3"
        assert held["excel"] == "1"
        assert kept(client)["targets"] == ["python:2"]

    def test_leaves_alone_what_was_chosen_before(self, client):
        response = read(
            client, "SQL, Excel", row=["sql", "figma"], **{"can-sql": "4"}, learn="figma"
        )

        assert {row.slug: row.level for row in rows(response, "Found in your CV")} == {
            "sql": 4,
            "excel": 1,
        }
        assert [(row.slug, row.learns) for row in rows(response, "Chosen")] == [("figma", True)]

    def test_in_a_pdf_is_found_like_in_a_text_and_no_file_is_kept(self, client, settings):
        response = read(client, file=named(written(CV)))

        assert {row.slug for row in rows(response, "Found in your CV")} == NAMED
        assert not Resume.objects.exists()

    def test_in_a_json_resume_brings_its_levels(self, client):
        resume = {
            "basics": {"name": "Amara", "summary": "Weekly newsletters for a food bank"},
            "skills": [
                {"name": "Data", "level": "Advanced", "keywords": ["SQL", "Python"]},
                {"name": "Figma", "level": "Learning"},
            ],
            "references": [{"reference": "Knows Java"}],
        }
        response = read(client, file=named(json.dumps(resume).encode(), "resume.json"))

        assert {row.slug: row.level for row in rows(response, "Found in your CV")} == {
            "sql": 3,
            "python": 3,
            "figma": 0,
            "newsletters": 1,
            "food-banks": 1,
        }
        learnt = [row.slug for row in rows(response, "Found in your CV") if row.learns]
        assert learnt == ["figma"]

    def test_in_a_json_resume_that_breaks_the_standard_is_still_used(self, client):
        resume = {"basics": None, "skills": [{"name": "SQL", "level": 3}], "work": "Excel"}

        response = read(client, file=named(json.dumps(resume).encode(), "resume.json"))

        assert {row.slug for row in rows(response, "Found in your CV")} == {"sql", "excel"}

    @pytest.mark.skipif(word_vectors() is None, reason="needs the extra semantic")
    def test_may_mean_more_than_it_names_and_that_is_not_chosen(self, client, monkeypatch):
        meant = "I juggle several deadlines and still deliver on the day"

        response = read(client, f"{meant}\nSQL")
        (row,) = rows(response, "Your CV may also mean")

        assert (row.slug, row.said, row.is_chosen) == ("time-management", meant, False)
        assert {row.slug for row in rows(response, "Found in your CV")} == {"sql"}
        assert "We found 1 skill." in response.text

        monkeypatch.setattr(lookup, "word_vectors", lambda: None)
        assert rows(read(client, f"{meant}\nSQL"), "Your CV may also mean") == []

    def test_that_names_no_skill_is_said(self, client):
        response = read(client, "I like the sea.")

        assert response.status_code == 200
        assert "We found no skill of our list in it" in response.text


class TestRefused:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (PLAIN, "no_text"),
            (HOSTILE["a password"][0], "encrypted"),
            (b"%PDF-1.7\n" + b"x" * uploads.MAX_SIZE, "too_large"),
            (b"", "empty"),
            (b"%PDF-1.7 cut", "truncated"),
            (b"PK\x03\x04\x00", "broken"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_files_say_what_to_do_and_the_text_stays(self, client, data, code):
        response = read(client, "SQL and Excel", file=named(data))

        assert response.status_code == 422
        assert str(uploads.REFUSALS[code]) in response.text
        assert "SQL and Excel</textarea>" in response.text
        assert "answers" not in client.session

    @pytest.mark.parametrize("data", [b"\xff\xfe\x00\x01", b"GIF89a\x00\x01"])
    def test_other_kinds_of_files_are_named(self, client, data):
        response = read(client, file=named(data, "cv.docx"))

        assert response.status_code == 422
        assert "neither a PDF, DOCX nor JSON Resume, nor plain text" in response.text

    @pytest.mark.parametrize("text", ["{", '{"a": 1, "a": 2}', "{" * 50, '{"basics": NaN}'])
    def test_what_is_no_json(self, client, text):
        response = read(client, file=named(text.encode(), "resume.json"))

        assert response.status_code == 422
        assert "This is not JSON" in response.text

    def test_a_text_too_long_comes_back_whole(self, client):
        text = "SQL " * 6_000

        response = read(client, text)

        assert response.status_code == 422
        assert "at most 20,000 characters" in response.text
        assert text.strip() in response.text

    def test_nothing_at_all(self, client):
        response = read(client)

        assert response.status_code == 422
        assert "Paste your CV or choose a file first." in response.text

    def test_more_than_so_many_an_hour_from_one_place(self, client, monkeypatch):
        monkeypatch.setattr(reading, "READINGS", Limit("cv_reading", 2, 3600, "Enough for now."))
        for _ in range(2):
            assert read(client, "SQL").status_code == 200

        response = read(client, "SQL")

        assert response.status_code == 429
        assert int(response.headers["Retry-After"]) > 0
        assert "Enough for now." in response.text
        assert ">SQL</textarea>" in response.text

    def test_hostile_text_is_shown_as_text(self, client):
        evil = "<script>alert(1)</script> Excel \x00\x1b \u202e \ud7ff"

        response = read(client, evil)

        assert response.status_code == 200
        assert "<script>alert" not in response.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; Excel" in response.text
        assert "\u202e" not in response.text

    def test_the_site_keeps_no_word_of_it(self, client):
        with pytest.raises(Invalid):
            reading.find_skills(text="", file=None, who="x", at=AT)
        read(client, "Excel, said somebody unmistakable")

        assert "unmistakable" not in str(dict(client.session))
        assert not [
            path
            for path in Path(uploads.settings.MEDIA_ROOT or "/nowhere").rglob("*")
            if path.is_file() and b"unmistakable" in path.read_bytes()
        ]


class TestTapped:
    def test_skills_of_the_chosen_fields_are_offered_first_with_their_roles(self, client):
        for field, names in (("law", ("negotiation",)), ("data", ("sql", "excel"))):
            for role in OpportunityFactory.create_batch(2, open=True, field=field):
                for name in names:
                    skill = SkillFactory._meta.model.objects.get(slug=name)
                    OpportunitySkillFactory(opportunity=role, skill=skill)
        client.post("/start/field/", {"answer": ["law"], "field-rule": "first"})

        offered = rows(client.get("/start/skills/"), "Asked for most in your fields")

        assert [(row.slug, row.roles) for row in offered] == [
            ("negotiation", 2),
            ("excel", 2),
            ("sql", 2),
        ]

    def test_a_search_by_any_name_adds_rows_and_keeps_what_was_chosen(self, client):
        response = client.post(
            "/start/skills/",
            {"act": "search", "find": "powerbi", "row": "sql", "can-sql": "2", "cv": "My own CV"},
        )

        assert rows(response, "Found for “powerbi”")[0].slug == "power-bi"
        assert "My own CV</textarea>" in response.text
        assert [(row.slug, row.level) for row in rows(response, "Chosen")] == [("sql", 2)]
        assert "answers" not in client.session

    def test_answers_are_there_again_and_can_be_taken_back(self, client):
        client.post("/start/skills/", {"row": ["sql", "figma"], "can-sql": "2", "learn": "figma"})

        again = rows(client.get("/start/skills/"), "Chosen")
        client.post("/start/skills/", {"row": ["sql", "figma"], "can-sql": "2"})

        assert [(row.slug, row.level, row.learns) for row in again] == [
            ("sql", 2, False),
            ("figma", 0, True),
        ]
        assert kept(client) == {"skills": ["sql:2"], "targets": []}

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"row": "sql"},
            {"row": "sql", "can-sql": "9"},
            {"row": "unheard-of", "can-unheard-of": "2"},
            {"row": "sql:4", "can-sql:4": "2"},
        ],
    )
    def test_nothing_chosen_is_asked_again(self, client, data):
        response = client.post("/start/skills/", data)

        assert response.status_code == 422
        assert "Choose a skill, or skip the question." in response.text

    def test_more_to_learn_than_a_profile_holds_is_said(self, client):
        every = list(SkillFactory._meta.model.objects.values_list("slug", flat=True)[:21])

        response = client.post("/start/skills/", {"row": every, "learn": every})

        assert response.status_code == 422
        assert "at most 20 skills that you want to learn" in response.text
        assert len(rows(response, "Chosen")) == 21
