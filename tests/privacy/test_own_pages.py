"""Pages of what a person saved, and of their own data."""

import io
import json
import re
import zipfile
from functools import partial

import pytest

from opportunities.accounts.models import User
from opportunities.candidates.models import (
    BlockedEmployer,
    CandidateProfile,
    SavedRole,
    SavedSearch,
)
from opportunities.skills import loading
from opportunities.skills.models import Skill
from opportunities.skills.vocabulary.meaning import word_vectors
from tests.candidates.hostile_files import lock_changes, pdf, written
from tests.factories import (
    CandidateProfileFactory,
    CandidateSkillFactory,
    OpportunityFactory,
    SavedRoleFactory,
    SavedSearchFactory,
    UserFactory,
    employer_with_owner,
)
from tests.importing.advert_files import docx, paragraph

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidate(client):
    user = CandidateProfileFactory().user
    client.force_login(user)
    return user


def page(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_way_to_another_password_stands_with_the_account(client, candidate):
    assert 'href="/accounts/password/change/">Password' in page(client.get("/me/"))


class TestSaved:
    def test_saves_lists_and_lets_go(self, client, candidate):
        role = OpportunityFactory(open=True)

        answer = client.post(f"/saved/{role.public_id}/")
        assert answer.url == f"/opportunities/{role.slug}-{role.public_id}/"
        assert role.title in page(client.get("/saved/"))

        client.post(f"/saved/{role.public_id}/remove/")
        assert not SavedRole.objects.exists()

    def test_the_first_thing_kept_makes_a_profile(self, client):
        user = UserFactory()
        client.force_login(user)
        role = OpportunityFactory(open=True)

        client.post(f"/saved/{role.public_id}/")

        assert user.profile.saved_roles.count() == 1

    def test_who_signed_in_on_the_way_comes_back_to_the_role(self, client, candidate):
        role = OpportunityFactory(open=True)

        answer = client.get(f"/saved/{role.public_id}/")

        assert answer.url == f"/opportunities/{role.slug}-{role.public_id}/"
        assert not SavedRole.objects.exists()

    def test_a_role_in_review_does_not_exist_for_the_candidate(self, client, candidate):
        role = OpportunityFactory(in_review=True)

        assert client.post(f"/saved/{role.public_id}/").status_code == 404

    def test_the_list_takes_few_queries(self, client, candidate, django_assert_max_num_queries):
        for _ in range(7):
            SavedRoleFactory(profile=candidate.profile)

        with django_assert_max_num_queries(10):
            page(client.get("/saved/"))

    def test_searches(self, client, candidate):
        client.post("/saved/searches/", {"query": "field=data", "name": "Data"})
        kept = SavedSearch.objects.get()
        assert "Field of work: Data and analysis" in page(client.get("/saved/"))

        client.post(f"/saved/searches/{kept.public_id}/", {"rhythm": "weekly"})
        kept.refresh_from_db()
        assert kept.rhythm == "weekly"
        client.post(f"/saved/searches/{kept.public_id}/", {"action": "remove"})
        assert not SavedSearch.objects.exists()
        for sent, said in (
            ({"action": "remove"}, "This search was removed already."),
            ({"rhythm": "daily"}, "This search was removed meanwhile."),
        ):
            again = client.post(f"/saved/searches/{kept.public_id}/", sent, follow=True)
            assert again.redirect_chain == [("/saved/", 302)]
            assert said in page(again)

    def test_somebody_elses_search_is_as_if_it_did_not_exist(self, client, candidate):
        other = SavedSearchFactory()

        told = [
            page(client.post(f"/saved/searches/{named}/", {"action": "remove"}, follow=True))
            for named in (other.public_id, "never-there")
        ]

        assert all("This search was removed already." in text for text in told)
        assert SavedSearch.objects.get() == other


class TestMe:
    def test_shows_also_who_has_no_profile(self, client):
        client.force_login(UserFactory())

        assert "Make one from six questions" in page(client.get("/me/"))

    def test_chooses_who_sees_the_profile(self, client, candidate):
        offered = page(client.get("/me/"))
        assert offered.count('name="visibility"') == 3
        assert "blocked" not in offered
        client.post("/me/visibility/", {"visibility": "open", "portfolio": "on"})

        candidate.profile.refresh_from_db()
        assert candidate.profile.visibility == "open"
        assert candidate.profile.portfolio_is_public

    def test_blocks_and_lets_back(self, client, candidate):
        employer, _ = employer_with_owner(name="Grim & Sons")

        client.post("/me/blocked/", {"employer": employer.public_id})
        assert "Grim &amp; Sons" in page(client.get("/me/"))
        client.post("/me/blocked/", {"employer": employer.public_id, "action": "unblock"})
        assert not BlockedEmployer.objects.exists()

    def test_downloads_everything(self, client, candidate):
        answer = client.post("/me/export/")

        archived = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        account = json.loads(archived.read("account.json"))
        assert account[0]["email"] == candidate.email

    def test_erases_after_a_fresh_sign_in_and_the_address(self, client, candidate):
        candidate.set_password("correct horse")
        candidate.save()
        client.force_login(candidate)

        asked = client.get("/me/erase/").url
        assert "reauthenticate" in asked
        client.post(asked, {"password": "correct horse"})
        page(client.get("/me/erase/"))
        refused = client.post("/me/erase/", {"confirm": "somebody@example.org"})
        assert refused.status_code == 422
        assert 'aria-invalid="true" aria-describedby="confirm-fault"' in refused.text
        assert refused.text.index('id="confirm-fault"') > refused.text.index('<label for="confirm"')
        assert User.objects.get(pk=candidate.pk).is_active

        client.post("/me/erase/", {"confirm": candidate.email})
        assert not User.objects.get(pk=candidate.pk).is_active
        assert "_auth_user_id" not in client.session

    def test_reads_a_resume_before_it_keeps_it(self, client, candidate):
        resume = json.dumps({"basics": {"label": "Statistician", "phone": "1"}})

        preview = page(client.post("/me/resume/", {"file": io.BytesIO(resume.encode())}))
        assert "Statistician" in preview
        assert "/basics/phone" in preview
        candidate.profile.refresh_from_db()
        assert candidate.profile.headline != "Statistician"

        client.post("/me/resume/", {"content": resume, "action": "keep"})
        candidate.profile.refresh_from_db()
        assert candidate.profile.headline == "Statistician"

    def test_a_resume_tells_only_what_the_profile_does_not_hold_yet(self, client, candidate):
        loading.load_own_skills()
        for slug in ("python", "sql"):
            skill = Skill.objects.get(slug=slug)
            CandidateSkillFactory(profile=candidate.profile, skill=skill, level=2)
        candidate.name = "Ada"
        candidate.save()
        candidate.profile.interests = {"data": 1}
        candidate.profile.save()
        resume = {
            "basics": {"name": "Ada Byron", "label": candidate.profile.headline},
            "skills": [{"name": "Python"}, {"name": "SQL", "level": "expert"}],
            "interests": [{"name": "Data and analysis"}, {"name": "Law"}],
        }

        def read():
            sent = io.BytesIO(json.dumps(resume).encode())
            return page(client.post("/me/resume/", {"file": sent}))

        shown = read()
        assert "This is what would change" in shown
        assert re.findall(r'<li class="tag">([^<]+)</li>', shown) == ["Law", "SQL: expert"]
        assert "<dt>" not in shown
        client.post("/me/resume/", {"content": json.dumps(resume), "action": "keep"})
        again = read()
        assert "Your profile holds all of this already" in again
        assert "Save this" not in again

    @pytest.mark.parametrize("content", ["{", "[1]", "{" + "x" * 300_000])
    def test_a_bad_resume_is_refused_in_words(self, client, candidate, content):
        answer = client.post("/me/resume/", {"file": io.BytesIO(content.encode())})

        assert answer.status_code == 422
        assert "could not be read" in answer.content.decode()

    def test_a_resume_as_exporters_write_it_is_used_and_what_is_odd_is_named(
        self, client, candidate
    ):
        resume = {"basics": {"label": "Statistician"}, "work": [{"startDate": "last year"}]}

        shown = page(client.post("/me/resume/", {"file": io.BytesIO(json.dumps(resume).encode())}))

        assert "Statistician" in shown
        assert "/work/0/startDate" in shown

    @pytest.mark.parametrize(
        "file",
        [
            written("Counted stock in Excel and wrote Python"),
            docx(paragraph("Counted stock in Excel and wrote Python")),
            b"Counted stock in Excel and wrote Python",
            b'{"SkillsPassport": {"Activities": "Counted stock in Excel and wrote Python"}}',
            b"<Candidate><Skills>Counted stock in Excel and wrote Python</Skills></Candidate>",
        ],
        ids=["pdf", "docx", "text", "europass json", "europass xml"],
    )
    def test_a_file_is_read_for_skills_that_are_shown_before_they_are_added(
        self, client, candidate, file
    ):
        loading.load_own_skills()
        CandidateSkillFactory(
            profile=candidate.profile, skill=Skill.objects.get(slug="python"), level=3
        )
        answer = client.post("/me/resume/", {"file": io.BytesIO(file)})
        shown = page(answer)
        assert "Counted stock in" in shown
        assert "You have already: Python." in shown
        assert not re.search(r'value="python:', shown)
        assert candidate.profile.skills.count() == 1
        chosen = re.findall(r'name="skill" value="([^"]+)"', shown)
        client.post("/me/resume/", {"action": "add", "skill": chosen})

        levels = dict(candidate.profile.skills.values_list("skill__slug", "level"))
        assert chosen == ["excel:1"]
        assert levels == {"python": 3, "excel": 1}

    def test_a_file_that_names_only_skills_of_the_profile_offers_nothing(self, client, candidate):
        loading.load_own_skills()
        CandidateSkillFactory(profile=candidate.profile, skill=Skill.objects.get(slug="python"))

        shown = page(client.post("/me/resume/", {"file": io.BytesIO(b"Wrote Python")}))

        assert "Your profile has every skill that we found in it" in shown
        assert "Add these skills" not in shown

    @pytest.mark.skipif(word_vectors() is None, reason="needs the extra semantic")
    def test_what_a_file_may_mean_is_offered_and_not_ticked(self, client, candidate):
        loading.load_own_skills()
        file = io.BytesIO(b"I juggle several deadlines and still deliver on the day\nExcel")

        shown = page(client.post("/me/resume/", {"file": file}))

        assert re.findall(r'name="skill" value="([^"]+)"( checked)?', shown) == [
            ("excel:1", " checked"),
            ("time-management:1", ""),
        ]

    def test_a_scan_is_refused_with_the_reason(self, client, candidate):
        answer = client.post(
            "/me/resume/", {"file": io.BytesIO(pdf(partial(lock_changes, "AES-256")))}
        )

        assert answer.status_code == 422
        assert "it is a scan, a picture of its pages" in answer.text

    @pytest.mark.parametrize("chosen", ["python", "python:9", "unheard-of:1"])
    def test_a_skill_that_was_not_found_cannot_be_added(self, client, candidate, chosen):
        answer = client.post("/me/resume/", {"action": "add", "skill": chosen})

        assert answer.status_code == 422
        assert not candidate.profile.skills.exists()

    @pytest.mark.parametrize(
        "sent",
        [
            {"action": "add", "skill": "unheard-of:1"},
            {"action": "keep", "content": "{"},
        ],
    )
    def test_what_cannot_be_read_makes_no_profile(self, client, sent):
        client.force_login(UserFactory(confirmed=True))

        answer = client.post("/me/resume/", sent)

        assert answer.status_code == 422
        assert not CandidateProfile.objects.exists()
