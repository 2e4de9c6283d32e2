"""What people read of their chances: on pages, on cards, in the API; and what nobody may."""

import json
import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.cache import caches
from django.core.management import call_command

from matching.engine.odds import FEWEST_PEOPLE
from matching.jobs.odds import count_odds
from matching.models import RoleOdds, SiteOdds
from matching.recommending.odds import Chance, chances_of, said_range, with_odds
from opportunities.roles.models import Opportunity
from tests.factories import CandidateProfileFactory, EmployerFactory, OpportunityFactory
from tests.matching.applying import apply_to, format_with_answers, people
from tests.matching.markets import market_at
from tests.matching.recommending.test_views import answer

pytestmark = pytest.mark.django_db

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
DUE = "Whoever applies today is promised an answer by Mon 8 Mar."
TOO_FEW = "Too few people had an answer from roles like this to say how many get an offer."


@pytest.fixture(autouse=True)
def _at():
    caches["pages"].clear()
    with market_at(AT):
        yield


def counted(role: Opportunity, **odds: object) -> Opportunity:
    """Keep a count of a role, as a worker would have made it."""
    SiteOdds.objects.get_or_create(pk=1, defaults={"counted_at": AT})
    RoleOdds.objects.create(opportunity_id=role.pk, **odds)
    return role


def page(client, role):
    found = client.get(f"/opportunities/{role.slug}-{role.public_id}/", follow=True).text
    text = re.search(r'id="odds-h".*?</section>', found, re.DOTALL)
    return re.sub(r"<[^>]+>", " ", text[0]) if text else ""


def chances(roles: list[int], at: datetime) -> dict[int, Chance]:
    """Return the chance at each of these roles, read as pages read them."""
    rows = Opportunity.objects.select_related("employer").filter(pk__in=roles)
    return chances_of(with_odds(rows), at=at)


def said(role):
    return chances([role.pk], AT)[role.pk].sentences


class TestWords:
    def test_tell_applicants_places_range_and_the_day(self):
        role = counted(
            OpportunityFactory(open=True, capacity=2),
            applicants=12, waiting=3, low=0.112, middle=0.18, high=0.231,
        )  # fmt: skip

        assert said(role) == [
            "12 people have applied for 2 places so far.",
            "Of people who applied to roles like this, 10 to 25% got an offer.",
            DUE,
        ]

    def test_of_nobody_and_of_few_give_no_number(self):
        none = counted(OpportunityFactory(open=True, capacity=1))
        few = counted(OpportunityFactory(open=True, capacity=1), applicants=FEWEST_PEOPLE - 1)
        enough = counted(OpportunityFactory(open=True, capacity=1), applicants=FEWEST_PEOPLE)

        assert said(none)[0] == said(few)[0]
        assert said(none) == ["Fewer than 5 people have applied for 1 place so far.", TOO_FEW, DUE]
        assert said(enough)[0] == "5 people have applied for 1 place so far."
        assert chances([few.pk], AT)[few.pk].applicants is None

    def test_a_crowd_lowers_the_range_and_the_sentence_says_so(self):
        role = counted(
            OpportunityFactory(open=True, capacity=2),
            applicants=60, waiting=49, low=0.2, middle=0.3, high=0.4,
        )  # fmt: skip

        found = chances([role.pk], AT)[role.pk]

        assert (found.low, found.high) == (0.03, 0.04)
        assert found.sentences[1] == (
            "Going by roles like this and by how many wait here, 3 to 4% get an offer."
        )

    def test_a_full_role_says_so_instead_of_a_range(self):
        role = counted(
            OpportunityFactory(open=True, capacity=2, seats_held=2),
            applicants=9, waiting=5, low=0.2, middle=0.3, high=0.4,
        )  # fmt: skip

        found = chances([role.pk], AT)[role.pk]

        assert found.sentences[1] == "Every place is taken or on offer for now."
        assert found.low == 0

    def test_a_role_on_another_site_is_not_counted(self):
        role = counted(
            OpportunityFactory(open=True, apply_url="https://jobs.example.org/1"),
            applicants=12, low=0.1, middle=0.2, high=0.3,
        )  # fmt: skip

        found = chances([role.pk], AT)[role.pk]

        assert found.sentences == [
            "People apply on the site of the employer, so we cannot count them."
        ]
        assert (found.applicants, found.low, found.decision_due, found.in_short) == (
            None, None, None, "",
        )  # fmt: skip

    def test_stand_side_by_side_where_roles_are_compared(self, client):
        ours = counted(
            OpportunityFactory(open=True, capacity=2),
            applicants=12, waiting=3, low=0.112, middle=0.18, high=0.231,
        )  # fmt: skip
        theirs = counted(OpportunityFactory(open=True, apply_url="https://jobs.example.org/1"))
        answer(client)

        html = client.get(f"/compare/?ids={ours.public_id}&ids={theirs.public_id}").text
        rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', html, re.DOTALL)
        cells = {
            head: [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td>(.*?)</td>", row)]
            for head, row in rows
        }

        assert cells["Places and applicants"] == [
            "12 people have applied for 2 places so far.",
            "People apply on the site of the employer, so we cannot count them.",
        ]
        assert cells["How many get an offer"] == [
            "Of people who applied to roles like this, 10 to 25% got an offer.", "Not counted",
        ]  # fmt: skip
        assert cells["Answer promised by"] == ["Mon 8 Mar", "No promise here"]

    @pytest.mark.parametrize(
        ("low", "high", "words"),
        [
            (0.1, 0.25, "10 to 25%"),
            (0.124, 0.251, "10 to 30%"),
            (0.019, 0.061, "1 to 7%"),
            (0.08, 0.12, "8 to 15%"),
            (0.004, 0.02, "at most 2%"),
            (0.0, 0.0, "at most 0%"),
            (0.15, 0.15, "about 15%"),
            (0.07, 0.07, "about 7%"),
            (0.29, 0.29, "25 to 30%"),
            (0.98, 1.0, "95 to 100%"),
        ],
    )
    def test_a_range_is_rounded_outwards(self, low, high, words):
        assert said_range(low, high) == words

    def test_fit_on_one_line_of_a_card(self):
        chance = Chance(0.1, 0.25, places=2, applicants=1234, decision_due=AT.date(), counted_at=AT)

        assert chance.in_short == (
            "1,234 applied for 2 places · 10 to 25% of people at roles like this get an offer"
            " · an answer promised by Mon 1 Mar"
        )


class TestChances:
    def test_a_role_that_opened_since_is_told_what_holds_for_its_format(self):
        role = OpportunityFactory(open=True, capacity=1)
        SiteOdds.objects.create(
            pk=1, counted_at=AT - timedelta(hours=1), formats={role.format: [0.1, 0.2, 0.3]}
        )

        found = chances([role.pk], AT)[role.pk]

        assert (found.low, found.high, found.applicants) == (0.1, 0.3, None)

    def test_what_was_learnt_corrects_what_is_told(self):
        role = counted(OpportunityFactory(open=True), applicants=9, low=0.2, middle=0.3, high=0.4)
        SiteOdds.objects.update(told=[0.2, 0.4], happened=[0.1, 0.2])

        found = chances([role.pk], AT)[role.pk]

        assert (found.low, found.high) == (0.1, 0.2)

    @pytest.mark.parametrize(("hours", "is_told"), [(24, True), (25, False)])
    def test_a_count_older_than_a_day_is_not_told(self, hours, is_told):
        role = counted(OpportunityFactory(open=True), applicants=9, low=0.2, middle=0.3, high=0.4)
        SiteOdds.objects.update(counted_at=AT - timedelta(hours=hours))

        found = chances([role.pk], AT)[role.pk]

        assert (found.low is not None) == is_told
        assert (found.applicants is not None) == is_told
        assert found.decision_due is not None
        assert found.sentences == (said(role) if is_told else [DUE])

    def test_the_day_is_that_of_the_employers_promise_in_working_days(self):
        role = OpportunityFactory(
            open=True, response_days=3, employer=EmployerFactory(country="GB")
        )

        # Thursday; then Good Friday and a weekend; Easter Monday is one in parts of GB only.
        assert (
            chances([role.pk], datetime(2027, 3, 25, 12, tzinfo=UTC))[role.pk].decision_due
            == datetime(2027, 3, 31, tzinfo=UTC).date()
        )

    def test_rows_that_were_read_with_it_are_asked_nothing_more(self, django_assert_num_queries):
        role = counted(OpportunityFactory(open=True), applicants=9, low=0.2, middle=0.3, high=0.4)
        [row] = with_odds(Opportunity.objects.select_related("employer").filter(pk=role.pk))

        with django_assert_num_queries(0):
            first, again = (chances_of([row], at=AT) for _ in range(2))

        assert first == again == chances([role.pk], AT)

    def test_many_roles_take_as_many_queries_as_one(self, django_assert_num_queries):
        format_with_answers(at=AT)
        roles = [OpportunityFactory(open=True).pk for _ in range(6)]
        count_odds(at=AT)

        for some in (roles[:1], roles):
            with django_assert_num_queries(1):
                assert len(chances(some, AT)) == len(some)
        with django_assert_num_queries(1):
            assert chances([0], AT) == {}

    @pytest.mark.parametrize(("offers", "refusals"), [(1, 0), (0, 1), (4, 0), (0, 4)])
    def test_nothing_tells_few_applicants_from_none(self, offers, refusals):
        some, nobody = (OpportunityFactory(open=True, at=AT) for _ in range(2))
        format_with_answers(at=AT, roles=20)
        apply_to(some, people(offers + refusals), at=AT, offers=offers, refusals=refusals)
        count_odds(at=AT)

        one, other = (chances([role.pk], AT)[role.pk] for role in (some, nobody))

        assert one.applicants is other.applicants is None
        assert one == other


class TestPages:
    def test_the_page_of_a_role_says_it_to_everybody(self, client):
        role = OpportunityFactory(open=True, at=AT, capacity=2)
        format_with_answers(at=AT)
        apply_to(role, people(12), at=AT, refusals=9, ago=timedelta(days=2))
        count_odds(at=AT)

        text = " ".join(page(client, role).split())

        assert "12 people have applied for 2 places so far." in text
        assert re.search(
            r"Of people who applied to roles like this, \d+ to \d+% got an offer", text
        )
        assert DUE in text
        assert "Counted on 1 Mar, 12:00 UTC." in text
        assert "It promises you nothing." in text

    def test_the_page_names_nobody_who_applied(self, client):
        role = OpportunityFactory(open=True, at=AT)
        [person] = people(1)
        apply_to(role, [person], at=AT, ago=timedelta(days=2))
        count_odds(at=AT)

        text = client.get(f"/opportunities/{role.slug}-{role.public_id}/", follow=True).text

        assert "Fewer than 5 people" in text
        assert person.public_id not in text
        assert "Ada Example" not in text

    def test_the_page_of_a_closed_role_says_nothing(self, client):
        role = counted(OpportunityFactory(closed=True), applicants=9)

        assert page(client, role) == ""

    def test_a_match_card_says_it_in_one_line(self, client):
        counted(
            OpportunityFactory(open=True, capacity=1),
            applicants=14, waiting=0, low=0.1, middle=0.15, high=0.2,
        )  # fmt: skip
        answer(client, time="40")

        text = client.get("/matches/").text

        assert (
            "14 applied for 1 place · 10 to 20% of people at roles like this get an offer"
            " · an answer promised by Mon 8 Mar" in text
        )

    def test_the_method_says_how_it_is_counted(self, client):
        text = client.get("/how-matching-works/").text

        assert 'id="odds"' in text
        assert "once it is 28 days old" in text
        assert "Below 20 such answers, or answers from fewer than 5 roles" in text
        assert "Below 5 applicants" in text


class TestApi:
    def test_a_role_carries_its_chance(self, client):
        role = counted(
            OpportunityFactory(open=True, capacity=2),
            applicants=12, waiting=3, low=0.1123, middle=0.18, high=0.2311,
        )  # fmt: skip

        found = client.get(f"/api/v1/opportunities/{role.public_id}").json()["chance"]

        assert found == {
            "places": 2,
            "applicants": 12,
            "decision_due": "2027-03-08",
            "offers_low": 0.11,
            "offers_high": 0.23,
            "counted_at": "2027-03-01T12:00:00Z",
            "sentences": said(role),
        }

    def test_a_role_that_takes_no_applications_has_none(self, client):
        role = counted(OpportunityFactory(closed=True), applicants=12)

        assert client.get(f"/api/v1/opportunities/{role.public_id}").json()["chance"] is None

    def test_every_match_carries_the_same_chance_as_the_role(self, client):
        role = counted(OpportunityFactory(open=True), applicants=12, low=0.1, middle=0.18, high=0.2)
        client.force_login(CandidateProfileFactory(hours_per_week=40).user)

        [row] = client.post("/api/v1/match-runs", "{}", "application/json").json()["matches"]

        detail = client.get(f"/api/v1/opportunities/{role.public_id}").json()
        assert row["chance"] == detail["chance"]
        assert row["chance"]["applicants"] == 12

    def test_the_contract_says_what_a_null_means(self, client):
        schema = client.get("/api/schema/?format=json").json()["components"]["schemas"]["Chance"]

        assert set(schema["properties"]) == {
            "places", "applicants", "decision_due", "offers_low", "offers_high", "counted_at",
            "sentences",
        }  # fmt: skip
        assert "null below five" in schema["properties"]["applicants"]["description"]


class TestEvaluateMatching:
    def run(self, tmp_path):
        out, target = StringIO(), tmp_path / "figures.json"
        call_command("evaluate_matching", "--json", str(target), stdout=out)
        return out.getvalue(), json.loads(target.read_text())

    def test_shows_how_true_chances_were(self, tmp_path):
        who = people(20)
        for number in range(20):
            role = OpportunityFactory(open=True, at=AT, apply_by=AT.date(), capacity=9)
            ago = timedelta(days=600 - 20 * number)
            apply_to(role, who, at=AT, offers=4 + number % 2, refusals=15, ago=ago)

        printed, report = self.run(tmp_path)

        judged = report["chances"]["counted"]
        assert "chances as counted: " in printed
        assert "chances corrected: " in printed
        assert judged["count"] == sum(line["count"] for line in judged["bins"]) > 40
        assert judged["brier"] == pytest.approx(judged["base_brier"], abs=0.02)
        assert f"Brier {judged['brier']:.4f}, gap {judged['gap']:.4f}" in printed

    def test_says_so_if_too_few_were_answered(self, tmp_path):
        printed, report = self.run(tmp_path)

        assert "Too few applications were answered" in printed
        assert "chances" not in report
