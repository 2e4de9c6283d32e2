"""Plans that candidates took on, and their roles."""

from datetime import timedelta

from django.utils import timezone
from factory import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from matching.models import CandidatePlan, PlannedRole
from tests.factories.candidates import CandidateProfileFactory
from tests.factories.roles import OpportunityFactory


class CandidatePlanFactory(DjangoModelFactory):
    class Meta:
        model = CandidatePlan

    class Params:
        at = LazyFunction(timezone.now)

    profile = SubFactory(CandidateProfileFactory)
    kind = "stack"
    score = 70
    key = Sequence("{:032d}".format)
    made_at = SelfAttribute("at")


class PlannedRoleFactory(DjangoModelFactory):
    class Meta:
        model = PlannedRole

    class Params:
        at = LazyFunction(timezone.now)

    plan = SubFactory(CandidatePlanFactory, at=SelfAttribute("..at"))
    role = SubFactory(OpportunityFactory, open=True, at=SelfAttribute("..at"))
    starts = LazyAttribute(lambda row: row.at.date() + timedelta(days=35))
    ends = LazyAttribute(lambda row: row.starts + timedelta(days=13))
    apply_until = LazyAttribute(lambda row: row.at.date() + timedelta(days=20))
