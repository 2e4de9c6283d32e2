import re
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format

from opportunities.accounts.models import User
from opportunities.accounts.permissions import is_moderator
from opportunities.desk import operations as moderating
from opportunities.desk.operations import reports
from opportunities.desk.templatetags.desk import desk_nav
from opportunities.employers.models import Employer
from opportunities.messaging.models import Notice
from opportunities.moderation import outcomes
from opportunities.moderation.models import Appeal, Decision, Report, SanctionLevel
from opportunities.moderation.rules import APPEAL_DAYS
from opportunities.roles.publishing import submitting
from tests.desk import deciding
from tests.desk.minute import let_the_minute_pass
from tests.factories import (
    AppealFactory,
    CandidateProfileFactory,
    DecisionFactory,
    EmployerFactory,
    MembershipFactory,
    MessageFactory,
    OpportunityFactory,
    ReportFactory,
    RolePostFactory,
    SanctionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(client):
    moderator = UserFactory(moderator=True, name="Moderator M")
    client.force_login(moderator)
    return moderator


def submitted(**facts):
    member = MembershipFactory(employer=EmployerFactory(verified=True))
    role = OpportunityFactory(employer=member.employer, **facts)
    submitting.submit(opportunity_id=role.pk, actor=member.user, at=timezone.now())
    role.refresh_from_db()
    return role


def page(role):
    return reverse("opportunities:review-role", args=[role.public_id])


class TestDesk:
    def test_opens_the_oldest_waiting_role_at_once(self, client, moderator):
        first = submitted()
        submitted()

        assert client.get("/moderate/").url == page(first)

    def test_shows_the_words_of_an_import_that_are_in_no_field(self, client, moderator):
        role = submitted(unparsed={"pay": "<generous>", "apply_by": "11/01/2027"})

        shown = client.get(page(role)).text

        assert "Pay in words: <bdi>&lt;generous&gt;</bdi>" in shown
        assert "Last day to apply: <bdi>11/01/2027</bdi>" in shown

    def test_says_when_nothing_waits(self, client, moderator):
        assert "Nothing waits" in client.get("/moderate/").text

    def test_says_in_minutes_what_was_decided_within_an_hour(self, client, moderator):
        role = submitted()
        at = role.submitted_at + timedelta(minutes=3)
        DecisionFactory(opportunity=role, action="approve", decided_at=at)

        assert "3 min" in client.get(page(role)).text

    def test_is_for_moderators(self, client):
        client.force_login(UserFactory())

        response = client.get("/moderate/")

        assert response.status_code == 403
        assert "for moderators" in response.text


class TestReview:
    def test_marks_the_exact_words_and_cites_the_rule(self, client, moderator):
        role = submitted(description="You pay a £35 registration fee before you start the work.")

        text = client.get(page(role)).text

        assert "<mark>" in text
        assert "rule 4.1" in text
        assert 'class="tag bad">Stop' in text

    def test_checks_without_a_concern_are_folded_away_and_counted(self, client, moderator):
        role = submitted(description="You pay a £35 registration fee before you start the work.")

        response = client.get(page(role))
        concerns, clears = response.context["concerns"], response.context["clears"]
        seen, folded = response.text.split(f"{clears} checks are clear</summary>")

        assert concerns + clears == len(response.context["findings"])
        assert 'class="tag bad">Stop' in seen
        assert 'class="tag ok">Clear' not in seen
        assert folded.count('class="tag ok">Clear') == clears

    def test_shows_where_applications_go(self, client, moderator):
        role = submitted()
        role.apply_url = "https://jobs.elsewhere.example/7?from=us&x=1"
        role.save(update_fields=["apply_url"])

        address = "https://jobs.elsewhere.example/7?from=us&amp;x=1"
        assert f'rel="noopener nofollow external">{address}</a>' in client.get(page(role)).text

    def test_nothing_is_chosen_before_the_moderator_chooses(self, client, moderator):
        barred = submitted(description="You pay a £35 registration fee before you start the work.")
        for role, choices in ((submitted(), 4), (barred, 3)):
            text = client.get(page(role)).text

            assert text.count('name="outcome"') == choices
            assert " checked>" not in text

    def test_deciding_without_a_choice_is_asked_again_with_everything_typed(
        self, client, moderator
    ):
        role = submitted()
        typed = {"message": "Say who <reads> it.", "rule": ["5.1"], "employer_checked": "1"}
        Employer.objects.update(verified_at=None, verified_by="")

        response = client.post(page(role), typed | {"version": role.version})

        assert response.status_code == 422
        assert "Choose what you decide" in response.text
        assert "Say who &lt;reads&gt; it.</textarea>" in response.text
        assert 'name="rule" value="5.1" checked' in response.text
        assert 'name="employer_checked" value="1" checked' in response.text
        assert response.text.count(" checked>") == 2
        assert not Decision.objects.exists()

    def test_a_decision_opens_the_next_role(self, client, moderator):
        first = submitted(description="You chart the boats of the harbor for the crew.")
        second = submitted(description="Our library lends tools; you photograph each for us.")

        response = client.post(
            page(first), {"outcome": "approve", "message": "", "version": first.version}
        )

        assert response.url == "/moderate/"
        assert client.get("/moderate/").url == page(second)
        let_the_minute_pass()
        first.refresh_from_db()
        assert first.status == "open"

    def test_a_message_that_is_too_long_is_named_and_kept(self, client, moderator):
        role = submitted()
        long = "x" * 2_001

        response = client.post(page(role), {"outcome": "reject", "rule": ["5.3"], "message": long})

        assert response.status_code == 422
        assert "Message: At most 2,000 characters." in response.text
        assert long in response.text

    def test_a_rejection_without_a_reason_is_asked_again(self, client, moderator):
        role = submitted()

        response = client.post(page(role), {"outcome": "reject", "message": ""})

        assert response.status_code == 422
        assert not Decision.objects.exists()

    def test_a_decision_on_an_older_version_is_refused(self, client, moderator):
        role = submitted()

        response = client.post(
            page(role), {"outcome": "approve", "message": "", "version": role.version + 1}
        )

        assert response.status_code == 422

    def test_ones_own_employer_is_for_another_moderator(self, client, moderator):
        role = submitted()
        MembershipFactory(employer=role.employer, user=moderator)

        assert "another moderator decides" in client.get(page(role)).text
        response = client.post(page(role), {"outcome": "approve", "message": "fine"})
        assert response.status_code == 422

    def test_the_queue_runs_a_bounded_number_of_queries(
        self, client, moderator, django_assert_max_num_queries
    ):
        for _ in range(4):
            role = submitted()

        with django_assert_max_num_queries(30):
            client.get(page(role))

    def test_each_list_says_beside_its_name_how_many_wait_for_this_moderator(
        self, client, moderator
    ):
        ReportFactory.create_batch(2)
        ReportFactory(opportunity__employer=MembershipFactory(user=moderator).employer)
        AppealFactory()
        AppealFactory(decision__moderator=moderator)

        for address in ("/moderate/", "/moderate/employers/", "/moderate/log/"):
            text = client.get(address).text
            assert 'Reports <b class="num">2</b></a>' in text
            assert 'Appeals <b class="num">1</b></a>' in text

    def test_what_waits_costs_one_query_for_each_of_both_lists(
        self, client, moderator, django_assert_num_queries
    ):
        ReportFactory.create_batch(3)
        AppealFactory.create_batch(3)
        request = RequestFactory().get("/moderate/")
        request.user = moderator
        assert is_moderator(moderator)  # as every page of the desk asks first

        with django_assert_num_queries(2):
            found = desk_nav({"request": request}, "queue")

        assert (found["reports_waiting"], found["appeals_waiting"]) == (3, 3)

    def test_nothing_is_counted_where_nothing_waits(self, client, moderator):
        assert ">Reports</a>" in client.get("/moderate/log/").text

    def test_everything_that_a_rejection_lacks_is_said_at_once(self, client, moderator):
        role = submitted()

        text = client.post(page(role), {"outcome": "reject", "message": ""}).text

        assert "Name the rule that is not kept." in text
        assert "Say why; the other side reads it." in text


def test_a_report_is_answered_from_its_list(client, moderator):
    role = OpportunityFactory(open=True)
    moderating.report(
        subject=reports.Subject("opportunity", role.pk),
        reason="scam",
        text="They wanted a fee.",
        reporter=None,
        at=timezone.now(),
    )
    assert "They wanted a fee." in client.get("/moderate/reports/").text

    client.post(
        reverse("opportunities:answer-report", args=[Report.objects.get().public_id]),
        {"upheld": "0", "answer": "We looked and found no fee."},
    )

    assert Report.objects.get().upheld is False


def test_a_reported_message_is_read_whole_with_its_role_and_its_side(client, moderator):
    message = MessageFactory(text="Before I answer, " + "very " * 60 + "last word.")
    post = RolePostFactory(answered=True, answer="Ask <me> for the answer.")
    employer = EmployerFactory(name="Harbour Studio")
    ReportFactory(opportunity=None, message=message, text="One.\n\nTwo.")
    ReportFactory(opportunity=None, post=post)
    ReportFactory(opportunity=None, employer=employer)

    text = client.get("/moderate/reports/").text

    for role in (message.application.opportunity, post.opportunity):
        assert f"{page(role)}" in text
        assert role.employer.name in text
    assert "a message of the applicant" in text
    assert "very last word." in text
    assert "One.<br><br>Two." in text
    assert "Ask &lt;me&gt; for the answer." in text
    assert f"/moderate/employers/?employer={employer.public_id}" in text


def test_whom_a_report_is_about_is_named_to_the_person_who_reports(client):
    message = MessageFactory(text="Send me your papers first.", from_employer=False)
    member = MembershipFactory(employer=message.application.opportunity.employer)
    client.force_login(member.user)

    text = client.get(reverse("opportunities:report-message", args=[message.pk])).text

    assert "About “Send me your papers first.”" in text
    assert "nobody whom it is about learns who you are" in text


def test_the_answer_to_a_report_is_for_whoever_reported_it(client):
    role = submitted()
    report = ReportFactory(opportunity=role)
    moderating.answer_report(
        report_id=report.pk, moderator=UserFactory(moderator=True), upheld=True,
        answer="Thank you, Ada: you saw it first.", at=timezone.now(),
    )  # fmt: skip
    client.force_login(role.posted_by)

    text = client.get(reverse("opportunities:manage-role", args=[role.public_id])).text

    assert "you saw it first" not in text
    assert "Report answered" not in text


def test_an_appeal_is_heard_from_its_list(client, moderator):
    role = submitted()
    other = UserFactory(moderator=True)
    deciding.reject(
        opportunity_id=role.pk,
        moderator=other,
        rules=["5.1"],
        reason="The facts do not agree.",
        at=timezone.now(),
    )
    author = role.employer.memberships.get().user
    moderating.appeal(
        decision_id=Decision.objects.get().pk,
        author=author,
        text="They do agree now.",
        at=timezone.now(),
    )
    assert "They do agree now." in client.get("/moderate/appeals/").text

    client.post(
        reverse("opportunities:hear-appeal", args=[Appeal.objects.get().public_id]),
        {"granted": "1", "answer": "They do."},
    )

    role.refresh_from_db()
    assert role.status == "in_review"
    assert "Reinstated" in client.get("/moderate/log/").text


def test_what_a_colleague_has_answered_meanwhile_says_so_and_keeps_the_words(client, moderator):
    colleague = UserFactory(moderator=True, name="Samira Boateng")
    first = {"moderator": colleague, "answer": "Seen before you.", "at": timezone.now()}
    report, appeal = ReportFactory(), AppealFactory()
    moderating.answer_report(report_id=report.pk, upheld=True, **first)
    moderating.hear_appeal(appeal_id=appeal.pk, granted=False, **first)
    late = {"answer": "I looked as well.", "box": "a-1"}

    for route, row, why, said in (
        ("answer-report", report, "The report is answered already.", "Upheld</h2>"),
        ("hear-appeal", appeal, "The appeal has been heard.", "Decision upheld on appeal</h2>"),
    ):
        answer = client.post(reverse(f"opportunities:{route}", args=[row.public_id]), late)

        assert answer.status_code == 422
        assert why in answer.text
        assert "I looked as well." in answer.text
        assert said in answer.text
        assert "by Samira Boateng" in answer.text
        assert "Seen before you." in answer.text
        assert "Send again" not in answer.text


def test_whoever_comes_late_is_led_to_the_next_item_and_to_what_was_decided(client, moderator):
    report = ReportFactory()
    moderating.answer_report(
        report_id=report.pk, moderator=moderator, upheld=False, answer="Mine.", at=timezone.now()
    )

    text = client.post(
        reverse("opportunities:answer-report", args=[report.public_id]), {"answer": ""}
    ).text

    employer = report.opportunity.employer
    assert ", by you<" in text
    assert "Dismissed</h2>" in text
    assert 'href="/moderate/reports/">Next report</a>' in text
    assert f'href="/moderate/log/?employer={employer.public_id}"' in text
    assert "What you wrote" not in text


def test_a_sanction_that_was_settled_meanwhile_shows_how(client, moderator):
    colleague = UserFactory(moderator=True, name="Samira Boateng")
    sanction = SanctionFactory(in_force=True)
    moderating.settle_sanction(
        outcomes.LIFT, sanction_id=sanction.pk, moderator=colleague, reason="Paid.",
        at=timezone.now(),
    )  # fmt: skip
    late = {"reason": "They have paid.", "box": f"r-{sanction.pk}"}

    for route, link in (
        ("lift-sanction", 'href="/moderate/sanctions/">Sanctions in force</a>'),
        ("settle-block", 'href="/moderate/employers/">Employers</a>'),
    ):
        text = client.post(reverse(f"opportunities:{route}", args=[sanction.pk]), late).text

        assert "Sanction lifted</h2>" in text
        assert "by Samira Boateng" in text
        assert "They have paid." in text
        assert link in text
        assert "Send again" not in text


def test_what_may_still_be_answered_comes_back_with_its_form(client, moderator):
    report = ReportFactory()

    answer = client.post(
        reverse("opportunities:answer-report", args=[report.public_id]),
        {"answer": "", "box": f"a-{report.public_id}"},
    )

    assert answer.status_code == 422
    assert f"/moderate/reports/{report.public_id}/" in answer.text


def test_no_box_that_a_decision_needs_is_called_optional(client, moderator):
    role = submitted()

    for address, label in ((page(role), "Message"), ("/moderate/employers/", "Reason")):
        text = client.get(address).text

        assert f"<b>{label}</b></label>" in text
        assert f'<b>{label}</b> <span class="mute">optional' not in text


def test_a_grave_matter_needs_no_milder_step_first(client, moderator):
    employer = EmployerFactory()
    address = reverse("opportunities:act-on-employer", args=[employer.slug, "suspend"])
    sent = {"reason": "They asked three people for gift cards.", "box": f"e-{employer.pk}"}
    assert "A warning has to come first" in client.post(address, sent).text

    client.post(address, sent | {"grave": "1"})

    employer.refresh_from_db()
    assert employer.status == "suspended"


def test_an_employer_is_verified_from_the_list(client, moderator):
    employer = EmployerFactory()
    assert employer.name in client.get("/moderate/employers/").text

    client.post(
        reverse("opportunities:act-on-employer", args=[employer.slug, "verify"]),
        {"reason": "Companies register entry seen."},
    )

    employer.refresh_from_db()
    assert employer.is_verified


def test_whoever_acts_on_an_employer_reads_where_it_stands_now(client, moderator):
    employer, other = EmployerFactory(name="Harbor Studio"), EmployerFactory(name="Mill Works")
    address = reverse("opportunities:act-on-employer", args=[employer.slug, "suspend"])
    sent = {"reason": "They asked for gift cards.", "grave": "1", "box": f"e-{employer.pk}"}

    text = client.post(address, sent, follow=True).text

    assert "It is done and on record." in text
    assert 'class="tag bad">Suspended' in text
    assert other.name not in text


def test_a_block_is_confirmed_by_another_and_taken_back_by_who_proposed_it(client, moderator):
    own = SanctionFactory(level="block", proposed_by=moderator)
    other = SanctionFactory(level="block")
    page = client.get("/moderate/employers/").text

    assert page.count("Confirm the block") == 1
    assert page.count("Take it back") == 1

    for sanction, confirm in ((own, "0"), (other, "1")):
        address = reverse("opportunities:settle-block", args=[sanction.pk])
        client.post(address, {"confirm": confirm, "reason": "It was somebody else."})
        sanction.refresh_from_db()
    assert own.lifted_at is not None
    assert other.in_force_at is not None


def test_lists_name_the_person_whom_a_decision_is_about_and_who_proposed_a_block(client, moderator):
    colleague = UserFactory(moderator=True, name="Colleague C")
    person = UserFactory(email="about.me@mill.example")
    call = {"account_id": person.pk, "moderator": colleague, "at": timezone.now(), "grave": True}
    deciding.propose_block(reason="A third false offer.", **call)
    assert "by Colleague C" in client.get("/moderate/employers/").text
    moderating.sanction(outcomes.SUSPEND, reason="A false offer.", **call)
    suspended = Decision.objects.get(action="suspend")
    words = {"text": "It was not me.", "at": timezone.now()}
    moderating.appeal(decision_id=suspended.pk, author=person, **words)

    for address in ("/moderate/appeals/", "/moderate/log/"):
        text = client.get(address).text
        assert re.search("Suspended(</b>)?: <bdi>about.me@mill.example</bdi>", text), address


def test_one_employer_is_named_in_the_address_of_the_list(client, moderator):
    named, other = EmployerFactory(name="Harbor Studio"), EmployerFactory(name="Mill Works")

    page = client.get(f"/moderate/employers/?employer={named.public_id}").text

    assert named.name in page
    assert other.name not in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("harbor", ["Harbor Studio"]),
        (" Mill.Example ", ["Mill Works"]),
        ("works mill", ["Mill Works"]),
        ("mill studio", []),
        ("a mine", []),
    ],
)
def test_employers_are_found_by_name_and_domain(client, moderator, words, found):
    EmployerFactory(name="Harbor Studio", domain="studio.example")
    EmployerFactory(name="Mill Works", domain="mill.example")

    answer = client.get("/moderate/employers/", {"q": words})

    assert [employer.name for employer in answer.context["rows"]] == found
    assert ("No employer has such a name or domain." in answer.text) == (not found)


def test_the_name_of_an_employer_leads_to_its_page_while_there_is_one(client, moderator):
    shown, hidden = EmployerFactory(), EmployerFactory(status="suspended")

    text = client.get("/moderate/employers/").text

    assert f'href="{reverse("opportunities:employer", args=[shown.slug])}"' in text
    assert f'href="{reverse("opportunities:employer", args=[hidden.slug])}"' not in text
    assert hidden.name in text


def test_an_address_that_no_account_has_keeps_what_was_written(client, moderator):
    address = reverse("opportunities:act-on-person", args=["warn"])
    sent = {"email": "nobody@none.example", "reason": "Rude to three people.", "box": "person"}

    answer = client.post(address, sent)

    assert answer.status_code == 422
    told = '<b><span class="vh">Error: </span>No account has this address.</b></p><input'
    assert f'id="person-email-fault">{told}' in answer.text
    assert "person-error" not in answer.text
    assert 'value="nobody@none.example"' in answer.text
    assert "Rude to three people." in answer.text
    assert client.post(address.replace("warn", "praise"), sent).status_code == 404


class TestSanctions:
    LIST = "/moderate/sanctions/"

    def lift(self, client, sanction, reason="They answer in time now."):
        address = reverse("opportunities:lift-sanction", args=[sanction.pk])
        response = client.post(address, {"reason": reason}, follow=True)
        sanction.refresh_from_db()
        return response

    def test_both_sides_are_listed_with_why_since_when_and_until_when(self, client, moderator):
        now = timezone.now()
        SanctionFactory(
            in_force=True,
            employer__name="Late Answers Ltd",
            level=SanctionLevel.SUSPENSION,
            reason="Nobody was answered.",
            ends_at=now + timedelta(days=9),
        )
        SanctionFactory(in_force=True, on_account=True, account__email="rude@example.org")

        text = client.get(self.LIST).text

        for said in (
            "Late Answers Ltd", "Suspension for 30 days", "Nobody was answered.", "Employer",
            f"until {date_format(now + timedelta(days=9), 'D j M Y')}", "rude@example.org",
            "Warning", "Person", "until it is lifted",
        ):  # fmt: skip
            assert said in text
        assert self.LIST in client.get("/moderate/log/").text

    def test_what_is_over_proposed_or_too_close_is_not_listed(self, client, moderator):
        now = timezone.now()
        own = MembershipFactory(user=moderator).employer
        colleague = MembershipFactory(employer=own).user
        SanctionFactory(in_force=True, employer__name="Lifted", lifted_at=now)
        SanctionFactory(in_force=True, employer__name="Ran Out", ends_at=now - timedelta(days=1))
        SanctionFactory(employer__name="Proposed", level=SanctionLevel.BLOCK)
        for close in ({"employer": own}, {"account": colleague}, {"account": moderator}):
            SanctionFactory(in_force=True, **{"employer": None} | close)

        assert "No sanction is in force." in client.get(self.LIST).text

    def test_is_lifted_with_a_reason_that_is_kept_on_record(self, client, moderator):
        sanction = SanctionFactory(in_force=True)

        text = self.lift(client, sanction).text

        assert "The sanction is lifted." in text
        assert sanction.lifted_at is not None
        decision = Decision.objects.get(action="lift")
        assert (decision.moderator, decision.reason) == (moderator, "They answer in time now.")

    def test_a_persons_suspension_is_lifted_and_they_may_act_again(self, client, moderator):
        later = timezone.now() + timedelta(days=9)
        sanction = SanctionFactory(
            in_force=True, on_account=True, level=SanctionLevel.SUSPENSION, ends_at=later,
            account__suspended_until=later,
        )  # fmt: skip

        self.lift(client, sanction)

        sanction.account.refresh_from_db()
        assert sanction.account.suspended_until is None

    def test_no_reason_no_second_time_and_nothing_unknown(self, client, moderator):
        sanction = SanctionFactory(in_force=True)
        self.lift(client, sanction, reason=" ")
        assert sanction.lifted_at is None
        self.lift(client, sanction)

        assert "not in force" in self.lift(client, sanction).text
        assert client.post("/moderate/sanctions/0/lift/").status_code == 404

    def test_ones_own_employers_is_for_another_moderator(self, client, moderator):
        sanction = SanctionFactory(
            in_force=True, employer=MembershipFactory(user=moderator).employer
        )

        self.lift(client, sanction)

        assert sanction.lifted_at is None

    def test_is_for_moderators(self, client):
        sanction = SanctionFactory(in_force=True)
        client.force_login(UserFactory())

        assert client.get(self.LIST).status_code == 403
        assert self.lift(client, sanction).status_code == 403
        assert sanction.lifted_at is None

    def test_is_paged(self, client, moderator):
        SanctionFactory.create_batch(21, in_force=True)

        first = client.get(self.LIST)
        rest = client.get(first.context["next"])

        assert [len(each.context["rows"]) for each in (first, rest)] == [20, 1]


class TestWhomADecisionConcerns:
    """The notice leads to the page where the decision stands, with its rules and the appeal."""

    def test_an_employers_notice_leads_to_the_appeal(self, client):
        owner = MembershipFactory(owner=True).user
        (employer,) = Employer.objects.filter(memberships__user=owner)
        deciding.warn(
            employer_id=employer.pk, moderator=UserFactory(moderator=True),
            reason="Nobody was answered.", at=timezone.now(),
        )  # fmt: skip
        client.force_login(owner)

        text = client.get(Notice.objects.get(recipient=owner).url).text

        assert "Nobody was answered." in text
        assert reverse("opportunities:appeal", args=[Decision.objects.get().pk]) in text

    def test_the_answer_to_an_appeal_leads_there_as_well(self, client):
        owner = MembershipFactory(owner=True).user
        (employer,) = Employer.objects.filter(memberships__user=owner)
        now = timezone.now()
        deciding.warn(
            employer_id=employer.pk, moderator=UserFactory(moderator=True), reason="A.", at=now
        )
        appeal = moderating.appeal(
            decision_id=Decision.objects.get().pk, author=owner, text="No.", at=now
        )
        moderating.hear_appeal(
            appeal_id=appeal.pk, moderator=UserFactory(moderator=True), granted=False,
            answer="It stays.", at=now,
        )  # fmt: skip
        client.force_login(owner)

        told = Notice.objects.get(recipient=owner, kind="appeal_heard")

        assert "It stays." in client.get(told.url).text

    def test_two_appeals_of_one_employer_are_told_apart(self):
        owner = MembershipFactory(owner=True, user__time_zone="Asia/Tokyo").user
        (employer,) = Employer.objects.filter(memberships__user=owner)
        late = timezone.now().replace(month=3, day=9, hour=23)
        for action, at in (("warn", late - timedelta(days=1)), ("suspend", late)):
            decision = DecisionFactory(opportunity=None, employer=employer, action=action, at=at)
            appeal = AppealFactory(decision=decision, author=owner)
            moderating.hear_appeal(
                appeal_id=appeal.pk, moderator=UserFactory(moderator=True), granted=False,
                answer="It stays.", at=timezone.now(),
            )  # fmt: skip

        told = Notice.objects.filter(recipient=owner, kind="appeal_heard").order_by("id")

        said = f"Your appeal was not granted ({{}} March {late.year}): {employer.name}"
        assert [notice.subject for notice in told] == [
            said.format("Warned, 9"), said.format("Suspended, 10"),
        ]  # fmt: skip

    def test_no_appeal_is_offered_when_its_days_are_over(self, client):
        member = MembershipFactory(owner=True)
        old = timezone.now() - timedelta(days=APPEAL_DAYS + 1)
        DecisionFactory(
            opportunity=None, employer=member.employer, action=outcomes.WARN.name, at=old
        )
        client.force_login(member.user)

        text = client.get(
            reverse("opportunities:employer-profile", args=[member.employer.slug])
        ).text

        assert "The vacancy does not exist." in text
        assert "Appeal once" not in text

    def test_a_person_reads_what_a_rule_decided_in_their_language(self, client):
        person = UserFactory(language="de")
        moderating.sanction_by_rule(
            outcomes.WARN, account_id=person.pk, rule="6.1",
            reason="Accepted a place and did not appear", at=timezone.now(),
        )  # fmt: skip
        client.force_login(person)

        text = client.get("/me/").text

        assert "Hat einen Platz angenommen und ist nicht erschienen" in text
        assert "#rule-6.1" in text

    def test_a_block_is_read_of_once_it_stands_and_not_while_it_is_proposed(self, client):
        first, second = UserFactory(moderator=True), UserFactory(moderator=True)
        person, member = UserFactory(), MembershipFactory(owner=True)
        call = {"moderator": first, "reason": "A third false offer.", "grave": True}
        at = timezone.now()
        deciding.propose_block(employer_id=member.employer_id, at=at, **call)
        proposal = deciding.propose_block(account_id=person.pk, at=at, **call)
        client.force_login(member.user)
        listed = f"/api/v1/employers/{member.employer.public_id}/decisions"

        assert client.get(listed).json()["data"] == []

        client.force_login(person)
        assert "A third false offer." not in client.get("/me/").text
        moderating.settle_sanction(
            outcomes.BLOCK, sanction_id=proposal.pk, moderator=second, at=timezone.now()
        )
        text = client.get("/me/").text

        assert "Blocked" in text
        assert "Block proposed" not in text

    def test_an_employers_first_page_says_first_that_it_is_suspended(self, client):
        member = MembershipFactory(owner=True, employer=EmployerFactory(verified=True))
        profile = reverse("opportunities:employer-profile", args=[member.employer.slug])
        public = reverse("opportunities:employer", args=[member.employer.slug])
        client.force_login(member.user)
        assert public in client.get("/employer/").text
        moderating.sanction_by_rule(
            outcomes.SUSPEND, employer_id=member.employer_id, rule="6.1",
            reason="Applicants waited for months.", at=timezone.now(),
        )  # fmt: skip

        home, told = client.get("/employer/"), f"{member.employer.name} is suspended until"

        assert told in home.context["to_do"][0]["text"]
        assert home.context["to_do"][0]["href"] == profile
        assert "Suspended" in home.text
        assert public not in home.text + client.get(profile).text
        Employer.objects.update(status="blocked", suspended_until=None)
        (asked,) = client.get("/employer/").context["to_do"]
        assert asked["text"].endswith(
            "is blocked, and its roles are closed. Read why, and how to appeal."
        )

    def test_a_blocked_person_does_not_show_the_profile_that_the_block_hid(self, client):
        profile = CandidateProfileFactory(pseudonym=True)
        first, second = UserFactory(moderator=True), UserFactory(moderator=True)
        block = deciding.propose_block(
            account_id=profile.user_id, moderator=first, reason="Abuse.", grave=True,
            at=timezone.now(),
        )  # fmt: skip
        deciding.confirm_block(sanction_id=block.pk, moderator=second, at=timezone.now())
        client.force_login(User.objects.get(pk=profile.user_id))
        page = client.get("/me/").text

        assert re.findall(r'name="visibility" value="(\w+)" checked', page) == ["hidden"]
        assert page.count('name="visibility"') == 1
        assert "This is the only choice while your account is blocked." in page
        assert '<a href="#about-h">Read why, and how to appeal</a>' in page
        for chosen, said in (
            ("pseudonym", "Your account is blocked: you can read, but not act."),
            ("hidden", "Your choice is saved."),
        ):
            told = client.post("/me/visibility/", {"visibility": chosen}, follow=True).text

            assert said in told
            profile.refresh_from_db()
            assert profile.visibility == "hidden"
