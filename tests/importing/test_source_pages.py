"""Sources on pages and over the API: set up, preview, begin, answer, decide, read the log."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from opportunities.importing import readings
from opportunities.importing.models import ReadingState, Source, SourceState
from opportunities.importing.rows import Fate
from opportunities.roles.models import Opportunity
from tests.factories import (
    DoubtFactory,
    OpportunityFactory,
    ReadRowFactory,
    SourceFactory,
    SourceReadingFactory,
    UserFactory,
    employer_with_owner,
)
from tests.importing.feeds import BOARD, PATH, board, job

pytestmark = pytest.mark.django_db
LIST = "/employer/sources/"


@pytest.fixture
def team():
    return employer_with_owner()


@pytest.fixture
def page(client, team):
    """Return a browser of the owner."""
    client.force_login(team[1])
    return client


@pytest.fixture
def api(team):
    client = APIClient(headers={"If-Match": "*"})
    client.force_authenticate(team[1])
    return client


def form(team, **change):
    return {
        "employer": team[0].slug, "url": BOARD, "name": "", "rhythm": "24", "leaving": "close",
        "outcome": "",
    } | change  # fmt: skip


def text(response):
    return response.content.decode()


class TestPages:
    def test_from_the_address_to_the_first_roles(self, feeds, team, page):
        feeds.put(PATH, {"jobs": [job(1), job(2, title="")]})
        place = page.post(LIST, form(team)).url
        assert "Refresh" in text(page.get(place))
        readings.read_due(clock=timezone.now)
        shown = text(page.get(place))
        assert "1 new" in shown
        assert "1 left out" in shown
        log = text(page.get(f"{place}readings/{Source.objects.get().readings.get().public_id}/"))
        assert "Would be new" in log
        assert "It would be in review." in log
        assert "Would be left out" in log

        page.post(f"{place}act/begin/")
        readings.read_due(clock=timezone.now)

        assert Opportunity.objects.get().external_id == "1"
        assert "Read now" in text(page.get(place))

    def test_the_log_says_which_words_of_a_row_are_in_no_field(self, team, page):
        table = b"Title,Pay,Closing date,Posted\nHelper,generous,11/01/2027,20/12/2026\n"
        sent = form(team, url="", file=SimpleUploadedFile("roles.csv", table))
        place = page.post(LIST, sent).url
        readings.read_due(clock=timezone.now)

        log = text(page.get(f"{place}readings/{Source.objects.get().readings.get().public_id}/"))

        assert (
            "It would be in review. Kept as words: "
            "apply_by: 11/01/2027 (day first, as other columns have it); pay: generous."
        ) in log

    def test_a_source_of_files_does_not_say_that_it_is_read_by_itself(self, team, page):
        table = b"Title,Hours\nHelper,-4\n"
        sent = form(team, url="", file=SimpleUploadedFile("roles.csv", table))
        place = page.post(LIST, sent).url
        readings.read_due(clock=timezone.now)

        begun = page.post(f"{place}act/begin/", follow=True)

        assert "We read it now, and every newer file that you send here." in text(begun)

    def test_a_refusal_keeps_what_was_typed(self, team, page):
        response = page.post(LIST, form(team, url="http://boards.example/x", name="Our board"))

        assert response.status_code == 422
        assert "must begin with https://" in text(response)
        assert 'value="Our board"' in text(response)
        assert 'value="http://boards.example/x"' in text(response)

    def test_settings_are_changed_and_the_next_reading_is_whole(self, feeds, team, page):
        source = SourceFactory(employer=team[0], on=True, url=BOARD, etag='"a"', digest="0" * 64)

        answer = page.post(
            f"{LIST}{source.public_id}/",
            {"url": BOARD, "rhythm": "6", "leaving": "tell", "outcome": "cancelled"},
        )

        source.refresh_from_db()
        assert answer.status_code == 302
        assert (source.rhythm, source.leaving, source.outcome) == (6, "tell", "cancelled")
        assert (source.etag, source.digest) == ("", "")

    def test_the_columns_are_chosen_on_a_page(self, team, page):
        columns = [["ref", "7"], ["label", "Intern"], ["title", ""]]
        source = SourceFactory(employer=team[0], columns=columns)
        place = f"{LIST}{source.public_id}/columns/"
        assert "For example: Intern" in text(page.get(place))

        page.post(place, {"c0": "", "c1": "description", "c2": "", "currency": "CHF", "dates": ""})

        source.refresh_from_db()
        assert source.mapping == {
            "columns": {"ref": "external_id", "label": "description", "title": "title"},
            "currency": "CHF",
        }

    def test_an_answer_adopts_the_role(self, team, page):
        source = SourceFactory(employer=team[0])
        role = OpportunityFactory(employer=team[0])
        doubt = DoubtFactory(source=source, number="n-1", opportunity=role)
        place = f"{LIST}{source.public_id}/"
        assert "Is it the same role?" in text(page.get(place))

        page.post(f"{place}questions/{doubt.pk}/", {"answer": "same"})

        role.refresh_from_db()
        assert (role.source, role.external_id) == (source.name, "n-1")
        assert "Is it the same role?" not in text(page.get(place))

    def test_what_waits_is_decided_on_the_page_of_the_reading(self, team, page):
        source = SourceFactory(employer=team[0], on=True, outcome="cancelled")
        role = OpportunityFactory(employer=team[0], open=True, source=source.name)
        reading = SourceReadingFactory(source=source, kind="read", finished=True, gone=1)
        reading.state = ReadingState.HELD
        reading.save()
        ReadRowFactory(reading=reading, fate=Fate.HELD, opportunity=role)
        place = f"{LIST}{source.public_id}/readings/{reading.public_id}/"
        assert "Close 1 role<" in text(page.get(place))

        page.post(f"{place}gone/", {"close": "1"})

        role.refresh_from_db()
        assert (role.status, role.outcome) == ("closed", "cancelled")
        assert "shall they close" not in text(page.get(place))

    def test_what_waits_stands_on_the_first_page_of_the_employer(self, team, page):
        doubtful, held = (SourceFactory(employer=team[0], name=name) for name in ("a", "b"))
        for _ in range(2):
            DoubtFactory(source=doubtful, opportunity=OpportunityFactory(employer=team[0]))
        DoubtFactory(
            source=SourceFactory(employer=team[0]),
            answer="same",
            opportunity=OpportunityFactory(employer=team[0]),
        )
        reading = SourceReadingFactory(source=held, kind="read", finished=True, gone=1)
        reading.state = ReadingState.HELD
        reading.save()

        to_do = page.get("/employer/").context["to_do"]

        asked = [each for each in to_do if "source" in each["text"]]
        assert asked == [
            {
                "text": f"The source “{source.name}” waits for your answer.",
                "href": f"{LIST}{source.public_id}/",
            }
            for source in (doubtful, held)
        ]

    def test_the_log_is_paged_and_narrowed(self, team, page):
        reading = SourceReadingFactory(
            source=SourceFactory(employer=team[0]), finished=True, total=60, added=59, left_out=1,
            done=60,
        )  # fmt: skip
        for number in range(1, 61):
            fate = Fate.REFUSED if number == 55 else Fate.NEW
            ReadRowFactory(reading=reading, position=number, line=number, fate=fate)
        place = f"{LIST}{reading.source.public_id}/readings/{reading.public_id}/"

        first = page.get(place)
        assert text(first).count('<th scope="row"') == 50
        assert text(page.get(first.context["next"])).count('<th scope="row"') == 10
        assert text(page.get(f"{place}?fate=refused")).count('<th scope="row"') == 1

    def test_every_button_of_one_removed_in_another_tab_leads_back(self, team, page):
        source = SourceFactory(employer=team[0])
        place = f"{LIST}{source.public_id}/"
        page.post(f"{place}act/remove/")

        for end in ("act/remove/", "act/begin/", "act/file/", "", "columns/", "questions/1/",
                    "readings/one/gone/"):  # fmt: skip
            again = page.post(f"{place}{end}", follow=True)
            assert again.redirect_chain == [(LIST, 302)]
            assert "This source was removed already." in text(again)
        assert page.get(place).status_code == 404

    def test_words_for_one_that_was_removed_are_given_back(self, team, page):
        written = f"https://example.org/{'feed' * 12}"

        answer = page.post(f"{LIST}never-there/", {"url": written})

        assert answer.status_code == 404
        assert "This source was removed already." in text(answer)
        assert written in text(answer)
        assert f'href="{LIST}"' in text(answer)

    def test_nobody_else_sees_or_does_anything(self, team, client):
        source = SourceFactory(employer=team[0])
        client.force_login(employer_with_owner()[1])

        place = f"{LIST}{source.public_id}/"
        assert client.get(place).status_code == 404
        assert client.get(f"{place}columns/").status_code == 404
        for action in ("begin", "preview", "pause", "read", "remove", "file"):
            answer = client.post(f"{place}act/{action}/", follow=True)
            assert answer.redirect_chain == [(LIST, 302)]
            assert "This source was removed already." in text(answer)
        assert Source.objects.get(pk=source.pk).state == source.state
        assert source.name not in text(client.get(LIST))
        client.force_login(UserFactory())
        assert "Sources" not in text(client.get(LIST))

    def test_a_source_is_removed_and_its_roles_stay(self, team, page):
        source = SourceFactory(employer=team[0])
        role = OpportunityFactory(employer=team[0], open=True, source=source.name)

        page.post(f"{LIST}{source.public_id}/act/remove/")

        assert not Source.objects.exists()
        role.refresh_from_db()
        assert role.status == "open"


class TestApi:
    def test_from_the_address_to_the_log(self, feeds, team, api):
        feeds.put(PATH, board(1, 2))
        made = api.post(
            "/api/v1/sources", {"employer": team[0].public_id, "url": BOARD, "rhythm": 6},
            format="json",
        )  # fmt: skip
        assert made.status_code == 201
        assert made["Location"] == f"/api/v1/sources/{made.json()['id']}"
        place = made["Location"]
        readings.read_due(clock=timezone.now)
        began = api.patch(place, {"state": "on"}, format="json")
        assert began.json()["state"] == SourceState.ON
        readings.read_due(clock=timezone.now)

        [read, preview] = api.get(f"{place}/readings").json()["data"]

        assert (read["kind"], read["added"], preview["kind"]) == ("read", 2, "preview")
        rows = api.get(f"{place}/readings/{read['id']}/rows?fate=new").json()["data"]
        assert [(row["number"], row["fate"]) for row in rows] == [("1", "new"), ("2", "new")]
        role = Opportunity.objects.get(external_id="1")
        assert rows[0]["opportunity"] == role.public_id
        assert api.get("/api/v1/sources").json()["data"][0]["id"] == made.json()["id"]

    def test_asks_for_a_reading_and_removes(self, feeds, team, api):
        source = SourceFactory(employer=team[0], on=True, url=BOARD)
        place = f"/api/v1/sources/{source.public_id}"

        asked = api.post(f"{place}/readings", {"kind": "read"}, format="json")

        assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
        again = api.post(f"{place}/readings", {"kind": "preview"}, format="json")
        assert again.status_code == 409
        assert api.delete(place).status_code == 204

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"url": "https://10.0.0.1/"}, "url"),
            ({"rhythm": 5}, "rhythm"),
            ({"mapping": {"columns": {"a": "nothing"}}}, "mapping"),
            ({"state": "new"}, "state"),
            ({"burn": True}, "burn"),
        ],
    )
    def test_names_what_does_not_pass(self, feeds, team, api, sent, field):
        source = SourceFactory(employer=team[0], url=BOARD)

        answer = api.patch(f"/api/v1/sources/{source.public_id}", sent, format="json")

        assert answer.status_code == 422
        assert [fault["pointer"] for fault in answer.json()["errors"]] == [f"#/{field}"]

    def test_refuses_a_fate_that_there_is_not(self, team, api):
        reading = SourceReadingFactory(source=SourceFactory(employer=team[0]))
        place = f"/api/v1/sources/{reading.source.public_id}/readings/{reading.public_id}/rows"

        assert api.get(f"{place}?fate=lost").status_code == 422

    def test_nobody_else_reads_it(self, team, api):
        source = SourceFactory()

        assert api.get(f"/api/v1/sources/{source.public_id}").status_code == 404
        assert api.get("/api/v1/sources").json()["data"] == []
