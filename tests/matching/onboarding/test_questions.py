"""The six questions: what each option leaves, how fields count, and what is kept of the answers."""

import re

import pytest

from matching.engine import Candidate, explain, gates
from matching.onboarding import visitors
from matching.priors import PRIORS
from matching.recommending.profile_input import read_profile
from matching.recommending.serializers import MUSTS
from matching.store import read_roles
from matching.store.profiles import read_person
from opportunities.candidates import profiles
from opportunities.candidates.models import CandidateProfile
from opportunities.core.errors import Invalid
from opportunities.roles.models import Opportunity, OpportunitySkill
from tests.demo.market import AT, demo_market
from tests.factories import (
    CandidateProfileFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    SkillFactory,
)
from tests.matching.markets import market_at
from tests.matching.recommending.test_views import answer
from tests.shared_rows import shared_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at():
    with market_at(AT):
        yield


@pytest.fixture(scope="class")
def _demo_market(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker, demo_market):
        yield


def counts(response, rows="options"):
    return {row["value"]: row["count"] for row in response.context[rows]}


def shown_roles(client):
    text = client.get("/matches/").text
    return re.sub("<[^>]+>", " ", text)


def in_field(count, field, **facts):
    return OpportunityFactory.create_batch(count, open=True, field=field, **facts)


@pytest.mark.usefixtures("_demo_market")
@pytest.mark.xdist_group("counts of the demo market")
class TestCountsOfTheDemoMarket:
    def test_of_each_question_differ(self, client):
        spreads = {}
        for question in visitors.asked(AT):
            response = client.get(f"/start/{question.slug}/")
            if question.slug == "skills":
                told = [row.roles for _, rows in response.context["groups"] for row in rows]
            else:
                told = list(counts(response).values())
            assert len(told) > 1
            spreads[question.slug] = max(told) - min(told)
        client.post("/start/field/", {"answer": ["data", "design"], "field-rule": "first"})
        told = counts(client.get("/start/field/"), "rules")

        assert len(spreads) == 6
        assert all(spread > 0 for spread in spreads.values()), spreads
        assert told["only"] < told["first"] == told["open"]

    def test_are_those_of_the_gates_one_by_one_and_stand_on_the_page(self, client):
        client.post("/start/field/", {"answer": ["data", "law"], "field-rule": "only"})
        client.post("/start/skills/", {"row": "sql", "can-sql": "2"})
        client.post("/start/place/", {"answer": "remote"})
        response = client.get("/start/time/")
        ids = Opportunity.objects.listed(at=AT).values_list("pk", flat=True)
        roles = [facts.opportunity for facts in read_roles(ids, at=AT).values()]
        answers = visitors.answers_of(client)
        for value, count in counts(response).items():
            person = visitors.person_from(visitors.asked(AT), answers | {"time": [value]}, AT)
            assert count == sum(not gates(person, role, priors=PRIORS) for role in roles)
            assert f"{count} role{'' if count == 1 else 's'}</span>" in response.text

    def test_what_no_field_counts_is_said(self, client):
        page = client.get("/start/field/")
        total, listed = sum(counts(page).values()), Opportunity.objects.listed(at=AT).count()

        assert total < listed
        assert f"Counted are {total} of {listed} open roles. The others ask for" in page.text

    def test_the_count_beside_the_last_answer_is_what_the_list_has(self, client):
        given = {"field": {"answer": ["data", "design"], "field-rule": "only"},
                 "skills": {"row": "sql", "can-sql": "2"}, "time": {"answer": "40"},
                 "start-date": {"answer": "now"}, "place": {"answer": ["remote"]}}  # fmt: skip
        for step, said in given.items():
            client.post(f"/start/{step}/", said)

        told = counts(client.get("/start/pay/"))["15"]
        client.post("/start/pay/", {"answer": "15"})

        assert told
        assert f"<b>{told} of " in client.get("/matches/").text

    def test_somebody_with_a_profile_is_counted_by_all_that_it_says(self, client):
        profile = CandidateProfileFactory(
            hours_per_week=13, modes=["remote"], interests={"data": 1}, field_rule="only"
        )
        client.force_login(profile.user)

        told = counts(client.get("/start/time/"))["20"]
        client.post("/start/time/", {"answer": "20"})

        assert told
        assert f"<b>{told} of " in client.get("/matches/").text


class TestCounts:
    def test_a_field_counts_its_own_roles_whatever_was_chosen(self, client):
        in_field(3, "data")
        in_field(1, "law")
        client.post("/start/field/", {"answer": ["law"], "field-rule": "only"})

        response = client.get("/start/field/")

        assert counts(response)["data"] == 3
        assert counts(response)["law"] == 1
        assert counts(response, "rules") == {"only": 1, "first": 4, "open": 4}

    def test_nothing_is_said_where_every_role_is_counted(self, client):
        in_field(2, "data")

        assert "Counted are" not in client.get("/start/field/").text

    def test_a_question_that_was_not_asked_yet_rules_nothing_out(self, client):
        [role] = in_field(1, "data")
        OpportunitySkillFactory(opportunity=role, must=True, level=2)

        before = counts(client.get("/start/field/"))["data"]
        client.post("/start/skills/", {"skip": "1"})
        after = counts(client.get("/start/field/"))["data"]

        assert (before, after) == (1, 0)

    @pytest.mark.parametrize(
        ("facts", "step"),
        [
            ({"mode": "onsite", "place": "Leeds", "country": "GB"}, "place"),
            ({"mode": "hybrid", "place": "", "country": "GB"}, "place"),
            ({"hours_total": 400, "weeks": 10, "hours_per_week": 40}, "time"),
        ],
    )
    def test_neither_does_a_place_or_a_week_that_was_not_asked_for(self, client, facts, step):
        in_field(1, "data", **facts)

        before = counts(client.get("/start/field/"))["data"]
        client.post(f"/start/{step}/", {"skip": "1"})
        after = counts(client.get("/start/field/"))["data"]

        assert (before, after) == (1, 0)

    def test_ticking_counts_anew_and_keeps_nothing(self, client):
        in_field(2, "data")
        in_field(1, "law")

        response = client.post("/start/field/", {"answer": ["law"], "count": "1"})

        assert response.status_code == 200
        assert counts(response, "rules") == {"only": 1, "first": 3, "open": 3}
        assert "answers" not in client.session


class TestFields:
    def test_only_these_leaves_the_others_out_and_says_so(self, client):
        wanted, [other] = in_field(2, "data"), in_field(1, "law")

        answer(client, field=["data"], field_rule="only")

        text = shown_roles(client)
        assert all(role.title in text for role in wanted)
        assert other.title not in text
        assert "only Data and analysis" in text
        page = client.get(f"/opportunities/{other.slug}-{other.public_id}/").text
        assert "It is in law, and you chose only data and analysis." in page

    def test_what_only_these_leaves_out_is_counted_among_what_would_widen_the_list(self, client):
        in_field(2, "law")
        in_field(1, "data")

        answer(client, field=["data"], field_rule="only")

        gains = client.get("/matches/").context["widen"]
        assert [(gain.text, gain.adds) for gain in gains] == [("Other fields too", 2)]

    def test_these_first_puts_them_first_and_is_what_a_form_without_the_choice_means(self, client):
        for field in ("law", "events", "data", "health", "design"):
            in_field(2, field)

        answer(client, field=["data", "design"])

        shown = client.get("/matches/?show=all").context["matches"]
        assert {match.role.field for match in shown[:4]} == {"data", "design"}
        assert len(shown) == 10
        first = client.get("/matches/").context["matches"]
        assert [match.role.pk for match in first] == [match.role.pk for match in shown[:4]]
        assert visitors.answers_of(client)["field-rule"] == ["first"]

    @pytest.mark.parametrize("rule", ["never", "", "only first"])
    def test_another_rule_is_asked_again_with_the_fields_still_ticked(self, client, rule):
        response = client.post("/start/field/", {"answer": ["law"], "field-rule": rule})

        assert response.status_code == 422
        assert [row["value"] for row in response.context["options"] if row["on"]] == ["law"]
        assert "answers" not in client.session

    def test_too_many_are_asked_again_and_stay_ticked(self, client):
        six = ["data", "law", "events", "health", "design", "media"]

        response = client.post("/start/field/", {"answer": six, "field-rule": "only"})

        assert response.status_code == 422
        ticked = {row["value"] for row in response.context["options"] if row["on"]}
        assert ticked == set(six)

    def test_become_facts_of_the_profile_that_keeps_them(self, client):
        SkillFactory(slug="sql")
        SkillFactory(slug="figma")
        answer(client, field=["data"], field_rule="only", skills={"sql": 3})
        client.post("/start/skills/", {"row": ["sql", "figma"], "can-sql": "3", "learn": "figma"})

        client.post("/keep/", {"action": "make"})

        profile = CandidateProfile.objects.get()
        assert (profile.field_rule, profile.interests) == ("only", {"data": 1})
        assert list(profile.skills.values_list("skill__slug", "level")) == [("sql", 3)]
        assert list(profile.targets.values_list("skill__slug", "priority")) == [("figma", 2)]

    def test_a_skill_that_was_retired_since_costs_nothing_else(self, client):
        gone = SkillFactory(slug="sql")
        client.post("/start/skills/", {"row": "sql", "can-sql": "3"})
        client.post("/start/time/", {"answer": "10"})
        gone.is_retired = True
        gone.save()

        client.post("/keep/", {"action": "make"})

        profile = CandidateProfile.objects.get()
        assert (profile.hours_per_week, profile.skills.count()) == (10, 0)


def test_all_answers_stand_on_one_page_with_ways_to_change_them(client):
    SkillFactory(slug="sql", name="SQL")
    SkillFactory(slug="figma", name="Figma")
    client.post("/start/field/", {"answer": ["data"], "field-rule": "only"})
    client.post("/start/skills/", {"row": ["sql", "figma"], "can-sql": "2", "learn": "figma"})

    text = client.get("/start/check/").text

    assert "Data and analysis. Only these" in text
    assert "SQL (some practice). To learn: Figma" in text
    assert "/start/skills/" in text


def test_a_place_that_a_profile_never_named_stands_as_not_answered(client):
    client.force_login(CandidateProfileFactory().user)
    text = client.get("/start/check/").text
    ticked = [row for row in client.get("/start/place/").context["options"] if row["on"]]

    assert "From anywhere, remotely" not in text
    assert "not answered" in text
    assert "skipped" not in text
    assert ticked == []


def test_every_use_of_a_skill_is_counted_once(client):
    skill = SkillFactory(slug="sql", name="SQL")
    for role in in_field(2, "data") + in_field(1, "law"):
        OpportunitySkillFactory(opportunity=role, skill=skill, must=True, level=2)
    OpportunitySkillFactory(opportunity=OpportunityFactory(), skill=skill)

    [(label, [row])] = client.get("/start/skills/").context["groups"]

    assert (label, row.slug, row.roles) == ("Asked for most", "sql", 3)
    assert OpportunitySkill.objects.filter(skill=skill).count() == 4


class TestProfiles:
    """The rule of a profile, through its form and its API, on the list and on an explanation."""

    def test_that_existed_see_what_they_saw_and_only_these_leaves_the_rest_out(self, client):
        profile = CandidateProfileFactory(interests={"data": 1, "law": 0})
        wanted, others = in_field(2, "data"), in_field(2, "law") + in_field(1, "software")
        client.force_login(profile.user)
        before = client.get("/matches/").context

        profiles.change(owner=profile.user, facts={"field_rule": "only"}, at=AT)
        after = client.get("/matches/").context

        assert before["total"] == 5
        assert {match.role.pk for match in after["matches"]} == {role.pk for role in wanted}
        person = read_person(CandidateProfile.objects.get(), at=AT)
        assert person.only_fields == {"data"}
        assert gates(person, facts_of(others[0]), priors=PRIORS) == ["field"]
        assert gates(person, facts_of(others[2]), priors=PRIORS) == ["field"]

    def test_that_name_no_field_see_everything_whatever_the_rule(self, client):
        profile = CandidateProfileFactory(interests={}, field_rule="only")
        in_field(2, "data")
        client.force_login(profile.user)

        assert client.get("/matches/").context["total"] == 2

    def test_the_api_explains_the_gate_and_takes_the_fields_of_somebody_unknown(self):
        role = in_field(1, "law")[0]
        shut = explain(
            Candidate(id=1, only_fields=frozenset({"data"})), facts_of(role), priors=PRIORS
        )

        assert shut.gates == ("field",)
        assert MUSTS["field"] == ("only_fields", "field")
        asked = read_profile({"only_fields": ["data"], "fields_first": True}, at=AT)
        assert (asked.only_fields, asked.fields_first) == (frozenset({"data"}), True)
        with pytest.raises(Invalid):
            read_profile({"only_fields": "data"}, at=AT)


def facts_of(role):
    return read_roles([role.pk], at=AT)[role.pk].opportunity
