"""Who may decide, what a decision has to say, and what it is called to those whom it is about."""

import re
from dataclasses import replace

import pytest
from django.utils import timezone

from opportunities.core.errors import Invalid, NotAllowed, NotFound
from opportunities.desk import operations as moderating
from opportunities.desk.operations.reasons import read_reason, read_rules, read_text
from opportunities.desk.permissions import (
    OWN,
    require_moderator,
    require_moderator_at_all,
    require_moderator_of,
)
from opportunities.messaging.models import Notice
from opportunities.moderation.outcomes import OUTCOMES
from tests.desk import deciding
from tests.factories import EmployerFactory, MembershipFactory, OpportunityFactory, UserFactory

REJECT = OUTCOMES["reject"]
PUBLISH = OUTCOMES["approve"]
OWNED = re.escape(str(OWN))
ONLY = "Only moderators may do this"


@pytest.mark.django_db
def test_who_may_not_decide_is_told_why() -> None:
    hidden, public = OpportunityFactory(in_review=True), OpportunityFactory(open=True)
    moderator = UserFactory(moderator=True)
    own = MembershipFactory(employer=hidden.employer, user=UserFactory(moderator=True)).user
    member = MembershipFactory(employer=hidden.employer).user

    require_moderator(moderator, hidden)
    with pytest.raises(NotAllowed, match=OWNED):
        require_moderator(own, hidden)
    with pytest.raises(NotAllowed, match=ONLY):
        require_moderator(member, hidden)
    with pytest.raises(NotAllowed, match=ONLY):
        require_moderator(UserFactory(), public)
    with pytest.raises(NotFound, match="no such role"):
        require_moderator(UserFactory(), hidden)


@pytest.mark.django_db
def test_nobody_decides_on_their_own_employer() -> None:
    employer = EmployerFactory()
    own = MembershipFactory(employer=employer, user=UserFactory(moderator=True)).user
    member = MembershipFactory(employer=employer).user

    require_moderator_of(UserFactory(moderator=True), employer)
    require_moderator_at_all(own)
    with pytest.raises(NotAllowed, match=OWNED):
        require_moderator_of(own, employer)
    with pytest.raises(NotAllowed, match=ONLY):
        require_moderator_of(member, employer)
    with pytest.raises(NotAllowed, match=ONLY):
        require_moderator_at_all(member)


def test_a_text_is_asked_for_and_bounded() -> None:
    assert read_text("text", " Because. ") == "Because."
    assert read_text("text", "x" * 2000) == "x" * 2000
    assert read_text("text", "", required=False) == ""
    with pytest.raises(Invalid, match="Say why") as missing:
        read_text("answer", " ")
    assert [fault.field for fault in missing.value.faults] == ["answer"]
    for text, most in (("x" * 2001, 2000), ("xy", 1)):
        with pytest.raises(Invalid, match=f"At most {most:,} characters"):
            read_text("text", text, most=most)


def test_the_outcome_says_whether_a_reason_is_asked_for() -> None:
    assert read_reason("", PUBLISH) == ""
    assert read_reason("It is not real.", REJECT) == "It is not real."
    with pytest.raises(Invalid, match="Say why"):
        read_reason("", REJECT)


def test_rules_are_cited_where_the_outcome_asks_for_them() -> None:
    assert read_rules(["5.3", "4.1", "5.3"], REJECT) == ("4.1", "5.3")
    assert read_rules(["4.1"], PUBLISH) == ()
    with pytest.raises(Invalid, match="Name the rule"):
        read_rules([], REJECT)
    with pytest.raises(Invalid, match=re.escape("There is no rule 1234567890.")):
        read_rules(["12345678901"], REJECT)
    with pytest.raises(Invalid, match=re.escape("does not cite rule 4.1")):
        read_rules(["1.1", "4.1"], replace(REJECT, cites=("1.1",)))


@pytest.mark.django_db
def test_the_subject_names_the_employer_only_where_no_role_does() -> None:
    employer = EmployerFactory()
    role = OpportunityFactory(in_review=True, employer=employer)
    member = MembershipFactory(employer=employer).user
    call = {"moderator": UserFactory(moderator=True), "reason": "Seen.", "at": timezone.now()}

    moderating.verify_employer(employer_id=employer.pk, **call)
    deciding.ask_changes(opportunity_id=role.pk, **call)
    deciding.warn(employer_id=employer.pk, **call)

    told = Notice.objects.filter(recipient=member, kind__startswith="decision_").order_by("id")
    assert [notice.subject for notice in told] == [
        f"{employer.name} is verified",
        f"Please change: {role.title}",
        f"{employer.name}: a warning",
    ]
