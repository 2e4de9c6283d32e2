"""Findings, decisions, reports, appeals and sanctions."""

from django.utils import timezone
from factory import LazyFunction, SelfAttribute, SubFactory, Trait
from factory.django import DjangoModelFactory

from opportunities.moderation import outcomes
from opportunities.moderation.models import (
    Appeal,
    Decision,
    Finding,
    Fingerprint,
    FingerprintBand,
    HeldDecision,
    Report,
    ReportReason,
    Sanction,
    SanctionLevel,
    Verdict,
)
from tests.factories.people import EmployerFactory, UserFactory
from tests.factories.roles import OpportunityFactory


class FindingFactory(DjangoModelFactory):
    class Meta:
        model = Finding

    class Params:
        at = LazyFunction(timezone.now)

    opportunity = SubFactory(OpportunityFactory, in_review=True)
    check_name = "pay_is_stated"
    rule = "3.2"
    verdict = Verdict.CLEAR
    detail = "Pay is stated."
    role_version = 1


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = Decision

    class Params:
        at = LazyFunction(timezone.now)

    action = outcomes.REJECT.name
    opportunity = SubFactory(OpportunityFactory, rejected=True)
    employer = SelfAttribute("opportunity.employer")
    moderator = SubFactory(UserFactory, moderator=True)
    rules = LazyFunction(lambda: ["5.3"])
    reason = "The vacancy does not exist."
    decided_at = SelfAttribute("at")


class HeldDecisionFactory(DjangoModelFactory):
    """A decision in its minute."""

    class Meta:
        model = HeldDecision

    class Params:
        at = LazyFunction(timezone.now)

    opportunity = SubFactory(OpportunityFactory, in_review=True)
    moderator = SubFactory(UserFactory, moderator=True)
    action = outcomes.REJECT.name
    said = LazyFunction(lambda: {"reason": "The vacancy does not exist.", "rules": ["5.3"]})
    role_version = SelfAttribute("opportunity.version")
    decided_at = SelfAttribute("at")
    due_at = SelfAttribute("at")


class ReportFactory(DjangoModelFactory):
    class Meta:
        model = Report

    class Params:
        at = LazyFunction(timezone.now)

    opportunity = SubFactory(OpportunityFactory, open=True)
    reason = ReportReason.MISLEADING
    text = "The hours are longer than stated."
    reported_at = SelfAttribute("at")


class AppealFactory(DjangoModelFactory):
    class Meta:
        model = Appeal

    class Params:
        at = LazyFunction(timezone.now)

    decision = SubFactory(DecisionFactory)
    author = SubFactory(UserFactory)
    text = "The vacancy exists; here is the page that announces it."
    made_at = SelfAttribute("at")


class SanctionFactory(DjangoModelFactory):
    class Meta:
        model = Sanction

    class Params:
        at = LazyFunction(timezone.now)
        in_force = Trait(in_force_at=SelfAttribute("at"))
        on_account = Trait(employer=None, account=SubFactory(UserFactory))

    employer = SubFactory(EmployerFactory)
    level = SanctionLevel.WARNING
    reason = "Applicants waited for months."
    proposed_by = SubFactory(UserFactory, moderator=True)
    proposed_at = SelfAttribute("at")


class FingerprintFactory(DjangoModelFactory):
    class Meta:
        model = Fingerprint

    opportunity = SubFactory(OpportunityFactory)
    shingles = LazyFunction(lambda: [1, 2, 3])


class FingerprintBandFactory(DjangoModelFactory):
    class Meta:
        model = FingerprintBand

    fingerprint = SubFactory(FingerprintFactory)
    key = 1
