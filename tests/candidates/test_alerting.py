"""New roles and closing ones are told once, with the reason, at most once a day."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from opportunities.candidates import alerts
from opportunities.messaging import delivery
from opportunities.messaging.models import Delivery, Notice
from opportunities.messaging.quiet import preference_of
from tests.factories import (
    ApplicationFactory,
    BlockedEmployerFactory,
    CandidateProfileFactory,
    OpportunityFactory,
    SavedRoleFactory,
    SavedSearchFactory,
)

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
BEFORE = AT - timedelta(days=2)


def search(**options):
    return SavedSearchFactory(
        **{"query": "field=data&mode=remote", "at": BEFORE, "name": "Remote data", **options}
    )


def opened(at=AT - timedelta(hours=20), **options):
    return OpportunityFactory(open=True, at=at, **options)


@pytest.mark.django_db
class TestNewRoles:
    def test_tells_of_roles_opened_since_with_the_reason(self):
        kept = search()
        role = opened(title="Survey analyst")
        opened(field="law", title="Court clerk")
        opened(at=BEFORE - timedelta(days=1), title="Old one")

        assert alerts.tell_new_roles(at=AT) == 1

        notice = Notice.objects.get()
        assert notice.recipient == kept.profile.user
        assert notice.subject == "1 new role passes your saved searches"
        assert (
            "Remote data (Field of work: Data and analysis; Where the work is done: Remote):"
            in notice.body
        )
        assert f"Survey analyst, {role.employer.name}" in notice.body
        assert "Court clerk" not in notice.body
        assert "Old one" not in notice.body
        assert not notice.is_decision
        assert Delivery.objects.count() == 1

    def test_the_link_in_its_mail_stops_alerts_and_nothing_else(self, client):
        person = search().profile.user
        opened()
        alerts.tell_new_roles(at=AT)
        path = delivery.unsubscribe_path(person, kind=Notice.objects.get().kind)
        assert "This stops email about your saved searches." in client.get(path).text

        stopped = client.post(path).text

        assert "You no longer get email about your saved searches." in stopped
        assert preference_of(person).rhythm == "each"
        opened(at=AT + timedelta(hours=1))
        assert alerts.tell_new_roles(at=AT + timedelta(days=2)) == 0

    def test_tells_at_most_once_a_day(self):
        search()
        opened()

        assert alerts.tell_new_roles(at=AT) == 1
        opened(at=AT + timedelta(hours=1))
        assert alerts.tell_new_roles(at=AT + timedelta(hours=2)) == 0
        assert alerts.tell_new_roles(at=AT + timedelta(hours=21)) == 0
        assert alerts.tell_new_roles(at=AT + timedelta(hours=22)) == 1
        assert Notice.objects.count() == 2

    def test_a_day_that_no_sweep_ran_is_made_up_for(self):
        search()
        opened()
        opened(at=AT + timedelta(days=1))

        assert alerts.tell_new_roles(at=AT + timedelta(days=2)) == 1
        assert Notice.objects.get().subject.startswith("2 new roles")

    def test_weekly_means_every_seventh_day(self):
        search(rhythm="weekly", at=AT)
        opened(at=AT + timedelta(hours=1))
        days = [day for day in range(1, 9) if alerts.tell_new_roles(at=AT + timedelta(days=day))]

        assert days == [7]

    def test_off_means_off(self):
        search(rhythm="off")
        opened()

        assert alerts.tell_new_roles(at=AT) == 0

    def test_several_searches_share_one_notice_and_name_a_role_once(self):
        first = search()
        search(profile=first.profile, query="mode=remote", name="All remote")
        opened(title="Survey analyst")
        opened(title="Court clerk", field="law")

        alerts.tell_new_roles(at=AT)

        body = Notice.objects.get().body
        assert body.count("Survey analyst") == 1
        assert body.index("Remote data") < body.index("All remote")

    def test_leaves_out_blocked_employers_and_roles_applied_to(self):
        profile = search().profile
        blocked, applied = opened(), opened()
        BlockedEmployerFactory(profile=profile, employer=blocked.employer)
        ApplicationFactory(profile=profile, opportunity=applied)

        assert alerts.tell_new_roles(at=AT) == 0

    def test_a_search_that_the_list_no_longer_knows_tells_nothing(self):
        search(query="colour=red")
        opened()

        assert alerts.tell_new_roles(at=AT) == 0

    def test_a_profile_without_an_account_has_no_address_to_write_to(self):
        search(profile=CandidateProfileFactory(anonymous=True))
        opened()

        assert alerts.tell_new_roles(at=AT) == 0


@pytest.mark.django_db
class TestDeadlines:
    def closing(self, days):
        return OpportunityFactory(open=True, at=BEFORE, apply_by=AT.date() + timedelta(days=days))

    def test_reminds_once_of_a_saved_role_that_closes_within_days(self):
        saved = SavedRoleFactory(opportunity=self.closing(3))
        SavedRoleFactory(opportunity=self.closing(4))

        assert alerts.remind_of_deadlines(at=AT) == 1
        assert alerts.remind_of_deadlines(at=AT) == 0

        notice = Notice.objects.get()
        assert notice.recipient == saved.profile.user
        assert saved.opportunity.title in notice.body
        assert notice.url.endswith(f"-{saved.opportunity.public_id}/")

    def test_several_roles_of_a_person_are_one_notice(self):
        saved = [SavedRoleFactory(opportunity=self.closing(2))]
        saved += [
            SavedRoleFactory(profile=saved[0].profile, opportunity=self.closing(days))
            for days in (1, 3)
        ]

        assert alerts.remind_of_deadlines(at=AT) == 1
        assert alerts.remind_of_deadlines(at=AT) == 0

        notice = Notice.objects.get()
        assert (notice.subject, notice.url) == ("3 roles that you saved close soon", "/saved/")
        places = [notice.body.index(row.opportunity.title) for row in saved]
        assert places[1] < places[0] < places[2]

    def test_is_silent_after_an_application_or_where_the_role_is_gone(self):
        applied = SavedRoleFactory(opportunity=self.closing(2))
        ApplicationFactory(profile=applied.profile, opportunity=applied.opportunity)
        SavedRoleFactory(opportunity=OpportunityFactory(closed=True, at=BEFORE))
        SavedRoleFactory(opportunity=self.closing(-1))

        assert alerts.remind_of_deadlines(at=AT) == 0


@pytest.mark.django_db(transaction=True)
def test_three_sweeps_at_once_tell_each_thing_once():
    for _ in range(5):
        search()
        SavedRoleFactory(opportunity=OpportunityFactory(open=True, at=BEFORE, apply_by=AT.date()))
    opened()
    barrier = Barrier(3, timeout=60)

    def sweep():
        barrier.wait()
        alerts.tell_new_roles(at=AT)
        alerts.remind_of_deadlines(at=AT)
        connection.close()

    threads = [Thread(target=sweep) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Notice.objects.filter(kind="new_roles").count() == 5
    assert Notice.objects.filter(kind="saved_role_closes").count() == 5
