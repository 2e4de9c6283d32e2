"""By whose clock people read: the zone they chose, else their browser's, else their place's."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.utils import translation

from opportunities.accounts import time_zones
from opportunities.accounts.models import User
from opportunities.core import clock
from opportunities.core.errors import Invalid
from opportunities.messaging import delivery
from tests.factories import (
    CandidateProfileFactory,
    DeliveryFactory,
    EmployerFactory,
    MembershipFactory,
    NoticeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PAGE = "/me/time-zone/"
NOW = datetime(2026, 12, 1, 14, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_known():
    cache.clear()


@pytest.fixture
def reader(client):
    person = UserFactory()
    client.force_login(person)
    return person


def clock_of(client):
    with time_machine.travel(NOW, tick=False):
        return client.get(PAGE).text


class TestWhose:
    def test_utc_where_nothing_is_known(self, client, reader):
        assert "It is Tuesday 1 December 2026, 14:00 UTC." in clock_of(client)

    def test_of_the_place_of_a_profile(self, client, reader):
        CandidateProfileFactory(user=reader, regions=["New York"])

        assert "09:00 EST" in clock_of(client)

    def test_of_the_employers_place(self, client, reader):
        MembershipFactory(user=reader, employer=EmployerFactory(place="Sydney", country="AU"))

        assert "Wednesday 2 December 2026, 01:00 AEDT" in clock_of(client)

    def test_the_browser_stands_above_the_place_and_a_choice_above_both(self, client, reader):
        CandidateProfileFactory(user=reader, regions=["New York"])
        client.cookies["time_zone"] = "Asia/Kolkata"
        assert "19:30 IST" in clock_of(client)

        time_zones.choose(person=reader, time_zone="Europe/Berlin")

        assert "15:00 CET" in clock_of(client)

    @pytest.mark.parametrize(
        "said", ["", "Mars/Olympus", "../../etc/passwd", "localtime", "x" * 5000, "Europe/Berlin\t"]
    )
    def test_a_browser_that_names_no_zone_changes_nothing(self, client, reader, said):
        client.cookies["time_zone"] = said

        assert "14:00 UTC" in clock_of(client)
        assert User.objects.get(pk=reader.pk).browser_zone == ""

    def test_the_api_speaks_utc_to_everybody(self, client, reader):
        NoticeFactory(recipient=reader, at=NOW)
        client.cookies["time_zone"] = "Asia/Kolkata"

        answer = client.get("/api/v1/notices").json()

        assert answer["data"][0]["created_at"] == "2026-12-01T14:00:00Z"

    def test_one_readers_clock_does_not_stay_for_the_next(self, client, reader):
        client.cookies["time_zone"] = "Asia/Kolkata"
        clock_of(client)
        del client.cookies["time_zone"]
        other = UserFactory()
        client.force_login(other)

        assert "14:00 UTC" in clock_of(client)


class TestMails:
    def test_are_by_the_clock_that_the_browser_said_last(self, client, reader):
        assert time_zones.zone_of(reader).key == "UTC"
        client.cookies["time_zone"] = "America/New_York"
        clock_of(client)

        kept = User.objects.get(pk=reader.pk)

        assert time_zones.zone_of(kept).key == "America/New_York"

    def test_people_are_written_to_by_zone(self):
        first, second = UserFactory(time_zone="Asia/Tokyo"), UserFactory(browser_zone="Asia/Tokyo")
        third = CandidateProfileFactory(regions=["Leeds"]).user

        found = time_zones.by_zone([first, second, third])

        assert {zone.key: people for zone, people in found.items()} == {
            "Asia/Tokyo": [first, second],
            "Europe/London": [third],
        }

    def test_say_their_language_and_isolate_other_directions(self, reader):
        notice = NoticeFactory(recipient=reader, body="\u05e9\u05dc\u05d5\u05dd", is_decision=True)
        DeliveryFactory(notice=notice, at=NOW)
        delivery.deliver(at=NOW)
        [(html, _)] = mail.outbox[0].alternatives

        assert '<html lang="en-GB" dir="ltr">' in html
        assert f'<div dir="auto"><p>{notice.body}' in html


class TestChoosing:
    @pytest.mark.parametrize(
        ("typed", "zone"),
        [
            ("Europe/London", "Europe/London"),
            ("europe/london", "Europe/London"),
            (" London ", "Europe/London"),
            ("new york", "America/New_York"),
            ("America/New York", "America/New_York"),
            ("Leeds", "Europe/London"),
            ("Zürich", "Europe/Zurich"),
            ("zurich", "Europe/Zurich"),
            ("Bengaluru", "Asia/Kolkata"),
            ("utc", "UTC"),
            ("Etc/GMT+5", "Etc/GMT+5"),
            ("Lord Howe", "Australia/Lord_Howe"),
            ("Berlin (CET, UTC+1)", "Europe/Berlin"),
            ("Berlin (MESZ, UTC+2)", "Europe/Berlin"),
            ("Lissabon", "Europe/Lisbon"),
            ("Kathmandu (UTC+5:45)", "Asia/Kathmandu"),
        ],
    )
    def test_by_the_name_of_a_zone_or_a_city(self, client, reader, typed, zone):
        answer = client.post(PAGE, {"time_zone": typed})

        assert answer.status_code == 302
        assert User.objects.get(pk=reader.pk).time_zone == zone

    @pytest.mark.parametrize("typed", ["Qqqqzz", "GMT+25", "<b>", "1" * 64])
    def test_an_unknown_name_is_asked_again_and_kept_in_the_box(self, client, reader, typed):
        answer = client.post(PAGE, {"time_zone": typed})

        assert answer.status_code == 422
        assert "No time zone is known by this name" in answer.text
        assert User.objects.get(pk=reader.pk).time_zone == ""

    def test_nothing_follows_the_browser_again(self, client, reader):
        time_zones.choose(person=reader, time_zone="Tokyo")

        client.post(PAGE, {"time_zone": ""})

        assert User.objects.get(pk=reader.pk).time_zone == ""

    def test_the_box_lists_names_to_search(self, client, reader):
        page = clock_of(client)

        assert '<option value="London (GMT, UTC+0)">' in page
        assert '<option value="Lisbon (WET, UTC+0)">' in page
        assert '<option value="Kathmandu (UTC+5:45)">' in page
        assert "Europe/" not in page
        assert 'list="zones"' in page
        assert page.count("<option") > 400

    @pytest.mark.parametrize("language", ["en-gb", "de"])
    @pytest.mark.parametrize("month", [1, 7])
    def test_whatever_is_offered_is_read_as_a_zone_with_that_clock(self, language, month):
        at = datetime(2026, month, 1, 12, tzinfo=UTC)
        with translation.override(language):
            offered = clock.labels(time_zones.OFFERED, at=at)
            read = [clock.label_of(time_zones.read(label), at=at) for label in offered]

        assert read == offered
        assert len({label.split(" (")[0] for label in offered}) == len(offered)

    def test_the_box_shows_a_choice_as_people_know_it(self, client, reader):
        time_zones.choose(person=reader, time_zone="Berlin")

        assert 'value="Berlin (CET, UTC+1)"' in clock_of(client)
        assert "You chose Berlin (CET, UTC+1)." in clock_of(client)

    def test_german_names_the_clock_and_the_town(self, client, reader):
        User.objects.filter(pk=reader.pk).update(language="de", time_zone="Europe/Lisbon")

        page = clock_of(client)

        assert 'value="Lissabon (WEZ, UTC+0)"' in page
        assert "14:00 WEZ" in page

    def test_a_refusal_names_its_field(self):
        with pytest.raises(Invalid) as refused:
            time_zones.read("")

        assert refused.value.faults[0].field == "time_zone"


class TestGuest:
    """Somebody without an account chooses for the browser."""

    def test_choose_reads_by_that_clock_and_takes_it_back(self, client):
        client.cookies["time_zone"] = "Asia/Kolkata"
        done = client.post(PAGE, {"time_zone": "Berlin (CET, UTC+1)"})

        assert done.status_code == 302
        assert "15:00 CET" in clock_of(client)
        assert "You chose Berlin (CET, UTC+1)." in clock_of(client)

        client.post(PAGE, {"time_zone": ""})

        assert "19:30 IST" in clock_of(client)

    def test_an_unknown_name_is_asked_again(self, client):
        answer = client.post(PAGE, {"time_zone": "Qqqqzz"})

        assert answer.status_code == 422
        assert time_zones.CHOSEN_COOKIE not in client.cookies

    def test_the_choice_comes_along_until_the_account_chooses(self, client):
        client.post(PAGE, {"time_zone": "Berlin"})
        person = UserFactory()
        client.force_login(person)
        assert "15:00 CET" in clock_of(client)

        client.post(PAGE, {"time_zone": "Tokyo"})
        client.post(PAGE, {"time_zone": ""})

        assert "14:00 UTC" in clock_of(client)

    @pytest.mark.parametrize("said", ["Mars/Olympus", "../../etc/passwd", "<b>"])
    def test_a_cookie_that_names_no_zone_changes_nothing(self, client, said):
        client.cookies[time_zones.CHOSEN_COOKIE] = said

        assert "14:00 UTC" in clock_of(client)
