"""The ranking is judged by what happened after a moment."""

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from matching.jobs.runs import ranking, steps
from matching.models import Feedback, Market
from matching.recommending import evaluation
from matching.recommending.evaluation import APPLIED, OFFERED, OPENED, SAVED
from opportunities.candidates.models import CandidateProfile, SavedRole
from opportunities.roles.models import Opportunity
from tests.factories import ApplicationFactory, CandidateProfileFactory, OpportunityFactory
from tests.matching.markets import build_market

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def publish() -> None:
    Market.objects.get_or_create(pk=1)
    run = steps.request_run(at=timezone.now())
    while parts := steps.advance(run.pk, clock=timezone.now):
        for part in parts:
            ranking.rank_part(part, clock=timezone.now)


def shown(profile, role, *, days, **steps) -> Feedback:
    at = NOON + timedelta(days=days)
    return Feedback.objects.create(
        profile=profile,
        opportunity=role,
        times_shown=1,
        best_place=1,
        first_shown_at=at,
        **{name: at + timedelta(hours=hours) for name, hours in steps.items()},
    )


def market_with_outcomes() -> tuple[list[CandidateProfile], list[Opportunity]]:
    """Build a market in which everybody opened one role early and saved another late."""
    build_market(3, roles=20, candidates=30, at=timezone.now())
    people = list(CandidateProfile.objects.order_by("id"))
    roles = list(Opportunity.objects.order_by("id"))
    for number, person in enumerate(people):
        shown(person, roles[number % 2], days=0, opened_at=0)
        later = roles[2 + number % 18]
        shown(person, later, days=10, opened_at=0)
        SavedRole.objects.create(
            profile=person, opportunity=later, saved_at=NOON + timedelta(days=10, hours=2)
        )
    return people, roles


class TestReadOutcomes:
    def test_takes_the_furthest_step_and_the_first_moment(self):
        role, person = OpportunityFactory(), CandidateProfileFactory()
        shown(person, role, days=0, opened_at=1)
        SavedRole.objects.create(
            profile=person, opportunity=role, saved_at=NOON + timedelta(hours=3)
        )

        (outcome,) = evaluation.read_outcomes()

        assert (outcome.profile, outcome.role) == (person.pk, role.pk)
        assert outcome.gain == SAVED
        assert outcome.began_at == NOON + timedelta(hours=1)

    def test_joins_feedback_and_application_of_a_pair(self):
        application = ApplicationFactory(offered=True, at=NOON + timedelta(days=2))
        shown(application.profile, application.opportunity, days=0, opened_at=0)

        (outcome,) = evaluation.read_outcomes()

        assert outcome.gain == OFFERED
        assert outcome.began_at == NOON

    def test_leaves_out_what_was_only_shown(self):
        shown(CandidateProfileFactory(), OpportunityFactory(), days=0)

        assert evaluation.read_outcomes() == []

    def test_is_ordered_by_time(self):
        for days in (3, 1, 2):
            shown(CandidateProfileFactory(), OpportunityFactory(), days=days, opened_at=0)

        moments = [outcome.began_at for outcome in evaluation.read_outcomes()]

        assert moments == sorted(moments)
        assert evaluation.split_by_time(evaluation.read_outcomes()) == moments[2]


class TestEvaluate:
    def test_only_later_outcomes_are_judged_and_earlier_ones_leave_the_lists(self):
        people, roles = market_with_outcomes()
        outcomes = evaluation.read_outcomes()

        found = evaluation.evaluate(
            outcomes, split=NOON + timedelta(days=5), k=20, at=timezone.now()
        )

        assert (found.known, found.held_out) == (len(people), len(people))
        assert (found.queries, found.roles) == (len(people), len(roles))
        popular = found.rankings["popular before"]
        # All but the one role that each had met: every held-out role is listed.
        assert popular.recall == 1.0
        assert popular.coverage == 1.0
        assert all(0 <= figures.ndcg <= 1 for figures in found.rankings.values())

    def test_a_ranking_that_knows_the_outcome_is_better(self):
        _, roles = market_with_outcomes()
        outcomes = evaluation.read_outcomes()
        split = NOON + timedelta(days=5)
        told = [
            evaluation.ObservedOutcome(0, roles[7].pk, NOON, OPENED),
            *(outcome for outcome in outcomes if outcome.role == roles[7].pk),
        ]

        found = evaluation.evaluate(told, split=split, k=5, at=timezone.now())
        blind = evaluation.evaluate(told[1:], split=split, k=5, at=timezone.now())

        assert found.rankings["popular before"].ndcg == 1.0
        assert blind.rankings["popular before"].ndcg < 1.0

    def test_prices_come_from_the_published_version(self):
        market_with_outcomes()
        outcomes, split = evaluation.read_outcomes(), NOON + timedelta(days=5)
        before = evaluation.evaluate(outcomes, split=split, k=5, at=timezone.now()).rankings
        publish()

        after = evaluation.evaluate(outcomes, split=split, k=5, at=timezone.now()).rankings

        assert before["mutual - price"] == before["mutual"]
        assert after["mutual"] == before["mutual"]
        assert after["mutual - price"] != after["mutual"]


class TestAudit:
    def test_compares_the_groups_named_from_outside(self):
        people, _ = market_with_outcomes()
        publish()
        for number, person in enumerate(people[:10]):
            ApplicationFactory(profile=person, shortlisted=number < 4)
        groups = {person.public_id: "ab"[place % 2] for place, person in enumerate(people[:28])}

        audits = evaluation.audit(groups, k=5)

        assert audits["shown"].unknown == 2
        assert sum(rate.n for rate in audits["shown"].groups.values()) == 28
        shortlisted = audits["shortlisted"].groups
        assert {name: (rate.n, rate.rate) for name, rate in shortlisted.items()} == {
            "a": (5, 0.4),
            "b": (5, 0.4),
        }
        assert audits["offered"].groups["a"].ratio is None


class TestCommand:
    def run(self, *arguments):
        out = StringIO()
        call_command("evaluate_matching", *arguments, stdout=out)
        return out.getvalue()

    def test_prints_a_table_and_writes_json(self, tmp_path):
        people, _ = market_with_outcomes()
        target, groups = tmp_path / "deep" / "figures.json", tmp_path / "groups.csv"
        with groups.open("w", newline="") as lines:
            csv.writer(lines).writerows(
                [["profile", "group"], *([person.public_id, "a"] for person in people)]
            )

        table = self.run("--k", "5", "--json", str(target), "--groups", str(groups))

        report = json.loads(target.read_text())
        assert "mutual - price" in table
        assert "shortlisted: unknown 0" in table
        assert set(report["ranking"]["rankings"]) == {
            "mutual - price",
            "mutual",
            "fit",
            "popular before",
        }
        assert report["audits"]["shown"]["groups"]["a"]["n"] == 30

    def test_says_so_if_nothing_happened_yet(self, tmp_path):
        assert "nothing to judge" in self.run("--json", str(tmp_path / "figures.json"))

    def test_takes_a_moment_without_a_zone_as_utc(self, tmp_path):
        market_with_outcomes()

        table = self.run("--split", "2027-03-06T00:00", "--json", str(tmp_path / "f.json"))

        assert "30 outcomes since 2027-03-06 00:00, 30 before" in table

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--k", "0"], "k: 0 is not between 1 and 1000"),
            (["--split", "soon"], "split: soon is not an ISO moment"),
            (["--groups", "/nowhere.csv"], "groups: /nowhere.csv cannot be read"),
            (["--json", "/proc/nothing/here.json"], "cannot be written"),
        ],
    )
    def test_names_the_argument_that_is_wrong(self, arguments, words, tmp_path):
        with pytest.raises(CommandError, match=words):
            self.run("--json", str(tmp_path / "figures.json"), *arguments)

    def test_refuses_a_file_without_the_columns(self, tmp_path):
        path = tmp_path / "groups.csv"
        path.write_text("name,team\n")

        with pytest.raises(CommandError, match="needs the columns profile and group"):
            self.run("--groups", str(path), "--json", str(tmp_path / "f"))


def test_gains_rise_with_commitment():
    assert OPENED < SAVED < APPLIED < OFFERED
