"""New people find the employer: on the role's page, by notice, under pseudonyms, and in bounds."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.core import mail
from django.core.management import call_command

from matching import limits
from matching.introductions import people
from matching.jobs import introducing
from matching.models import Introduction, IntroductionPreference, Toward
from matching.recommending.reach import Reach, reach
from matching.shortlists import newcomers
from opportunities.applications.models import RoleInvitation
from opportunities.candidates import moving
from opportunities.candidates.models import BlockedEmployer, CandidateProfile, Visibility
from opportunities.core.lifecycle import RoleStatus
from opportunities.core.models import Site
from opportunities.messaging import delivery
from opportunities.messaging.models import Notice
from opportunities.privacy import retention
from opportunities.roles.models import Opportunity
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    CandidateSkillFactory,
    MembershipFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
)
from tests.matching.markets import edit_profile, market_at, publish, work_off

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_ten():
    with market_at(NOW):
        yield


@pytest.fixture
def role():
    role = OpportunityFactory(open=True, at=NOW, hours_per_week=10)
    OpportunitySkillFactory(opportunity=role)
    return role


@pytest.fixture
def member(role):
    return MembershipFactory(employer=role.employer).user


def comer(role, **facts):
    """Store somebody who fits the role and says so, and let the workers do what is owed."""
    facts = {"visibility": Visibility.PSEUDONYM, "at": NOW, **facts}
    profile = CandidateProfileFactory(**facts)
    CandidateSkillFactory(profile=profile, skill=role.skills.get().skill, level=3)
    edit_profile(profile, at=NOW)
    work_off(NOW)
    return profile


def introduced(role):
    rows = Introduction.objects.to_employers().filter(role=role)
    return set(rows.values_list("candidate", flat=True))


def tell(at):
    people.plan_new(at=at)
    people.tell_due(at=at)
    delivery.deliver(at=at)
    return list(mail.outbox)


class TestIntroducing:
    def test_somebody_new_who_fits_is_introduced_once(self, role):
        publish()

        profile = comer(role)
        edit_profile(profile, at=NOW, hours_per_week=30)
        work_off(NOW)

        assert introduced(role) == {profile.pk}
        assert Introduction.objects.to_employers().count() == 1

    def test_who_was_introduced_waits_for_no_lock(self, role, monkeypatch):
        publish()
        profile = comer(role)
        edit_profile(profile, at=NOW, hours_per_week=30)
        asked, plain = [], psycopg.Cursor.execute

        def execute(cursor, query, *positional, **named):
            asked.append(str(query))
            return plain(cursor, query, *positional, **named)

        monkeypatch.setattr(psycopg.Cursor, "execute", execute)
        work_off(NOW)

        assert any("SELECT number - 1 AS number FROM told" in query for query in asked)
        assert introducing._LOCK not in asked
        assert not any("INSERT INTO matching_introduction" in query for query in asked)

    def test_who_is_hidden_unconfirmed_or_names_no_skill_is_not(self, role):
        publish()

        comer(role, visibility=Visibility.HIDDEN)
        comer(role, anonymous=True)
        plain = CandidateProfileFactory(visibility=Visibility.PSEUDONYM, at=NOW)
        edit_profile(plain, at=NOW)
        work_off(NOW)

        assert introduced(role) == set()

    def test_who_stands_on_the_list_already_is_no_news(self, role):
        profile = comer(role)
        publish()

        edit_profile(profile, at=NOW, hours_per_week=30)
        work_off(NOW)

        assert introduced(role) == set()

    def test_a_role_has_so_many_new_people_a_day(self, role):
        publish()

        for _ in range(limits.EMPLOYER_A_DAY + 2):
            comer(role)

        assert len(introduced(role)) == limits.EMPLOYER_A_DAY


class TestNotice:
    def test_tells_the_members_once_and_names_nobody(self, role, member):
        publish()
        profile = comer(role, headline="A headline that gives them away")
        comer(role)

        (message,) = tell(NOW)
        assert len(tell(NOW)) == 1

        assert message.subject.startswith("Foothold: 2 new people fit ")
        assert message.to == [member.email]
        assert "The best match is" in message.body
        assert "headline" not in message.body
        assert profile.public_id not in message.body
        assert Notice.objects.get().url == f"/employer/roles/{role.public_id}/"

    def test_the_next_one_of_a_role_comes_a_day_later(self, role, member):
        publish()
        comer(role)
        assert len(tell(NOW)) == 1
        comer(role)

        assert len(tell(NOW + timedelta(hours=23))) == 1
        assert len(tell(NOW + timedelta(hours=24))) == 2

    @pytest.mark.parametrize("passed", ["closed", "hidden", "applied", "invited", "blocked"])
    def test_leaves_out_what_has_passed(self, role, member, passed):
        publish()
        profile = comer(role)
        people.plan_new(at=NOW)
        people.tell_due(at=NOW)
        assert Notice.objects.exists()
        match passed:
            case "closed":
                Opportunity.objects.update(status=RoleStatus.CLOSED, closed_at=NOW)
            case "hidden":
                CandidateProfile.objects.update(visibility=Visibility.HIDDEN)
            case "applied":
                ApplicationFactory(opportunity=role, profile=profile)
            case "invited":
                RoleInvitation.objects.create(opportunity=role, profile=profile, invited_at=NOW)
            case "blocked":
                BlockedEmployer.objects.create(
                    profile=profile, employer=role.employer, blocked_at=NOW
                )

        delivery.deliver(at=NOW)

        assert mail.outbox == []
        assert not Notice.objects.filter(kind="new_people").exists()


class TestPage:
    def test_shows_them_with_the_invitation_at_hand(self, client, role, member):
        publish()
        profile = comer(role)
        client.force_login(member)

        page = client.get(f"/employer/roles/{role.public_id}/").text

        assert "1 new person fits this role" in page
        handle = page.split('name="handle" value="')[1].split('"')[0]
        assert profile.public_id not in page
        client.post(f"/employer/roles/{role.public_id}/invite/", {"handle": handle})
        assert RoleInvitation.objects.get().profile == profile
        assert "new person fits" not in client.get(f"/employer/roles/{role.public_id}/").text

    def test_who_is_not_shown_yet_stays_new(self, role, member, monkeypatch):
        monkeypatch.setattr(limits, "NAMED_AT_ONCE", 2)
        publish()
        everybody = [comer(role) for _ in range(3)]

        found = newcomers.newcomers_of(role, actor=member, at=NOW)

        assert (found.count, len(found.rows)) == (3, 2)
        [waits] = newcomers.current(role, at=NOW).unseen()
        assert waits.candidate in everybody
        assert waits.candidate_id not in {row.person.id for row in found.rows}

    def test_keeps_to_the_number_of_profiles_of_a_day(self, client, role, member):
        site = Site.load()
        site.profiles_per_day = 0
        site.save()
        publish()
        comer(role)
        client.force_login(member)

        page = client.get(f"/employer/roles/{role.public_id}/").text

        assert "1 new person fits this role" in page
        assert 'name="handle"' not in page
        assert newcomers.current(role, at=NOW).unseen().count() == 1


class TestReach:
    def test_counts_the_steps_of_both_directions(self, role, member, capsys, tmp_path):
        publish()
        seen, invited = comer(role), comer(role)
        Introduction.objects.filter(candidate=seen).update(seen_at=NOW)
        RoleInvitation.objects.create(opportunity=role, profile=invited, invited_at=NOW)
        for profile in (seen, invited, CandidateProfileFactory(anonymous=True)):
            Introduction.objects.create(candidate=profile, role=role, score=50, at=NOW)
        Introduction.objects.to_candidates().filter(candidate=seen).update(opened_at=NOW)
        ApplicationFactory(opportunity=role, profile=seen, at=NOW)

        assert reach(Toward.CANDIDATE) == Reach(introduced=2, opened=1, invited=1, applied=1)
        assert reach(Toward.EMPLOYER) == Reach(introduced=2, opened=1, invited=1, applied=1)
        assert reach(Toward.EMPLOYER, roles=[]).introduced == 0
        call_command("evaluate_matching", json=tmp_path / "figures.json")
        assert "introductions to the candidate: introduced 2, opened 1" in capsys.readouterr().out


class TestMoving:
    def test_a_guest_takes_all_into_the_account_and_is_told_no_pair_twice(self, role):
        guest, own = CandidateProfileFactory(anonymous=True), CandidateProfileFactory()
        other = OpportunityFactory(open=True, at=NOW)
        for profile, job in ((guest, role), (guest, other), (own, role)):
            Introduction.objects.create(candidate=profile, role=job, score=50, at=NOW)
        IntroductionPreference.objects.create(profile=guest, rhythm="weekly")

        moving.absorb(guest, own)

        rows = Introduction.objects.values_list("candidate", "role")
        assert set(rows) == {(own.pk, role.pk), (own.pk, other.pk)}
        assert IntroductionPreference.objects.get().rhythm == "weekly"


class TestRetention:
    def test_empties_old_reasons_and_keeps_the_pair(self, role):
        profile = CandidateProfileFactory()
        Introduction.objects.create(
            candidate=profile, role=role, score=50, at=NOW, reasons=["It pays well."]
        )

        assert retention.sweep(at=NOW + timedelta(days=365))["introductions"] == 0
        assert retention.sweep(at=NOW + timedelta(days=366))["introductions"] == 1

        assert Introduction.objects.get().reasons == []
