import pytest
from django.urls import reverse
from django.utils import timezone

from opportunities import moderating, publishing
from opportunities.models import Appeal, Decision, Report
from opportunities.moderating import reporting
from tests.factories import (
    EmployerFactory,
    MembershipFactory,
    OpportunityFactory,
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
    publishing.submit(opportunity_id=role.pk, actor=member.user, at=timezone.now())
    role.refresh_from_db()
    return role


def page(role):
    return reverse("opportunities:review-role", args=[role.public_id])


class TestDesk:
    def test_opens_the_oldest_waiting_role_at_once(self, client, moderator):
        first = submitted()
        submitted()

        assert client.get("/moderate/").url == page(first)

    def test_says_when_nothing_waits(self, client, moderator):
        assert "Nothing waits" in client.get("/moderate/").text

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

    def test_a_decision_opens_the_next_role(self, client, moderator):
        first, second = submitted(), submitted()

        response = client.post(
            page(first), {"outcome": "approve", "message": "", "version": first.version}
        )

        assert response.url == "/moderate/"
        assert client.get("/moderate/").url == page(second)
        first.refresh_from_db()
        assert first.status == "open"

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


def test_a_report_is_answered_from_its_list(client, moderator):
    role = OpportunityFactory(open=True)
    moderating.report(
        subject=reporting.Subject("opportunity", role.pk),
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


def test_an_appeal_is_heard_from_its_list(client, moderator):
    role = submitted()
    other = UserFactory(moderator=True)
    moderating.reject(
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


def test_an_employer_is_verified_from_the_list(client, moderator):
    employer = EmployerFactory()
    assert employer.name in client.get("/moderate/employers/").text

    client.post(
        reverse("opportunities:act-on-employer", args=[employer.slug, "verify"]),
        {"reason": "Companies register entry seen."},
    )

    employer.refresh_from_db()
    assert employer.is_verified
