"""Every action in every state is done or refused with the right error, by the right people."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from opportunities.applications import applying, selecting
from opportunities.applications.models import Application, ApplicationEvent
from opportunities.applications.notice_texts import NOTICE_TEXTS
from opportunities.applications.permissions import can_view_application
from opportunities.applications.selecting import Proposal
from opportunities.core.errors import NotAllowed, NotFound, WrongState
from opportunities.core.lifecycle import APPLICATION_STEPS, LIVE, ApplicationStatus
from opportunities.engagements import completing
from opportunities.engagements.completing import Work
from opportunities.messaging.models import Notice
from opportunities.promises import answers
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    CompletionFactory,
    MembershipFactory,
    OpportunityFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 7, 9, tzinfo=UTC)
WORK = Work(hours=20, summary="A report.", started_on=NOW.date(), ended_on=NOW.date())


def application_in(status):
    """Return an application in that state, to a role that began, with a member of its employer."""
    traits = {} if status == ApplicationStatus.SUBMITTED else {status.value: True}
    role = OpportunityFactory(open=True, capacity=3, at=NOW, start_earliest=NOW.date())
    application = ApplicationFactory(opportunity=role, at=NOW, **traits)
    return application, MembershipFactory(employer=role.employer).user


def shortlist(application, person, at=NOW):
    return selecting.shortlist(application_id=application.pk, actor=person, at=at)


def interview(application, person, at=NOW):
    return selecting.propose_interview(
        application_id=application.pk,
        actor=person,
        proposals=[Proposal(at + timedelta(days=2))],
        at=at,
    )


def offer(application, person, at=NOW):
    return selecting.offer(application_id=application.pk, actor=person, at=at)


def reject(application, person, at=NOW):
    return selecting.reject(application_id=application.pk, actor=person, reason="skills", at=at)


def no_show(application, person, at=NOW):
    return selecting.no_show(application_id=application.pk, actor=person, at=at)


def withdraw(application, person, at=NOW):
    return applying.withdraw(application_id=application.pk, candidate=person, at=at)


def accept(application, person, at=NOW):
    return applying.accept(application_id=application.pk, candidate=person, at=at)


def decline(application, person, at=NOW):
    return applying.decline(application_id=application.pk, candidate=person, at=at)


def complete(application, person, at=NOW):
    if not hasattr(application, "completion"):
        CompletionFactory(application=application, candidate_signed_at=at)
    return completing.sign(application_id=application.pk, actor=person, at=at)


BY_EMPLOYER = {
    "shortlist": shortlist,
    "interview": interview,
    "offer": offer,
    "reject": reject,
    "no_show": no_show,
    "complete": complete,
}
BY_CANDIDATE = {"withdraw": withdraw, "accept": accept, "decline": decline}
BY_DATE = {"release": answers.release, "lapse": answers.lapse_offers}


def test_every_action_of_the_table_is_somebodys():
    assert set(APPLICATION_STEPS) == {*BY_EMPLOYER, *BY_CANDIDATE, *BY_DATE}
    assert set(APPLICATION_STEPS) <= set(NOTICE_TEXTS)


@pytest.mark.parametrize("action", [*BY_EMPLOYER, *BY_CANDIDATE])
@pytest.mark.parametrize("status", ApplicationStatus)
def test_an_action_is_done_or_refused_in_every_state(status, action):
    application, member = application_in(status)
    act = BY_EMPLOYER.get(action) or BY_CANDIDATE[action]
    person = member if action in BY_EMPLOYER else application.profile.user

    if status in APPLICATION_STEPS[action].sources:
        act(application, person)
        application.refresh_from_db()
        assert application.status == APPLICATION_STEPS[action].target
        assert application.version == 2
        assert application.events.get().action == action
        told = Notice.objects.filter(kind=f"application_{action}")
        assert {notice.recipient for notice in told} == {member, application.profile.user}
        assert told.count() == 2
    else:
        with pytest.raises(WrongState):
            act(application, person)
        application.refresh_from_db()
        assert application.status == status
        assert not ApplicationEvent.objects.exists()
        assert not Notice.objects.exists()


@pytest.mark.parametrize("action", BY_DATE)
@pytest.mark.parametrize("status", ApplicationStatus)
def test_a_date_moves_only_those_that_wait_for_it(status, action):
    application, _ = application_in(status)

    BY_DATE[action](at=NOW + timedelta(days=60))

    application.refresh_from_db()
    moved = status in APPLICATION_STEPS[action].sources
    assert application.status == (APPLICATION_STEPS[action].target if moved else status)
    assert application.events.count() == moved


@pytest.mark.parametrize("action", [*BY_EMPLOYER, *BY_CANDIDATE])
def test_the_other_side_may_not_and_strangers_find_nothing(action):
    status = sorted(APPLICATION_STEPS[action].sources)[0]
    application, member = application_in(ApplicationStatus(status))
    act = BY_EMPLOYER.get(action) or BY_CANDIDATE[action]
    other = application.profile.user if action in BY_EMPLOYER else member
    strangers = [
        UserFactory(),
        UserFactory(moderator=True),
        MembershipFactory().user,
        CandidateProfileFactory().user,
    ]

    if action != "complete":  # both sides sign
        with pytest.raises(NotAllowed):
            act(application, other)
    for stranger in strangers:
        with pytest.raises(NotFound):
            act(application, stranger)
    application.refresh_from_db()
    assert application.status == status


def test_the_queryset_and_the_predicate_agree_for_every_viewer_and_state():
    people = [AnonymousUser(), UserFactory(), UserFactory(moderator=True)]
    for status in ApplicationStatus:
        application, member = application_in(status)
        people += [application.profile.user, member]

    for person in people:
        visible = set(Application.objects.visible_to(person))
        assert visible == {
            application
            for application in Application.objects.all()
            if can_view_application(person, application)
        }


@pytest.mark.parametrize("status", sorted(LIVE))
def test_an_answer_short_of_the_last_starts_the_clock_anew(status):
    application, member = application_in(ApplicationStatus(status))
    later = NOW + timedelta(days=4)  # a Friday

    interview(application, member, at=later)

    application.refresh_from_db()
    assert application.answer_due_on > later.date()
    assert application.release_on > application.answer_due_on
    assert application.answered_at is not None


def test_notices_of_every_step_fill_in():
    facts = dict.fromkeys(
        ("role", "employer", "name", "due", "release", "slots", "slot", "where", "lapses",
         "message", "reason", "places", "text", "hours"),
        "x",
    )  # fmt: skip
    for sides in NOTICE_TEXTS.values():
        for letter in sides.values():
            assert len(letter.subject.format_map(facts)) <= 160
            assert letter.body.format_map(facts)
