"""JSON Resume in and out: checked, previewed, bounded, and honest about what is not kept."""

import json
from datetime import UTC, datetime

import pytest

from opportunities.candidates.models import CandidateSkill
from opportunities.candidates.resumes.keep import keep
from opportunities.candidates.resumes.mending import mend
from opportunities.candidates.resumes.read import preview
from opportunities.candidates.resumes.schema import SECTIONS
from opportunities.core.errors import Invalid, NotFound
from opportunities.engagements import json_resume
from opportunities.skills import loading
from opportunities.skills.models import Skill
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    CandidateSkillFactory,
    CompletionFactory,
    UserFactory,
)

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)

RESUME = {
    "$schema": "https://example.org/schema.json",
    "basics": {
        "name": "Ines Okafor",
        "label": "Second-year statistician",
        "image": "https://example.org/me.jpg",
        "email": "ines@example.org",
        "phone": "0113 496 0000",
        "summary": "I like tables that tell the truth.",
        "location": {"city": "Leeds", "countryCode": "GB"},
        "profiles": [{"network": "Mastodon", "username": "ines"}],
    },
    "education": [
        {"institution": "Roundhay School", "startDate": "2018-09", "endDate": "2024-07"},
        {"institution": "University of Leeds", "area": "Statistics", "startDate": "2024-09"},
    ],
    "skills": [
        {"name": "Statistics", "level": "Advanced", "keywords": ["R", "Python", "Juggling"]},
        {"name": "Spreadsheets", "level": "Beginner", "keywords": ["Python"]},
    ],
    "interests": [{"name": "Data and analysis"}, {"name": "Ferrets"}],
    "work": [{"name": "Corner shop", "position": "Till"}],
    "references": [{"name": "My teacher", "reference": "She is kind."}],
    "meta": {"version": "v1.0.0"},
    "hobbies": ["none of the standard's"],
}


def content(resume):
    return json.dumps(resume).encode()


@pytest.fixture
def vocabulary(db):
    loading.load_own_skills()


@pytest.mark.django_db
class TestPreview:
    def test_says_what_it_understood_and_what_not(self, vocabulary):
        read = preview(content(RESUME))

        assert read.name == "Ines Okafor"
        assert read.facts == {
            "headline": "Second-year statistician",
            "about": "I like tables that tell the truth.",
            "school": "University of Leeds",
            "interests": {"data": 1},
        }
        levels = {skill.slug: skill.level for skill in read.skills}
        assert levels["python"] == 3
        assert Skill.objects.filter(slug__in=levels).count() == len(levels)
        assert {
            "/basics/profiles", "/education/0/institution", "/education/1/area", "/interests/1",
            "/skills/0/keywords/2", "/work/0", "/hobbies",
        } <= set(read.unmapped)  # fmt: skip
        assert set(read.never_kept) == {
            "/basics/image", "/basics/email", "/basics/phone", "/basics/location", "/references",
        }  # fmt: skip
        assert not CandidateSkill.objects.exists()

    def test_an_empty_resume_says_nothing(self):
        read = preview(b"{}")

        assert (read.facts, read.skills, read.unmapped) == ({}, (), ())

    def test_texts_too_long_for_the_profile_are_listed_not_cut(self):
        read = preview(content({"basics": {"label": "x" * 121}}))

        assert read.facts == {}
        assert read.unmapped == ("/basics/label",)

    @pytest.mark.parametrize("resume", [[], [{"basics": {}}]])
    def test_what_is_no_resume_at_all_is_refused(self, resume):
        with pytest.raises(Invalid) as refused:
            preview(content(resume))

        assert [fault.code for fault in refused.value.faults] == ["schema"]

    @pytest.mark.parametrize(
        ("odd", "pointer"),
        [
            ({"basics": ["Ines"]}, "/basics"),
            ({"work": [{"startDate": "last year"}]}, "/work/0/startDate"),
            ({"work": [{"endDate": {"year": 2024}}]}, "/work/0/endDate"),
            ({"education": ["Leeds"]}, "/education/0"),
            ({"interests": [{}] * 201}, "/interests"),
            ({"interests": [{"name": "x"}] * 200 + [7]}, "/interests"),
            ({"volunteer": True}, "/volunteer/0"),
            ({"basics": {"summary": "a\x00b"}}, "/basics/summary"),
            ({"basics": {"\ud800": "x"}}, "/basics"),
            ({"projects": [{"description": "x" * 20_001}]}, "/projects/0/description"),
        ],
    )
    def test_what_cannot_be_read_is_named_and_the_rest_is_used(self, vocabulary, odd, pointer):
        read = preview(content({"skills": [{"name": "Python"}], **odd}))

        assert read.unread == (pointer,)
        assert [skill.slug for skill in read.skills] == ["python"]

    @pytest.mark.parametrize(
        "odd",
        [
            {"work": [{"endDate": ""}]},
            {"work": [{"endDate": None}]},
            *({"work": [{"endDate": word}]} for word in ("Present", "now", "ONGOING", "present.")),
            {"work": [{"startDate": 2024}]},
            {"volunteer": None},
            {"basics": None},
            {"basics": {"url": None, "email": "", "phone": 113496}},
            {"education": [{"institution": "Riverside College", "score": 8.2}]},
            {"awards": {"title": "First prize"}},
            {"languages": [{"language": "Welsh", "fluency": 3}]},
        ],
    )
    def test_what_exporters_write_otherwise_is_read_as_it_is_meant(self, vocabulary, odd):
        read = preview(content({"skills": [{"name": "Python", "level": 4}], **odd}))

        assert read.unread == ()
        assert [skill.slug for skill in read.skills] == ["python"]
        assert "/skills/0/level" in read.unmapped

    def test_a_number_or_a_single_value_stands_where_a_text_or_a_list_is_asked(self, vocabulary):
        odd = {"skills": {"name": "Programming", "keywords": "Python"}, "basics": {"name": 7}}

        read = preview(content(odd))

        assert {skill.slug for skill in read.skills} >= {"python"}
        assert (read.name, read.unread) == ("7", ())

    @pytest.mark.parametrize(
        "skills",
        [
            ["Python", "SQL"],
            "Python, SQL",
            "Python; SQL",
            [{"name": "Programming", "keywords": "Python, SQL"}],
            {"name": "Python", "keywords": "SQL"},
            [None, "Python", {"name": "SQL", "level": None}],
        ],
    )
    def test_skills_as_exporters_write_them(self, vocabulary, skills):
        read = preview(content({"skills": skills}))

        assert {skill.slug for skill in read.skills} >= {"python", "sql"}
        assert read.unread == ()

    @pytest.mark.parametrize(
        "end",
        ["2024-7", "2024/07", "07/2024", "July 2024", "2024-07-01T00:00:00.000Z", "31 July 2024",
         "2024", 2024.0],
    )  # fmt: skip
    def test_dates_that_are_written_otherwise_end_all_the_same(self, end):
        education = [
            {"institution": "Roundhay School", "endDate": end},
            {"institution": "University of Leeds", "startDate": "Sept 2024", "endDate": "2027-06"},
        ]
        read = preview(content({"education": education}))

        assert read.facts == {"school": "University of Leeds"}
        assert read.unread == ()

    @pytest.mark.parametrize("end", ["bis heute", "aujourd\u2019hui", "Present day", "En cours"])
    def test_what_goes_on_in_other_words_comes_first(self, end):
        education = [
            {"institution": "Roundhay School", "endDate": "2099"},
            {"institution": "University of Leeds", "startDate": "2024-09", "endDate": end},
        ]

        assert preview(content({"education": education})).facts == {"school": "University of Leeds"}

    @pytest.mark.parametrize("end", ["last summer", "2024-20", "13/2024", "03/04", "20245"])
    def test_an_end_that_nobody_can_read_is_named_and_is_no_sign_of_going_on(self, end):
        education = [
            {"institution": "Roundhay School", "startDate": "2018", "endDate": end},
            {"institution": "University of Leeds", "startDate": "2024-09", "endDate": "2027-06"},
        ]
        read = preview(content({"education": education}))

        assert read.facts == {"school": "University of Leeds"}
        assert read.unread == ("/education/0/endDate",)

    @pytest.mark.parametrize(
        "broken",
        [
            b"", b"{", b"NaN", b'{"basics": NaN}', b"\xff\xfe{}", b"[" * 100_000,
            b'{"a":' * 9 + b"1" + b"}" * 9, b'{"a": ' + b"9" * 5000 + b"}",
        ],
    )  # fmt: skip
    def test_what_is_no_json_is_refused(self, broken):
        with pytest.raises(Invalid) as refused:
            preview(broken)

        assert refused.value.faults[0].code == "not_json"

    def test_the_size_is_bounded(self):
        with pytest.raises(Invalid) as refused:
            preview(b" " * (256 * 1024 + 1))

        assert refused.value.faults[0].code == "too_large"

    def test_the_schema_knows_every_section_of_the_standard(self):
        assert set(SECTIONS) == {
            "$schema", "basics", "work", "volunteer", "education", "awards", "certificates",
            "publications", "skills", "languages", "interests", "references", "projects", "meta",
        }  # fmt: skip


@pytest.mark.django_db
class TestKeep:
    def test_joins_skills_and_lowers_no_level(self, vocabulary):
        profile = CandidateProfileFactory(user__name="", interests={"law": 1})
        python = Skill.objects.get(slug="python")
        CandidateSkillFactory(profile=profile, skill=python, level=4)
        other = CandidateSkillFactory(profile=profile, level=1)

        keep(owner=profile.user, content=content(RESUME), at=AT)

        profile.refresh_from_db()
        profile.user.refresh_from_db()
        levels = dict(profile.skills.values_list("skill__slug", "level"))
        assert levels["python"] == 4
        assert levels[other.skill.slug] == 1
        assert profile.headline == "Second-year statistician"
        assert profile.interests == {"law": 1, "data": 1}
        assert profile.user.name == "Ines Okafor"

    def test_a_name_that_stands_is_not_overwritten(self):
        profile = CandidateProfileFactory(user__name="Ines O.")

        keep(owner=profile.user, content=content(RESUME), at=AT)

        profile.user.refresh_from_db()
        assert profile.user.name == "Ines O."

    def test_nobody_without_a_profile_keeps_anything(self):
        with pytest.raises(NotFound):
            keep(owner=UserFactory(), content=b"{}", at=AT)


@pytest.mark.django_db
class TestWrite:
    def test_is_a_valid_resume_with_signed_work(self, vocabulary):
        profile = CandidateProfileFactory(about="Tables.", school="Leeds")
        CandidateSkillFactory(profile=profile, skill=Skill.objects.get(slug="python"), level=3)
        signed = ApplicationFactory(profile=profile, completed=True)
        CompletionFactory(
            application=signed, signed=True, deliverables=[{"title": "A report", "url": ""}]
        )
        CompletionFactory(application=ApplicationFactory(profile=profile, completed=True))

        resume = json_resume.write(owner=profile.user)

        assert mend(resume) == (resume, ())
        (work,) = resume["work"]
        assert work["name"] == signed.opportunity.employer.name
        assert work["highlights"] == ["A report"]
        assert resume["skills"] == [{"name": "Python", "level": "Advanced"}]
        assert "references" not in resume

    def test_reading_it_again_changes_nothing(self, vocabulary):
        profile = CandidateProfileFactory(about="Tables.", school="Leeds")
        for level, slug in enumerate(("python", "javascript", "typescript", "programming")):
            CandidateSkillFactory(
                profile=profile, skill=Skill.objects.get(slug=slug), level=level + 1
            )
        resume = json_resume.write(owner=profile.user)

        keep(owner=profile.user, content=content(resume), at=AT)

        again = json_resume.write(owner=profile.user)
        del resume["meta"], again["meta"]
        assert again == resume
