"""A profile belongs to whoever holds its account or its secret, and holds only what passes."""

from datetime import UTC, date, datetime

import pytest

from opportunities.candidates import profiles
from opportunities.candidates.fields import FIELDS
from opportunities.candidates.models import CandidateProfile
from opportunities.core.errors import Conflict, Invalid, NotFound
from opportunities.core.signals import profile_changed, profile_changing
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    CandidateSkillFactory,
    SkillFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 7, 9, tzinfo=UTC)


def kept(**facts):
    return profiles.create(facts=facts, at=NOW)


class TestCreate:
    def test_without_an_account_a_secret_opens_it_and_is_not_stored(self):
        profile, secret = kept(goal=0.2, interests={"data": 1})

        assert profiles.find(owner=secret) == profile
        assert secret not in str(CandidateProfile.objects.values().get())
        assert profile.available_from == NOW.date()

    def test_with_an_account_there_is_no_secret_and_only_one_profile(self):
        user = UserFactory()

        profile, secret = profiles.create(facts={}, at=NOW, user=user)

        assert secret is None
        assert profiles.find(owner=user) == profile
        with pytest.raises(Conflict):
            profiles.create(facts={}, at=NOW, user=user)

    def test_keeps_skills_and_targets_by_their_slugs(self):
        python, writing = SkillFactory(slug="python"), SkillFactory(slug="writing")

        profile, _ = kept(skills={"python": 3}, targets={"writing": 2})

        assert list(profile.skills.values_list("skill", "level")) == [(python.pk, 3)]
        assert list(profile.targets.values_list("skill", "priority")) == [(writing.pk, 2)]

    def test_announces_the_profile_inside_and_after_the_transaction(
        self, django_capture_on_commit_callbacks
    ):
        heard = []

        def listen(sender, profile_id, signal, **_):
            heard.append((signal is profile_changing, profile_id))

        profile_changing.connect(listen)
        profile_changed.connect(listen)
        with django_capture_on_commit_callbacks(execute=True):
            profile, _ = kept()
        profile_changing.disconnect(listen)
        profile_changed.disconnect(listen)

        assert heard == [(True, profile.pk), (False, profile.pk)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("goal", 1.1),
        ("goal", float("nan")),
        ("goal", True),
        ("explore", "much"),
        ("hours_per_week", 81),
        pytest.param("hours_per_week", 10**4000, id="hours of 4000 digits"),
        ("available_from", "2026-13-01"),
        ("available_from", "9999-01-01"),
        ("available_until", "2020-01-01"),
        ("weekly_hours", [{"from": "2027-01-01", "until": "2026-01-01", "hours": 3}]),
        ("weekly_hours", [{"from": "2027-01-01", "hours": 3}]),
        (
            "weekly_hours",
            [
                {"from": "2027-01-01", "until": "2027-02-01", "hours": 3},
                {"from": "2027-02-01", "until": "2027-03-01", "hours": 3},
            ],
        ),
        ("blocked_weeks", ["2026-12-08"]),
        ("interests", {"sorcery": 1}),
        ("interests", ["data"]),
        ("fields_done", [["data"]]),
        ("field_rule", "never"),
        ("field_rule", None),
        ("modes", []),
        ("modes", ["by pigeon"]),
        ("regions", ["x" * 121]),
        ("currency", "XXX"),
        ("rate_floor_minor", -1),
        ("rate_floor_minor", 12.5),
        ("rate_target_minor", 0),
        ("credit", None),
        ("evidence_wanted", ["a medal"]),
        ("importance", {"skills": 5}),
        ("top3", ["skills", "pay", "depth", "speed"]),
        ("enrolled", "yes"),
        ("age_ok", 100),
        ("rights", ["gb"]),
        ("headline", "x" * 121),
        ("headline", "\x00"),
        ("headline", "\ud800"),
        ("skills", {"unheard-of": 2}),
        ("skills", {"\ud800": 2}),
        ("skills", {"python": 5}),
        ("targets", {"python": 0}),
        ("user", 1),
        ("secret_digest", "0" * 64),
        ("gender", "f"),
    ],
)
def test_a_fact_that_does_not_pass_is_named_and_nothing_is_kept(name, value):
    SkillFactory(slug="python")

    with pytest.raises(Invalid) as refused:
        kept(**{name: value})

    assert refused.value.faults[0].field.split("/")[0] == name
    assert not CandidateProfile.objects.exists()


def test_every_fact_of_the_table_is_a_column_that_keeps_its_checked_value():
    facts = {
        "available_until": "2027-06-01",
        "blocked_weeks": ["2026-12-21", "2026-12-14"],
        "weekly_hours": [{"from": "2027-01-04", "until": "2027-02-01", "hours": 5}],
        "interests": {"data": 1, "software": 0.5},
        "field_rule": "first",
        "importance": {"pay": 4},
        "top3": ["pay", "skills"],
        "rights": ["GB"],
        "regions": ["north"],
        "rate_floor_minor": 1200,
        "scope_wish": None,
    }

    profile = CandidateProfile.objects.get(pk=kept(**facts).profile.pk)

    assert set(FIELDS) <= {field.name for field in CandidateProfile._meta.get_fields()}
    assert profile.blocked_weeks == [date(2026, 12, 14), date(2026, 12, 21)]
    assert profile.weekly_hours == [{"from": "2027-01-04", "until": "2027-02-01", "hours": 5.0}]
    assert profile.top3 == ["pay", "skills"]
    assert profile.field_rule == "first"
    assert CandidateProfile().field_rule == "open"


class TestChange:
    def test_changes_what_is_named_and_counts_the_version(self):
        profile, secret = kept(goal=0.2, explore=0.9)

        profiles.change(owner=secret, facts={"goal": 0.7}, at=NOW)

        profile.refresh_from_db()
        assert (profile.goal, profile.explore, profile.version) == (0.7, 0.9, 2)

    def test_holds_dates_against_those_already_kept(self):
        _, secret = kept(available_from="2027-01-10")

        with pytest.raises(Invalid):
            profiles.change(owner=secret, facts={"available_until": "2027-01-09"}, at=NOW)

    def test_a_verified_level_stays_verified_and_a_higher_claim_is_not(self):
        profile = CandidateProfileFactory()
        shown = CandidateSkillFactory(profile=profile, level=2, verified=True).skill

        profiles.change(owner=profile.user, facts={"skills": {shown.slug: 2}}, at=NOW)
        assert profile.skills.get().verified

        profiles.change(owner=profile.user, facts={"skills": {shown.slug: 4}}, at=NOW)
        assert not profile.skills.get().verified

    def test_a_stranger_finds_nothing(self):
        kept()

        for owner in (UserFactory(), "guess"):
            with pytest.raises(NotFound):
                profiles.change(owner=owner, facts={"goal": 1}, at=NOW)


class TestSecret:
    def test_rotating_closes_the_link_before(self):
        profile, secret = kept()

        newer = profiles.rotate_secret(owner=secret)

        assert profiles.find(owner=newer) == profile
        with pytest.raises(NotFound):
            profiles.find(owner=secret)

    def test_revoking_leaves_only_the_account(self):
        profile = CandidateProfileFactory()
        secret = profiles.rotate_secret(owner=profile.user)

        profiles.revoke_secret(owner=profile.user)

        with pytest.raises(NotFound):
            profiles.find(owner=secret)
        assert profiles.find(owner=profile.user) == profile


class TestAdopt:
    def test_gives_the_answers_to_the_account_and_closes_the_link(self):
        profile, secret = kept(goal=0.9)
        user = UserFactory()

        profiles.adopt(secret=secret, user=user, at=NOW)

        assert profiles.find(owner=user) == profile
        with pytest.raises(NotFound):
            profiles.find(owner=secret)

    def test_replaces_the_answers_of_an_account_only_if_told_to(self):
        python = SkillFactory(slug="python")
        own = CandidateProfileFactory(goal=0.1)
        application = ApplicationFactory(profile=own)
        _, secret = kept(goal=0.9, skills={"python": 1})

        with pytest.raises(Conflict):
            profiles.adopt(secret=secret, user=own.user, at=NOW)
        adopted = profiles.adopt(secret=secret, user=own.user, at=NOW, replace=True)

        assert adopted.pk == own.pk
        assert adopted.goal == 0.9
        assert adopted.skills.get().skill == python
        assert adopted.applications.get() == application
        assert CandidateProfile.objects.count() == 1

    def test_a_secret_is_worthless_to_others_once_the_profile_has_an_account(self):
        profile = CandidateProfileFactory()
        secret = profiles.rotate_secret(owner=profile.user)

        with pytest.raises(NotFound):
            profiles.adopt(secret=secret, user=UserFactory(), at=NOW)
