"""Roles and searches that candidates keep."""

from datetime import UTC, datetime

import pytest

from opportunities.candidates import profiles, saving
from opportunities.candidates.models import SavedRole, SavedSearch
from opportunities.core.errors import Invalid, LimitReached, NotFound
from tests.factories import (
    CandidateProfileFactory,
    OpportunityFactory,
    SavedRoleFactory,
    SavedSearchFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def owner():
    return CandidateProfileFactory().user


class TestSaveRole:
    def test_keeps_a_role_once(self, owner):
        role = OpportunityFactory(open=True)

        one = saving.save_role(owner=owner, opportunity_id=role.public_id, at=AT)
        two = saving.save_role(owner=owner, opportunity_id=role.public_id, at=AT)

        assert one == two
        assert [row.opportunity for row in owner.profile.saved_roles.all()] == [role]

    def test_a_profile_without_an_account_keeps_roles_too(self):
        kept = profiles.create(facts={}, at=AT)
        role = OpportunityFactory(open=True)

        saving.save_role(owner=kept.secret, opportunity_id=role.public_id, at=AT)

        assert kept.profile.saved_roles.count() == 1

    @pytest.mark.parametrize("trait", ["in_review", "removed"])
    def test_a_role_that_the_owner_may_not_see_does_not_exist(self, owner, trait):
        role = OpportunityFactory(**{trait: True})

        with pytest.raises(NotFound):
            saving.save_role(owner=owner, opportunity_id=role.public_id, at=AT)

    def test_who_has_no_profile_keeps_nothing(self):
        role = OpportunityFactory(open=True)

        with pytest.raises(NotFound):
            saving.save_role(owner=UserFactory(), opportunity_id=role.public_id, at=AT)

    def test_the_number_is_bounded(self, owner, monkeypatch):
        monkeypatch.setattr(saving, "MAX_ROLES", 1)
        SavedRoleFactory(profile=owner.profile)
        role = OpportunityFactory(open=True)

        with pytest.raises(LimitReached):
            saving.save_role(owner=owner, opportunity_id=role.public_id, at=AT)

    def test_removes_ones_own_only(self, owner):
        mine = SavedRoleFactory(profile=owner.profile)
        other = SavedRoleFactory(opportunity=mine.opportunity)

        saving.forget_role(owner=owner, opportunity_id=mine.opportunity.public_id)
        saving.forget_role(owner=owner, opportunity_id=mine.opportunity.public_id)

        assert list(SavedRole.objects.all()) == [other]


class TestSaveSearch:
    def test_keeps_the_filters_in_one_spelling(self, owner):
        one = saving.save_search(
            owner=owner, query="?mode=remote&field=design&field=data&cursor=abc", name="A", at=AT
        )
        two = saving.save_search(
            owner=owner, query="field=data&field=design&mode=remote", name="B", at=AT
        )

        assert one.pk == two.pk
        assert two.name == "B"
        assert one.query == "field=data&field=design&mode=remote"
        assert one.looked_at == AT

    @pytest.mark.parametrize(
        ("query", "name", "rhythm", "field"),
        [
            ("colour=red", "A", "daily", "query"),
            ("kind=huge", "A", "daily", "query"),
            ("q=" + "x" * 1000, "A", "daily", "query"),
            ("field=data", " ", "daily", "name"),
            ("field=data", "A" * 81, "daily", "name"),
            ("field=data", "A\x00", "daily", "name"),
            ("field=data", "A", "hourly", "rhythm"),
        ],
    )
    def test_refuses_what_the_list_would_refuse(self, owner, query, name, rhythm, field):
        with pytest.raises(Invalid) as refused:
            saving.save_search(owner=owner, query=query, name=name, rhythm=rhythm, at=AT)

        assert refused.value.faults[0].field == field

    def test_the_number_is_bounded(self, owner, monkeypatch):
        monkeypatch.setattr(saving, "MAX_SEARCHES", 1)
        SavedSearchFactory(profile=owner.profile)

        with pytest.raises(LimitReached):
            saving.save_search(owner=owner, query="field=law", name="A", at=AT)

    def test_changes_and_removes_ones_own_only(self, owner):
        mine = SavedSearchFactory(profile=owner.profile)
        other = SavedSearchFactory()

        changed = saving.change_search(owner=owner, search_id=mine.public_id, rhythm="off")
        assert (changed.name, changed.rhythm) == (mine.name, "off")
        with pytest.raises(NotFound):
            saving.change_search(owner=owner, search_id=other.public_id, rhythm="off")
        with pytest.raises(NotFound):
            saving.forget_search(owner=owner, search_id=other.public_id)
        saving.forget_search(owner=owner, search_id=mine.public_id)

        assert list(SavedSearch.objects.all()) == [other]


class TestPage:
    def test_says_to_a_visitor_how_to_see_what_an_account_saved(self, client):
        there = '<a href="/accounts/login/?next=/saved/">Sign in</a> to see what you saved'

        assert there in client.get("/saved/").text
        client.force_login(UserFactory())
        assert "to see what you saved" not in client.get("/saved/").text
