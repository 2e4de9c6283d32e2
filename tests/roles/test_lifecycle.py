import pytest

from opportunities.core.errors import WrongState
from opportunities.core.lifecycle import (
    APPLICATION_STEPS,
    EDITABLE,
    LIVE,
    ROLE_STEPS,
    SEATED,
    ApplicationStatus,
    RoleStatus,
    allowed,
    application_after,
    role_after,
)
from opportunities.moderation import outcomes


@pytest.mark.parametrize("action", ROLE_STEPS)
@pytest.mark.parametrize("status", RoleStatus)
def test_a_step_of_a_role_is_taken_or_refused_never_ignored(status, action):
    if status in ROLE_STEPS[action].sources:
        assert role_after(status, action) == ROLE_STEPS[action].target
    else:
        with pytest.raises(WrongState) as refusal:
            role_after(status, action)
        assert refusal.value.allowed == tuple(allowed(ROLE_STEPS, status))
        assert status.label.lower() in str(refusal.value)


@pytest.mark.parametrize("status", RoleStatus)
def test_a_moderator_who_is_refused_learns_what_moderators_may_decide(status):
    possible = [row.name for row in outcomes.chosen_on(outcomes.On.ROLE) if row.applies_in(status)]

    with pytest.raises(WrongState) as refusal:
        outcomes.role_after(status, "verify")

    assert refusal.value.allowed == tuple(possible)


@pytest.mark.parametrize("action", APPLICATION_STEPS)
@pytest.mark.parametrize("status", ApplicationStatus)
def test_a_step_of_an_application_is_taken_or_refused_never_ignored(status, action):
    if status in APPLICATION_STEPS[action].sources:
        assert application_after(status, action) == APPLICATION_STEPS[action].target
    else:
        with pytest.raises(WrongState):
            application_after(status, action)


def test_every_state_can_be_reached_from_the_first():
    for steps, first, states in (
        (outcomes.ROLE_STEPS, RoleStatus.DRAFT, set(RoleStatus)),
        (APPLICATION_STEPS, ApplicationStatus.SUBMITTED, set(ApplicationStatus)),
    ):
        reached, frontier = {first}, {first}
        while frontier:
            frontier = {s.target for s in steps.values() if s.sources & frontier} - reached
            reached |= frontier
        assert reached == states


def test_who_waits_who_holds_a_place_and_what_is_edited_freely_is_what_stands_here():
    assert set(LIVE) == {"submitted", "shortlisted", "interviewing"}
    assert set(SEATED) == {"offered", "accepted", "completed"}
    assert set(EDITABLE) == {"draft", "changes_asked"}


def test_whoever_waits_can_be_released_and_every_place_follows_an_offer():
    assert APPLICATION_STEPS["release"].sources == LIVE
    assert APPLICATION_STEPS["offer"].target in SEATED
    assert not LIVE & SEATED
