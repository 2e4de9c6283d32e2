"""Applications and completed work."""

from django.utils import timezone
from factory import LazyAttribute, LazyFunction, SelfAttribute, SubFactory, Trait
from factory.django import DjangoModelFactory

from opportunities.applications.models import (
    Answer,
    Application,
    ApplicationEvent,
    ApplicationNote,
    InterviewSlot,
    Message,
    RejectionReason,
    RoleInvitation,
)
from opportunities.core.lifecycle import ApplicationStatus
from opportunities.engagements.models import Completion, CompletionSkill, Review
from tests.factories.candidates import CandidateProfileFactory
from tests.factories.people import UserFactory
from tests.factories.roles import OpportunityFactory, SkillFactory
from tests.factories.situations import days, on


class ApplicationFactory(DjangoModelFactory):
    """A waiting application whose answer is due in a week."""

    class Meta:
        model = Application

    class Params:
        at = LazyFunction(timezone.now)
        shortlisted = Trait(
            status=ApplicationStatus.SHORTLISTED,
            shortlisted_at=SelfAttribute("at"),
            answered_at=SelfAttribute("at"),
        )
        interviewing = Trait(
            status=ApplicationStatus.INTERVIEWING,
            shortlisted_at=SelfAttribute("at"),
            answered_at=SelfAttribute("at"),
        )
        offered = Trait(
            status=ApplicationStatus.OFFERED,
            answered_at=SelfAttribute("at"),
            offered_at=SelfAttribute("at"),
            offer_lapses_at=days(7),
        )
        accepted = Trait(  # at a role that may have begun, so that the work can be completed
            status=ApplicationStatus.ACCEPTED,
            opportunity__start_earliest=None,
            answered_at=SelfAttribute("at"),
            offered_at=SelfAttribute("at"),
            accepted_at=SelfAttribute("at"),
        )
        completed = Trait(
            status=ApplicationStatus.COMPLETED,
            answered_at=SelfAttribute("at"),
            offered_at=SelfAttribute("at"),
            accepted_at=SelfAttribute("at"),
            ended_at=SelfAttribute("at"),
        )
        rejected = Trait(
            status=ApplicationStatus.REJECTED,
            answered_at=SelfAttribute("at"),
            ended_at=SelfAttribute("at"),
            rejection_reason=RejectionReason.SKILLS,
        )
        withdrawn = Trait(status=ApplicationStatus.WITHDRAWN, ended_at=SelfAttribute("at"))
        declined = Trait(
            status=ApplicationStatus.DECLINED,
            offered_at=SelfAttribute("at"),
            ended_at=SelfAttribute("at"),
        )
        lapsed = Trait(
            status=ApplicationStatus.LAPSED,
            offered_at=SelfAttribute("at"),
            ended_at=SelfAttribute("at"),
        )
        released = Trait(status=ApplicationStatus.RELEASED, ended_at=SelfAttribute("at"))
        no_show = Trait(
            status=ApplicationStatus.NO_SHOW,
            accepted_at=SelfAttribute("at"),
            ended_at=SelfAttribute("at"),
        )

    opportunity = SubFactory(OpportunityFactory, open=True, at=SelfAttribute("..at"))
    profile = SubFactory(CandidateProfileFactory, at=SelfAttribute("..at"))
    name = "Ada Example"
    submitted_at = SelfAttribute("at")
    answer_due_on = on(7)
    release_on = on(14)


class AnswerFactory(DjangoModelFactory):
    class Meta:
        model = Answer

    application = SubFactory(ApplicationFactory)
    position = LazyAttribute(lambda row: row.application.answers.count())
    question = "Which table would you make first, and why?"
    text = "The one that counts visitors by month."


class ApplicationEventFactory(DjangoModelFactory):
    class Meta:
        model = ApplicationEvent

    application = SubFactory(ApplicationFactory)
    action = "submit"
    status = ApplicationStatus.SUBMITTED
    at = LazyFunction(timezone.now)


class ApplicationNoteFactory(DjangoModelFactory):
    class Meta:
        model = ApplicationNote

    application = SubFactory(ApplicationFactory)
    author = SubFactory(UserFactory)
    text = "Wrote clearly about a survey."
    at = LazyFunction(timezone.now)


class InterviewSlotFactory(DjangoModelFactory):
    class Meta:
        model = InterviewSlot

    class Params:
        at = LazyFunction(timezone.now)

    application = SubFactory(ApplicationFactory, interviewing=True)
    starts_at = days(3)
    proposed_at = SelfAttribute("at")


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    application = SubFactory(ApplicationFactory)
    sender = SelfAttribute("application.profile.user")
    from_employer = False
    text = "When would the work begin?"
    at = LazyFunction(timezone.now)


class RoleInvitationFactory(DjangoModelFactory):
    class Meta:
        model = RoleInvitation

    class Params:
        at = LazyFunction(timezone.now)

    opportunity = SubFactory(OpportunityFactory, open=True)
    profile = SubFactory(CandidateProfileFactory, pseudonym=True)
    invited_by = SubFactory(UserFactory)
    invited_at = SelfAttribute("at")


class CompletionFactory(DjangoModelFactory):
    class Meta:
        model = Completion

    class Params:
        at = LazyFunction(timezone.now)
        signed = Trait(
            employer_signed_at=SelfAttribute("at"), candidate_signed_at=SelfAttribute("at")
        )

    application = SubFactory(ApplicationFactory, completed=True)
    started_on = on(-9)
    ended_on = on(0)
    hours = 20
    summary = "A report of four pages on the survey."
    paid_minor = 40_000
    paid_currency = "GBP"
    proposed_at = SelfAttribute("at")


class CompletionSkillFactory(DjangoModelFactory):
    class Meta:
        model = CompletionSkill

    completion = SubFactory(CompletionFactory)
    skill = SubFactory(SkillFactory)
    level = 2


class ReviewFactory(DjangoModelFactory):
    class Meta:
        model = Review

    completion = SubFactory(CompletionFactory)
    by_employer = True
    stars = 4
    at = LazyFunction(timezone.now)
