"""Skills, roles and their parts."""

from django.utils import timezone
from factory import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from opportunities.core.fields_of_work import Field
from opportunities.core.lifecycle import RoleStatus
from opportunities.core.pay import PayKind
from opportunities.roles.formats import FormatName, Kind
from opportunities.roles.models import (
    Deliverable,
    Opportunity,
    OpportunitySkill,
    Question,
    RolePost,
)
from opportunities.roles.models.listings import ClosedBecause
from opportunities.skills.models import Skill, SkillAlias, SkillBroader
from tests.factories.people import EmployerFactory, UserFactory
from tests.factories.situations import on


class SkillFactory(DjangoModelFactory):
    class Meta:
        model = Skill

    slug = Sequence(lambda n: f"skill-{n}")
    name = Sequence(lambda n: f"Skill {n}")


class SkillAliasFactory(DjangoModelFactory):
    class Meta:
        model = SkillAlias

    skill = SubFactory(SkillFactory)
    text = Sequence(lambda n: f"Other name {n}")
    normalized = LazyAttribute(lambda row: row.text.lower())


class SkillBroaderFactory(DjangoModelFactory):
    class Meta:
        model = SkillBroader

    child = SubFactory(SkillFactory)
    parent = SubFactory(SkillFactory)


class OpportunityFactory(DjangoModelFactory):
    """A draft micro-internship of 20 hours in two weeks for 400 pounds, complete to submit."""

    class Meta:
        model = Opportunity

    class Params:
        at = LazyFunction(timezone.now)
        internship = Trait(
            format=FormatName.INTERNSHIP,
            kind=Kind.INTERNSHIP,
            hours_total=400,
            weeks=10,
            hours_per_week=40,
            schedule="fixed",
            pay_kind=PayKind.HOURLY,
            pay_amount_minor=1500,
            hourly_minor=1500,
            response_days=15,
            steps=["resume", "cover_letter", "interview"],
        )
        micro = Trait()
        in_review = Trait(status=RoleStatus.IN_REVIEW, submitted_at=SelfAttribute("at"))
        changes_asked = Trait(status=RoleStatus.CHANGES_ASKED, submitted_at=SelfAttribute("at"))
        rejected = Trait(status=RoleStatus.REJECTED, submitted_at=SelfAttribute("at"))
        open = Trait(
            status=RoleStatus.OPEN,
            submitted_at=SelfAttribute("at"),
            opened_at=SelfAttribute("at"),
            confirmed_at=SelfAttribute("at"),
        )
        paused = Trait(
            status=RoleStatus.PAUSED,
            submitted_at=SelfAttribute("at"),
            opened_at=SelfAttribute("at"),
            confirmed_at=SelfAttribute("at"),
            paused_at=SelfAttribute("at"),
        )
        closed = Trait(
            status=RoleStatus.CLOSED,
            submitted_at=SelfAttribute("at"),
            opened_at=SelfAttribute("at"),
            confirmed_at=SelfAttribute("at"),
            closed_at=SelfAttribute("at"),
            closed_because=ClosedBecause.EMPLOYER,
        )
        removed = Trait(
            status=RoleStatus.REMOVED,
            submitted_at=SelfAttribute("at"),
            opened_at=SelfAttribute("at"),
            removed_at=SelfAttribute("at"),
        )
        past = Trait(apply_by=on(-1))

    employer = SubFactory(EmployerFactory, verified=True, at=SelfAttribute("..at"))
    format = FormatName.MICRO_INTERNSHIP
    kind = Kind.MICRO
    title = Sequence(lambda n: f"Survey analyst {n % 1000}")  # a long number is no job title
    summary = "Turn a survey of visitors into a short report."
    description = "You clean the answers of our survey, count them and write four pages."
    field = Field.DATA
    hours_total = 20
    weeks = 2
    hours_per_week = 10
    start_earliest = on(30)
    start_latest = on(60)
    apply_by = on(28)
    schedule = "flexible"
    mode = "remote"
    country = "GB"
    pay_kind = PayKind.FIXED_FEE
    pay_amount_minor = 40_000
    pay_currency = "GBP"
    pay_days = 14
    hourly_minor = 2000
    response_days = 5
    created_at = SelfAttribute("at")
    changed_at = SelfAttribute("at")


class DeliverableFactory(DjangoModelFactory):
    class Meta:
        model = Deliverable

    opportunity = SubFactory(OpportunityFactory)
    position = LazyAttribute(lambda row: row.opportunity.deliverables.count())
    title = "A report of four pages"
    done_means = "Every question of the survey is answered in one table."


class OpportunitySkillFactory(DjangoModelFactory):
    class Meta:
        model = OpportunitySkill

    opportunity = SubFactory(OpportunityFactory)
    skill = SubFactory(SkillFactory)


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = Question

    opportunity = SubFactory(OpportunityFactory)
    position = LazyAttribute(lambda row: row.opportunity.questions.count())
    text = "Which table would you make first, and why?"


class RolePostFactory(DjangoModelFactory):
    class Meta:
        model = RolePost

    class Params:
        at = LazyFunction(timezone.now)
        answered = Trait(
            answer="Yes, from the second week.",
            answered_by=SubFactory(UserFactory),
            answered_at=SelfAttribute("at"),
        )

    opportunity = SubFactory(OpportunityFactory, open=True)
    author = SubFactory(UserFactory)
    question = "May I start a week later?"
    asked_at = SelfAttribute("at")
