"""Every outcome does what a page written by hand says, wherever it can be chosen.

The page is ``expected_outcomes.txt``. Nothing here takes its expectation from the table itself.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from opportunities.accounts.models import User
from opportunities.core.errors import Invalid, WrongState
from opportunities.core.lifecycle import APPLICATION_STEPS, ROLE_STEPS, RoleStatus
from opportunities.desk import operations as moderating
from opportunities.messaging.models import Notice
from opportunities.moderation import outcomes
from opportunities.moderation.models import Decision, Sanction
from opportunities.moderation.outcomes import OUTCOMES, Outcome
from opportunities.moderation.rules import RULES, SUSPENSION_DAYS
from opportunities.roles.models import Opportunity
from tests.desk.minute import let_the_minute_pass
from tests.factories import (
    ApplicationFactory,
    DecisionFactory,
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
    SanctionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

HERE = Path(__file__).parent
NOW = timezone.now()
HEAD = re.compile(r"(\w+) +(.+?)  +(.+?)(?:: (.+))?")
NOBODY_CHOOSES = {"auto_approve", "reinstate", "uphold", "resolve_report", "undo"}


def written() -> dict[str, dict[str, str]]:
    """Return what the page says: outcome to its lines, by their first words."""
    rows: dict[str, dict[str, str]] = {}
    for block in (HERE / "expected_outcomes.txt").read_text().strip().split("\n\n")[1:]:
        first, *lines = block.splitlines()
        found = HEAD.fullmatch(first)
        assert found, first
        name, label, on, verb = found.groups()
        rows[name] = {"label": label, "on": on, "verb": verb or ""}
        rows[name] |= {line[:16].strip(): line[16:] for line in lines}
    return rows


WRITTEN = written()


def chosen(on: str) -> list[str]:
    return [name for name, row in WRITTEN.items() if row["on"] == on and row["verb"]]


ON_ROLE = chosen("a role")
ON_EMPLOYER = [*chosen("an employer"), *chosen("an employer or a person")]
RUNGS = chosen("an employer or a person")
ON_SANCTION = chosen("a sanction")


def leads(name: str) -> tuple[set[str], str]:
    """Return the states in which an outcome applies, and the one it leads to."""
    before, _, after = WRITTEN[name]["leads"].partition(" -> ")
    return set(before.split(", ")), after


def asks(name: str, field: str) -> str:
    """Return whether an outcome takes a reason or rules: no, may or must."""
    found = re.search(rf"{field} (\w+)", WRITTEN[name].get("asks", ""))
    return found[1] if found else "no"


def given(name: str) -> dict[str, Any]:
    """Return what a moderator gives with an outcome, so that nothing is refused for its want."""
    given: dict[str, Any] = {"reason": "It is so."} if asks(name, "reason") != "no" else {}
    if asks(name, "rules") != "no":
        rule = re.search(r"of (\d\.\d)", WRITTEN[name]["asks"])
        given["rules"] = [rule[1] if rule else "5.3"]
    return given


def role_in(status: str, **facts: Any) -> Opportunity:
    state = {} if status == "draft" else {status: True}
    return OpportunityFactory(at=timezone.now(), **state, **facts)


def a_role_for(name: str) -> Opportunity:
    return role_in(min(leads(name)[0]))


def line_of(outcome: Outcome) -> dict[str, str]:
    """Write a row of the table as the page would."""
    line = {"label": outcome.label, "on": outcome.on.value, "verb": outcome.verb}
    if outcome.step:
        order = [state.value for state in RoleStatus if state in outcome.step.sources]
        line["leads"] = f"{', '.join(order)} -> {outcome.step.target}"
    needs = f"reason {outcome.reason.value}, rules {outcome.rules.value}"
    if outcome.rules.value != "no":
        needs += " of " + ("any" if set(outcome.cites) == set(RULES) else ", ".join(outcome.cites))
    elif outcome.cites and not outcome.sanction:
        line["cites"] = ", ".join(outcome.cites)
    needs += ", employer checked" if outcome.vouches else ""
    needs += ", stops overruled" if outcome.overrules else ""
    if needs != "reason no, rules no":
        line["asks"] = needs
    if outcome.sanction:
        second = f", confirmed as {outcome.confirmed_as}" if outcome.confirmed_as else ""
        line["sanction"] = outcome.sanction + second
    if outcome.told:
        line["tells"] = outcome.told.subject.replace("{days}", str(SUSPENSION_DAYS))
    if outcome.applicants_told:
        line["applicants"] = outcome.applicants_told.subject
    if outcome.blames:
        line["blames"] = "the employer"
    if outcome.undone_as:
        line["undone"] = f"on appeal, as {outcome.undone_as}"
    return line


def test_the_table_is_what_the_page_says() -> None:
    assert {name: line_of(outcome) for name, outcome in OUTCOMES.items()} == WRITTEN
    assert set(WRITTEN) - set(ON_ROLE + ON_EMPLOYER + ON_SANCTION) == NOBODY_CHOOSES


def test_the_steps_of_the_lifecycle_are_what_the_page_says() -> None:
    stated = []
    for noun, steps in (("role", ROLE_STEPS), ("application", APPLICATION_STEPS)):
        for action, step in steps.items():
            order = [state for state in type(step.target) if state in step.sources]
            stated.append(f"{noun:<13}{action:<14}{', '.join(order)} -> {step.target}")

    assert stated == (HERE / "expected_steps.txt").read_text().splitlines()


@pytest.fixture
def moderator(client: Client, settings: Any) -> User:
    """Sign a moderator in who may use the admin as well."""
    settings.DEMO = True  # the second factor has tests of its own
    person = UserFactory(moderator=True, admin=True)
    client.force_login(person)
    return person


@pytest.mark.parametrize("name", ON_ROLE)
class TestOnARole:
    @pytest.mark.parametrize("status", RoleStatus)
    def test_is_done_in_its_states_and_refused_in_all_others(
        self, status: str, name: str, moderator: User
    ) -> None:
        role = role_in(status)
        call = {"opportunity_id": role.pk, "moderator": moderator, "at": NOW, **given(name)}
        before, after = leads(name)

        if status in before:
            assert moderating.decide(OUTCOMES[name], **call).status == after
            assert Decision.objects.get().action == name
        else:
            with pytest.raises(WrongState):
                moderating.decide(OUTCOMES[name], **call)
            assert not Decision.objects.exists()

    @pytest.mark.parametrize("field", ["reason", "rules"])
    def test_asks_for_what_it_must_have_and_for_nothing_else(
        self, field: str, name: str, moderator: User
    ) -> None:
        role = a_role_for(name)
        call = {"opportunity_id": role.pk, "moderator": moderator, "at": NOW, **given(name)}
        call.pop(field, None)

        if asks(name, field) == "must":
            with pytest.raises(Invalid) as refusal:
                moderating.decide(OUTCOMES[name], **call)
            assert [fault.field for fault in refusal.value.faults] == [field]
        else:
            assert moderating.decide(OUTCOMES[name], **call).status == leads(name)[1]

    def test_tells_the_employer_once_and_the_applicants_if_it_says_so(
        self, name: str, moderator: User
    ) -> None:
        role = a_role_for(name)
        member = MembershipFactory(employer=role.employer).user
        applicant = ApplicationFactory(opportunity=role).profile.user

        moderating.decide(
            OUTCOMES[name], opportunity_id=role.pk, moderator=moderator, at=NOW, **given(name)
        )

        subject = WRITTEN[name]["tells"].format(role=role.title, employer=role.employer.name)
        told = Notice.objects.filter(recipient=member)
        assert [(notice.subject, notice.is_decision) for notice in told] == [(subject, True)]
        expected = (
            [WRITTEN[name]["applicants"].format(role=role.title)]
            if ("applicants" in WRITTEN[name])
            else []
        )
        assert [row.subject for row in Notice.objects.filter(recipient=applicant)] == expected

    @pytest.mark.parametrize("status", RoleStatus)
    def test_has_its_button_on_the_page_where_it_applies(
        self, client: Client, status: str, name: str, moderator: User
    ) -> None:
        page = client.get(reverse("opportunities:review-role", args=[role_in(status).public_id]))

        has_button = f'name="outcome" value="{name}"' in page.text
        assert has_button == (status in leads(name)[0])
        if has_button:
            assert f"<span>{WRITTEN[name]['verb']}</span>" in page.text

    def test_is_decided_on_the_page(self, client: Client, name: str, moderator: User) -> None:
        role = a_role_for(name)
        words = given(name)

        answer = client.post(
            reverse("opportunities:review-role", args=[role.public_id]),
            {"outcome": name, "message": words.get("reason", ""), "rule": words.get("rules", [])},
        )

        assert answer.status_code == 302
        let_the_minute_pass()
        assert self.decided(role, moderator) == (name, leads(name)[1], words.get("rules", []))

    def test_is_decided_over_the_api(self, name: str, moderator: User) -> None:
        role = a_role_for(name)
        caller = APIClient(headers={"If-Match": "*"})
        caller.force_authenticate(moderator)
        address = f"/api/v1/moderation/items/{role.public_id}/{name.replace('_', '-')}"

        answer = caller.post(address, given(name))

        assert answer.status_code == 200, answer.json()
        assert self.decided(role, moderator) == (
            name, leads(name)[1], given(name).get("rules", []),
        )  # fmt: skip

    def test_is_undone_on_appeal_or_cannot_be_appealed(self, name: str, moderator: User) -> None:
        role = a_role_for(name)
        author = MembershipFactory(employer=role.employer).user
        moderating.decide(
            OUTCOMES[name], opportunity_id=role.pk, moderator=moderator, at=NOW, **given(name)
        )
        decision = Decision.objects.get()
        call = {"decision_id": decision.pk, "author": author, "text": "It is real.", "at": NOW}
        found = re.match(r"on appeal, as (\w+)", WRITTEN[name].get("undone", ""))

        if found is None:
            with pytest.raises(WrongState):
                moderating.appeal(**call)
            return
        appeal = moderating.appeal(**call)
        second = UserFactory(moderator=True)
        moderating.hear_appeal(
            appeal_id=appeal.pk, moderator=second, granted=True, answer="Right.", at=NOW
        )
        role.refresh_from_db()
        assert Decision.objects.latest("pk").action == found[1]
        assert role.status == leads(found[1])[1]

    def decided(self, role: Opportunity, moderator: User) -> tuple[str, str, list[str]]:
        decision = Decision.objects.get()
        assert decision.moderator == moderator
        role.refresh_from_db()
        return decision.action, role.status, decision.rules


@pytest.mark.parametrize("name", ON_EMPLOYER)
class TestOnAnEmployer:
    def test_has_its_button_on_the_page_and_in_the_api(
        self, client: Client, name: str, moderator: User
    ) -> None:
        employer = EmployerFactory()
        self.prepare(name, employer=employer)
        address = reverse(
            "opportunities:act-on-employer", args=[employer.slug, name.replace("_", "-")]
        )

        page = client.get(reverse("opportunities:moderate-employers")).text
        client.post(address, {"reason": "It is so."})

        assert f'formaction="{address}" type="submit">{WRITTEN[name]["verb"]}</button>' in page
        self.check(name, moderator)

    def prepare(self, name: str, **side: Any) -> None:
        """Put an employer or a person on the rungs below the one to come."""
        levels = ["warning", "suspension", "block"]
        rung = WRITTEN[name].get("sanction", "warning").split(",")[0]
        for level in levels[: levels.index(rung)]:
            SanctionFactory(in_force=True, level=level, **side)

    def check(self, name: str, moderator: User) -> None:
        decision = Decision.objects.get()
        assert (decision.action, decision.moderator) == (name, moderator)
        assert decision.rules == ([WRITTEN[name]["cites"]] if "cites" in WRITTEN[name] else [])
        level, _, second = WRITTEN[name].get("sanction", "").partition(", ")
        if level:
            assert decision.sanction is not None
            assert decision.sanction.level == level
            assert (decision.sanction.in_force_at is None) == bool(second)


@pytest.mark.parametrize("name", RUNGS)
class TestARung:
    @pytest.mark.parametrize("side", ["employer", "account"])
    def test_is_imposed_over_the_api(self, side: str, name: str, moderator: User) -> None:
        caller = APIClient()
        caller.force_authenticate(moderator)
        whom = EmployerFactory() if side == "employer" else UserFactory()
        level = WRITTEN[name]["sanction"].split(",")[0]

        answer = caller.post(
            "/api/v1/moderation/sanctions",
            {
                side: whom.public_id if side == "employer" else whom.pk,
                "level": level, "reason": "It is so.", "grave": True,
            },
        )  # fmt: skip

        assert answer.status_code == 201
        assert Decision.objects.get().action == name
        assert Sanction.objects.get().level == level

    def test_is_imposed_on_a_person_on_the_page(
        self, client: Client, name: str, moderator: User
    ) -> None:
        person = UserFactory()
        address = reverse("opportunities:act-on-person", args=[name.replace("_", "-")])

        page = client.get(reverse("opportunities:sanctions")).text
        client.post(
            address, {"email": f" {person.email.upper()} ", "reason": "It is so.", "grave": "1"}
        )

        assert f'formaction="{address}" type="submit">{WRITTEN[name]["verb"]}</button>' in page
        sanction = Sanction.objects.get()
        assert (sanction.account, sanction.proposed_by) == (person, moderator)
        assert sanction.level == WRITTEN[name]["sanction"].split(",")[0]
        assert Decision.objects.get().action == name

    def test_is_told_where_it_stands_at_once(self, name: str, moderator: User) -> None:
        person = UserFactory()

        moderating.sanction(
            OUTCOMES[name], account_id=person.pk, moderator=moderator, reason="So.", grave=True,
            at=NOW,
        )  # fmt: skip

        expected = [WRITTEN[name]["tells"]] if "tells" in WRITTEN[name] else []
        assert [row.subject for row in Notice.objects.filter(recipient=person)] == expected

    def test_by_a_rule_is_the_same_sanction_without_a_moderator(self, name: str) -> None:
        person = UserFactory()
        call = {"account_id": person.pk, "rule": "6.1", "reason": "Silence.", "at": NOW}

        if "confirmed as" in WRITTEN[name]["sanction"]:
            with pytest.raises(ValueError, match="No rule decides"):
                moderating.sanction_by_rule(OUTCOMES[name], **call)
            return
        sanction = moderating.sanction_by_rule(OUTCOMES[name], **call, beside="Once more.")

        decision, notice = Decision.objects.get(), Notice.objects.get()
        assert (decision.action, decision.moderator, decision.rules) == (name, None, ["6.1"])
        assert sanction.level == WRITTEN[name]["sanction"]
        assert "Once more." in notice.body
        assert "You may appeal once" in notice.body


@pytest.mark.parametrize("name", ON_SANCTION)
@pytest.mark.parametrize("place", ["api", "page"])
def test_what_is_decided_on_a_sanction_is_decided_everywhere(
    client: Client, place: str, name: str, moderator: User
) -> None:
    slug = {"block": "confirm", "refuse_block": "refuse"}.get(name, name)
    sanction = SanctionFactory(
        in_force=name == "lift", level="block" if name != "lift" else "warning"
    )
    caller = APIClient()
    caller.force_authenticate(moderator)

    if place == "api":
        caller.post(f"/api/v1/moderation/sanctions/{sanction.pk}/{slug}", given(name))
    elif name == "lift":
        address = reverse("opportunities:lift-sanction", args=[sanction.pk])
        client.post(address, {"reason": "It is so."})
    else:
        address = reverse("opportunities:settle-block", args=[sanction.pk])
        client.post(address, {"confirm": str(int(name == "block")), "reason": "It is so."})

    decision = Decision.objects.get()
    assert (decision.action, decision.sanction, decision.moderator) == (name, sanction, moderator)


def test_an_outcome_that_is_not_decided_on_a_role_is_refused_there(moderator: User) -> None:
    with pytest.raises(ValueError, match="not decided on a role"):
        moderating.decide(
            outcomes.WARN, opportunity_id=role_in("open").pk, moderator=moderator, at=NOW
        )


def test_the_record_knows_every_outcome_and_has_room_for_its_name() -> None:
    field = Decision._meta.get_field("action")

    assert dict(field.choices) == {name: row["label"] for name, row in WRITTEN.items()}
    assert max(map(len, WRITTEN)) <= field.max_length
    assert DecisionFactory(action="remove").get_action_display() == "Removed"
