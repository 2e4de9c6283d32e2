import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from opportunities.roles.models import Opportunity
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    EmployerFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
)
from tests.matching.markets import market_at

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_nine():
    with market_at(NOW):
        yield


def answer(client, **given):
    steps = ["field", "skills", "time", "start-date", "place", "pay"]
    response = None
    assert {step.replace("-", "_") for step in steps} | {"field_rule"} >= set(given)
    for step in steps:
        chosen = given.get(step.replace("-", "_"))
        data = {"answer": chosen} if chosen else {"skip": "1"}
        if step == "field" and "field_rule" in given:
            data["field-rule"] = given["field_rule"]
        if step == "skills" and chosen:
            data = {"row": list(chosen)} | {f"can-{slug}": str(n) for slug, n in chosen.items()}
        response = client.post(f"/start/{step}/", data)
        assert response.status_code == 302
    return response


class TestStart:
    def test_six_answers_lead_from_home_to_explained_matches(self, client):
        role = OpportunityFactory(open=True, hours_per_week=10)
        assert "/start/field/" in client.get("/").text

        last = answer(
            client, field=["data"], time="20", start_date="now", place=["remote"], pay="any"
        )

        assert last.url == "/matches/"
        text = client.get("/matches/").text
        assert role.title in text
        assert "1 of 1" in re.sub("<[^>]+>", "", text)

    def test_every_question_can_be_skipped(self, client):
        OpportunityFactory(open=True)

        answer(client)

        assert client.get("/matches/").context["total"] == 1

    def test_each_option_says_how_many_roles_it_fits(self, client):
        OpportunityFactory(open=True, hours_total=20, weeks=2, hours_per_week=10)
        OpportunityFactory(open=True, internship=True)

        options = client.get("/start/time/").context["options"]

        assert {option["value"]: option["count"] for option in options} == {
            "5": 0,
            "10": 1,
            "20": 1,
            "40": 2,
        }

    @pytest.mark.parametrize("data", [{}, {"answer": "999"}, {"answer": ["5", "10"]}])
    def test_a_bad_answer_is_asked_again(self, client, data):
        response = client.post("/start/time/", data)

        assert response.status_code == 422
        assert "Choose" in response.text

    def test_without_answers_the_matches_ask_first(self, client):
        assert client.get("/matches/").url == "/start/field/"


class TestMatches:
    def test_each_button_of_a_card_is_named_with_its_role(self, client):
        roles = OpportunityFactory.create_batch(2, open=True)
        client.force_login(CandidateProfileFactory().user)

        text = client.get("/matches/").text

        for role in roles:
            [card] = re.findall(
                rf'<article[^>]*id="match-{role.public_id}".*?</article>', text, re.DOTALL
            )
            [footer] = re.findall(r'<footer class="row rule">.*?</footer>', card, re.DOTALL)
            buttons = re.findall(r"<(a|button|summary)\b[^>]*>(.*?)</\1>", footer, re.DOTALL)
            names = [re.sub("<[^>]+>", "", inner) for _tag, inner in buttons]
            own = [name for name in names if name.endswith(f": {role.title}")]
            verbs = [name.split(":")[0].split(" and ")[0] for name in own]
            assert verbs == ["Apply", "Save", "Compare", "Not for me", "All reasons"]

    def test_the_whole_points_of_every_card_add_up_to_its_score(self, client):
        for hours in (10, 20, 30):
            role = OpportunityFactory(open=True, hours_total=hours, weeks=2, hours_per_week=None)
            OpportunitySkillFactory(opportunity=role)
        answer(client, time="40")

        shown = client.get("/matches/").context["matches"]

        assert len(shown) == 3
        for match in shown:
            assert sum(line["points"] for line in match.lines) == match.score
            assert match.score == round(match.explanation.fit)
            assert match.low <= match.score <= match.high

    def test_a_fact_that_is_left_out_is_said_and_widens_the_range(self, client):
        OpportunityFactory(open=True, mentor_minutes_per_week=None, contacts=None)
        answer(client)

        response = client.get("/matches/")
        [match] = response.context["matches"]

        assert "Not stated" in response.text
        assert match.low < match.high

    def test_runs_a_fixed_number_of_queries(self, client, django_assert_num_queries):
        answer(client)
        OpportunityFactory.create_batch(3, open=True)
        with CaptureQueriesContext(connection) as few:
            client.get("/matches/")
        OpportunityFactory.create_batch(7, open=True)

        with django_assert_num_queries(len(few)):
            client.get("/matches/")

        assert len(few) <= 26

    def test_a_role_that_owes_an_answer_stands_lower_and_says_so(self, client):
        late, prompt = (OpportunityFactory(open=True, employer=EmployerFactory()) for _ in range(2))
        answer(client)
        before = [match.role for match in client.get("/matches/").context["matches"]]
        ApplicationFactory(opportunity=late, answer_due_on=NOW.date() - timedelta(days=1))

        response = client.get("/matches/")

        assert before == [late, prompt]
        assert [match.role for match in response.context["matches"]] == [prompt, late]
        assert response.text.count("Answers late") == 1

    def test_what_is_not_for_me_leaves_my_list_and_nobody_elses(self, client):
        role = OpportunityFactory(open=True)
        other = OpportunityFactory(open=True)
        answer(client)
        assert client.post(f"/matches/{role.public_id}/not-for-me/", {}).status_code == 422

        client.post(f"/matches/{role.public_id}/not-for-me/", {"reason": "pay"})

        shown = client.get("/matches/").context["matches"]
        assert [match.role.pk for match in shown] == [other.pk]
        assert client.get("/opportunities/").context["count"] == 2

    def test_what_was_hidden_without_script_is_put_back_by_undo(self, client):
        role = OpportunityFactory(open=True)
        answer(client)
        there = f"/matches/{role.public_id}/not-for-me/"
        page = client.post(there, {"reason": "pay"}, follow=True)
        assert f'<form class="note row" method="post" action="{there}">' in page.text
        assert page.context["matches"] == []

        again = client.post(there, {"action": "undo"}, follow=True)

        assert [match.role.pk for match in again.context["matches"]] == [role.pk]
        assert f'class="note row" method="post" action="{there}"' not in again.text

    def test_a_profile_needs_no_answers_and_hides_blocked_employers(self, client):
        profile = CandidateProfileFactory(hours_per_week=40)
        liked = OpportunityFactory(open=True)
        blocked = EmployerFactory()
        OpportunityFactory(open=True, employer=blocked)
        profile.blocked_employers.create(employer=blocked, blocked_at=NOW)
        client.force_login(profile.user)

        shown = client.get("/matches/").context["matches"]

        assert [match.role.pk for match in shown] == [liked.pk]

    def test_what_would_widen_the_list_is_counted(self, client):
        OpportunityFactory(open=True, hours_total=24, weeks=2, hours_per_week=12)
        answer(client, time="10")

        context = client.get("/matches/").context

        assert context["total"] == 0
        assert [(gain.field, gain.adds) for gain in context["widen"]] == [("hours_per_week", 1)]

    def test_all_reasons_come_as_a_part_and_as_a_page(self, client):
        role = OpportunityFactory(open=True)
        answer(client)
        address = f"/matches/{role.public_id}/why/"

        part = client.get(address, headers={"HX-Request": "true"}).text

        assert part.strip() in client.get(address).text
        assert "<html" not in part
        assert "Together" in part
        assert "What the employer could change" not in part

    @pytest.mark.parametrize("query", ["?kind=job", "?sort=-password", "?offset=-1", "?offset=9e9"])
    def test_an_address_that_nobody_links_to_does_not_exist(self, client, query):
        answer(client)

        assert client.get(f"/matches/{query}").status_code == 404


class TestPaths:
    @pytest.fixture
    def _market(self, client):
        client.force_login(CandidateProfileFactory(goal=0.1, hours_per_week=40, interests={}).user)
        OpportunityFactory(open=True, internship=True, title="Long one")
        for number in range(3):
            OpportunityFactory(open=True, title=f"Short {number}", employer=EmployerFactory())

    @pytest.mark.usefixtures("_market")
    def test_weighs_one_internship_against_a_stack_and_says_where_it_tips(self, client):
        response = client.get("/paths/")
        found = response.context["found"]

        assert [leg.role.title for leg in found.one.legs] == ["Long one"]
        assert {leg.role.title for leg in found.stack.legs} <= {f"Short {n}" for n in range(3)}
        assert found.mix.plan.score >= found.leader.plan.score
        assert "Side by side" in response.text

    @pytest.mark.usefixtures("_market")
    def test_both_paths_are_worth_the_same_at_the_tipping_point(self, client):
        found = client.get("/paths/?aspect=depth").context["found"]
        assert found.tipping is not None

        tie = float(found.tipping.at)

        assert found.score_at(found.one, tie) == pytest.approx(found.score_at(found.stack, tie))
        assert found.score_at(found.one, found.weight) == pytest.approx(
            found.one.plan.score / 10_000, abs=0.01
        )

    @pytest.mark.usefixtures("_market")
    def test_moving_the_slider_moves_the_verdict(self, client):
        low, high = (
            client.get(f"/paths/?aspect=depth&weight={w}", headers={"HX-Request": "true"})
            for w in (0, 100)
        )

        assert "the internship" in high.text.split("</h2>")[0]
        assert "the stack" in low.text.split("</h2>")[0]

    @pytest.mark.usefixtures("_market")
    def test_the_weight_from_which_a_path_leads_is_whole_and_true(self, client):
        text = client.get("/paths/?aspect=depth").text
        [said] = re.findall(r"The internship leads where \S+(?: \S+)* weighs (\d+) of 100", text)

        at, below = (
            client.get(f"/paths/?aspect=depth&weight={weight}").context["leads"]
            for weight in (int(said), int(said) - 1)
        )

        assert (at, below) == ("one", "stack")

    @pytest.mark.usefixtures("_market")
    def test_people_are_counted_with_how_long_one_works_with_each(self, client):
        Opportunity.objects.filter(title="Long one").update(contacts=4)
        Opportunity.objects.exclude(title="Long one").update(contacts=0)

        [told] = [
            [words for words, _left_out, _better in row["paths"]]
            for row in client.get("/paths/").context["rows"]
            if row["label"] == "People you meet"
        ]

        assert told == ["4 people, about 10 weeks with each", "nobody"]

    def test_weeks_away_are_marked_in_the_calendar_and_explained(self, client):
        away = NOW.date() + timedelta(days=7 - NOW.weekday() + 28)
        profile = CandidateProfileFactory(
            hours_per_week=40, interests={}, blocked_weeks=[away], goal=0.1
        )
        OpportunityFactory(open=True, internship=True)
        OpportunityFactory(open=True)
        client.force_login(profile.user)

        page = client.get("/paths/")

        assert len(page.context["calendar"].busy) == 1
        assert "weeks you are away" in page.text
        profile.blocked_weeks = []
        profile.save()
        assert "weeks you are away" not in client.get("/paths/").text

    @pytest.mark.usefixtures("_market")
    def test_bars_of_the_calendar_never_cover_each_other(self, client):
        bars = client.get("/paths/").context["calendar"].bars

        for bar in bars:
            for other in bars:
                apart = other.x >= bar.x + bar.width or bar.x >= other.x + other.width
                assert bar is other or bar.y != other.y or apart

    @pytest.mark.usefixtures("_market")
    def test_only_unmoved_weights_are_called_ones_own(self, client):
        own, moved = (client.get(f"/paths/{query}").text for query in ("", "?weight=40"))

        assert "by your own weights" in own
        assert "by your own weights" not in moved
        assert re.search(r"is then worth <b>\d+ against \d+</b> of 100\.", moved)

    @pytest.mark.usefixtures("_market")
    def test_what_one_commits_to_is_the_time_of_the_work_and_not_the_wait(self, client):
        context = client.get("/paths/").context
        [leg] = context["found"].one.legs
        row = next(row for row in context["rows"] if row["label"] == "Commitment")

        assert leg.starts > NOW.date()
        assert row["paths"][0][0].endswith(f"over {leg.role.weeks:g} weeks")

    @pytest.mark.usefixtures("_market")
    def test_what_would_change_the_verdict_does_so_when_it_is_followed(self, client):
        page = client.get("/paths/")
        changes = [change for change in page.context["changes"] if change.query]
        led = page.context["leads"]

        assert len(changes) == 2
        for change in changes:
            assert change.text in page.text
            there = client.get(f"/paths/?{change.query}").context
            assert there["leads"] != led
            own = 100 * page.context["found"].weights[there["aspect"]]
            nearer = change.amount + (1 if change.amount < own else -1)
            before = client.get(f"/paths/?aspect={there['aspect']}&weight={nearer}").context
            assert before["leads"] == led

    @pytest.mark.usefixtures("_market")
    def test_a_role_of_the_stack_that_comes_to_nothing_is_reckoned_with(self, client):
        page = client.get("/paths/")
        found = page.context["found"]
        left = round(min(found.stack.plan.without) / 10_000)
        lost = page.context["changes"][-1]

        assert page.context["leads"] == "stack"
        ahead = left - found.one.score
        assert (f"by {abs(ahead)} point" in lost.text) == (ahead != 0)
        assert ("still leads" in lost.text) == (ahead > 0)

    def test_pay_is_a_range_where_a_role_states_one(self, client):
        client.force_login(CandidateProfileFactory(hours_per_week=40, interests={}).user)
        OpportunityFactory(open=True, internship=True)
        OpportunityFactory(
            open=True, hours_total=20, weeks=2, hours_per_week=None, pay_kind="hourly",
            pay_amount_minor=1500, pay_max_minor=1800,
        )  # fmt: skip

        rows = client.get("/paths/").context["rows"]
        [(one, *_), (stack, *_)] = next(row["paths"] for row in rows if row["label"] == "Pay")

        assert stack == "£300 to £360, at least £15 an hour"
        assert " to " not in one

    @pytest.mark.usefixtures("_market")
    def test_its_worth_is_told_with_the_range_of_what_is_not_stated(self, client):
        Opportunity.objects.update(mentor_minutes_per_week=None)

        page = client.get("/paths/")
        low, high = page.context["stack_range"]

        assert low < page.context["stack_score"] < high
        assert f"likely {low} to {high}" in page.text
        count = len(page.context["found"].stack.legs)
        assert f"{count} of {count} roles do not say: counted low" in page.text

    def test_a_guest_with_a_profile_changes_the_answers_without_an_account(self, client):
        role = OpportunityFactory(open=True)
        answer(client)
        client.post(f"/saved/{role.public_id}/")

        page = client.get("/paths/")
        there = re.search(r'href="([^"]+)">Change answers', page.text)[1]

        assert client.get(there).status_code == 200

    def test_too_few_roles_is_said(self, client):
        OpportunityFactory(open=True)
        answer(client)

        assert "No open internship fits" in client.get("/paths/").text

    @pytest.mark.usefixtures("_market")
    def test_a_plan_goes_into_a_calendar(self, client):

        content = client.get("/paths/stack.ics").content

        events = Calendar.from_ical(content).walk("VEVENT")
        assert len(events) >= 2
        assert all(event["dtend"].dt > event["dtstart"].dt for event in events)

    @pytest.mark.parametrize("query", ["?aspect=luck", "?weight=101", "?weight=x"])
    def test_what_cannot_be_weighed_does_not_exist(self, client, query):
        answer(client)

        assert client.get(f"/paths/{query}").status_code == 404


class TestCompare:
    def test_two_roles_stand_side_by_side_with_points_that_add_up(self, client):
        roles = OpportunityFactory.create_batch(2, open=True)
        answer(client)

        response = client.get("/compare/?" + "&".join(f"ids={role.public_id}" for role in roles))

        for place, match in enumerate(response.context["matches"]):
            points = [values[place].whole_points for _, values, _ in response.context["lines"]]
            assert sum(points) == match.score
            assert f"{match.number}</b><span" in response.text
            assert f">, likely {match.low} to {match.high}" in response.text
        assert all(role.title in response.text for role in roles)

    def test_a_role_is_taken_out_of_the_comparison(self, client):
        roles = OpportunityFactory.create_batch(3, open=True)
        answer(client)
        page = client.get("/compare/?" + "&".join(f"ids={role.public_id}" for role in roles))

        _, without_first = page.context["columns"][0]
        assert f'href="?{without_first}"'.replace("&", "&amp;") in page.text

        left = client.get(f"/compare/?{without_first}").context["matches"]
        assert [match.role for match in left] == roles[1:]

    def test_a_tick_marks_the_most_points_where_they_differ(self, client):
        less = OpportunityFactory(open=True, pay_amount_minor=20_000)
        more = OpportunityFactory(open=True, pay_amount_minor=90_000)
        answer(client)

        response = client.get(f"/compare/?ids={less.public_id}&ids={more.public_id}")
        rows = [
            ([line.whole_points for line in values], most)
            for _, values, most in response.context["lines"]
        ]
        ticks = sum(points.count(most) for points, most in rows)

        assert all(most in {None, max(points)} for points, most in rows)
        assert all((most is None) == (len(set(points)) == 1) for points, most in rows)
        assert 0 < ticks == response.text.count('aria-label="Most points:"')
