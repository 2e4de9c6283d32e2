"""Roles in German: facts, form, findings, notices; programs are answered in English."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from opportunities.accounts.languages import choose
from opportunities.core.retelling import retold
from opportunities.messaging.models import Notice
from opportunities.roles import search, wording
from opportunities.roles.formats import FORMATS, says
from opportunities.roles.models import Opportunity
from opportunities.roles.publishing import questions
from opportunities.roles.review import examine, keep_findings
from tests.factories import EmployerFactory, MembershipFactory, OpportunityFactory, UserFactory

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
IN_GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de"}


@pytest.fixture
def member():
    return MembershipFactory(owner=True, employer=EmployerFactory(verified=True))


class TestFacts:
    @pytest.mark.parametrize(
        ("phrase", "facts", "said"),
        [
            ("pay_phrase", {"pay_kind": "fixed_fee", "pay_amount_minor": 42000,
             "pay_currency": "GBP", "hours_total": 20},
             ("420 £ pauschal", "etwa 21 £ pro Stunde")),
            ("work_phrase", {"hours_total": 20.5, "weeks": 2}, ("20,5 Stunden", "über 2 Wochen")),
            ("work_phrase", {"hours_total": 1, "weeks": 1}, ("1 Stunde", "über 1 Woche")),
            ("start_phrase", {"start_earliest": date(2026, 12, 7),
             "start_latest": date(2026, 12, 21)},
             ("Ab Mo, 7. Dez", "spätestens Mo, 21. Dez")),
            ("where_phrase", {"mode": "hybrid", "place": "Leeds; York", "country": "GB"},
             ("Hybrid", "Leeds oder York, Vereinigtes Königreich")),
            ("mentoring_phrase", {"mentor_minutes_per_week": 90, "mentor_name": "Ada"},
             ("90 Minuten pro Woche", "mit Ada")),
            ("hands_on_phrase", {"hands_on": 0.8}, ("80\xa0% der Stunden", "")),
        ],
    )  # fmt: skip
    def test_are_said_with_german_numbers_days_and_plurals(self, phrase, facts, said):
        with translation.override("de"):
            assert tuple(getattr(wording, phrase)(Opportunity(**facts))) == said

    def test_steps_and_evidence_are_listed_in_german(self):
        role = Opportunity(
            steps=["resume", "interview", "interview"], evidence=["reference", "evaluation"]
        )

        with translation.override("de"):
            assert wording.steps_phrase(role) == "Lebenslauf, 2 Gespräche"
            assert (
                wording.evidence_phrase(role).main == "Eine Referenz, eine schriftliche Beurteilung"
            )
            assert wording.place_phrase(Opportunity(mode="onsite", place="Leeds")) == (
                "Leeds, vor Ort"
            )

    def test_a_format_names_its_rule_as_german_does(self):
        with translation.override("de"):
            assert str(FORMATS["micro_apprenticeship"].label) == "Mikro-Ausbildung"
            assert says("micro_apprenticeship", "mentor_named") == (
                "Eine Mikro-Ausbildung hält diese Regel ein: Die betreuende Person ist genannt."
            )

    def test_labels_follow_the_reader_and_not_whoever_read_first(self):
        def mode():
            (asked,) = (each for each in search.asked() if each.name == "mode")
            return str(asked.label), [(value, str(words)) for value, words in asked.choices]

        with translation.override("de"):
            german = mode()
        with translation.override("en-gb"):
            english = mode()

        assert (german[0], english[0]) == ("Wo gearbeitet wird", "Where the work is done")
        assert ("onsite", "Vor Ort") in german[1]
        assert ("onsite", "On site") in english[1]


@pytest.mark.django_db
class TestPages:
    def test_the_form_asks_and_refuses_in_german(self, client, member):
        client.force_login(member.user)

        page = client.get("/employer/roles/new/", **IN_GERMAN)
        refused = client.post(
            "/employer/roles/new/",
            {"title": "", "format": "micro_internship", "act": "send"},
            **IN_GERMAN,
        )

        assert "Zur Prüfung senden" in page.text
        assert "Was ist zu tun?" in page.text
        assert "Send for review" not in page.text
        assert 'name="language" value="Deutsch"' in page.text
        assert refused.status_code == 422
        assert "Sag, was zu tun ist." in refused.text
        assert "Gib der Stelle einen Titel." in refused.text

    def test_a_kept_finding_is_read_in_the_readers_language(self, client, member):
        role = OpportunityFactory(
            employer=member.employer, open=True, title="Analyst!!", response_days=40
        )
        results = examine(role, poster=member.user, refuses=False, at=AT)
        keep_findings([(role, results)])
        client.force_login(member.user)

        page = client.get(f"/employer/roles/{role.public_id}/", **IN_GERMAN).text
        told = client.get(f"/api/v1/opportunities/{role.public_id}/findings", **IN_GERMAN).json()

        assert "Der Titel schreit." in page
        assert "Antwort innerhalb von 40 Arbeitstagen; üblich sind" in page
        assert "The title shouts." not in page
        details = {finding["name"]: finding["detail"] for finding in told}
        assert details["job_title"] == "The title shouts."

    def test_numbers_are_typed_as_german_writes_them(self, client, member):
        role = OpportunityFactory(employer=member.employer, weeks=2.5, hours_total=None)
        client.force_login(member.user)
        address = f"/employer/roles/{role.public_id}/edit/"

        shown = client.get(address, **IN_GERMAN).text
        client.post(address, {"weeks": "2,5", "pay_amount": "1.200,50"}, **IN_GERMAN)

        assert 'value="2,5"' in shown
        role.refresh_from_db()
        assert (role.weeks, role.pay_amount_minor) == (2.5, 120050)

    def test_a_format_rule_that_is_not_met_is_told_whole(self):
        kept = (
            "A gigternship keeps this rule: The same person may come back for more."
            " See the field “They may do it again”."
        )

        with translation.override("de"):
            assert retold(kept) == (
                "Ein Gigternship hält diese Regel ein: Dieselbe Person darf wiederkommen."
                " Siehe das Feld „Wiederholung möglich“."
            )

    def test_a_refused_step_says_the_state_in_german(self, client, member):
        role = OpportunityFactory(employer=member.employer)
        client.force_login(member.user)

        page = client.post(
            f"/employer/roles/{role.public_id}/act/confirm/", follow=True, **IN_GERMAN
        ).text

        assert "Diese Stelle lässt sich nicht bestätigen" in page


@pytest.mark.django_db
def test_each_member_is_told_of_a_question_in_their_own_language(member):
    other = MembershipFactory(employer=member.employer)
    choose(person=member.user, language="de")
    role = OpportunityFactory(employer=member.employer, open=True, title="Survey analyst")

    questions.ask(
        opportunity_id=role.pk, author=UserFactory(), question="Which tool do you use?", at=AT
    )

    told = {notice.recipient_id: notice for notice in Notice.objects.filter(kind="role_question")}
    assert told[member.user.pk].subject == "Eine Frage zu Survey analyst"
    assert "Jemand fragt: Which tool do you use?" in told[member.user.pk].body
    assert told[other.user.pk].subject == "A question on Survey analyst"
