"""Profiles and what belongs to them."""

from django.utils import timezone
from factory import LazyFunction, SelfAttribute, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from opportunities.candidates.models import (
    EVIDENCE,
    MODES,
    BlockedEmployer,
    CandidateProfile,
    CandidateSkill,
    ProfileSight,
    PromisedProfile,
    Resume,
    TargetSkill,
    Visibility,
)
from tests.factories.people import EmployerFactory, UserFactory
from tests.factories.roles import SkillFactory
from tests.factories.situations import on


class CandidateProfileFactory(DjangoModelFactory):
    class Meta:
        model = CandidateProfile

    class Params:
        at = LazyFunction(timezone.now)
        anonymous = Trait(user=None, secret_digest=Sequence(lambda n: f"{n:064x}"))
        pseudonym = Trait(visibility=Visibility.PSEUDONYM)

    user = SubFactory(UserFactory, confirmed=True)
    headline = "Second year, statistics"
    available_from = on(14)
    hours_per_week = 20
    interests = LazyFunction(lambda: {"data": 1})
    modes = LazyFunction(lambda: list(MODES))
    evidence_wanted = LazyFunction(lambda: list(EVIDENCE))
    rights = LazyFunction(lambda: ["GB"])
    created_at = SelfAttribute("at")
    changed_at = SelfAttribute("at")
    seen_at = SelfAttribute("at")


class CandidateSkillFactory(DjangoModelFactory):
    class Meta:
        model = CandidateSkill

    profile = SubFactory(CandidateProfileFactory)
    skill = SubFactory(SkillFactory)
    level = 2


class TargetSkillFactory(DjangoModelFactory):
    class Meta:
        model = TargetSkill

    profile = SubFactory(CandidateProfileFactory)
    skill = SubFactory(SkillFactory)


class BlockedEmployerFactory(DjangoModelFactory):
    class Meta:
        model = BlockedEmployer

    class Params:
        at = LazyFunction(timezone.now)

    profile = SubFactory(CandidateProfileFactory)
    employer = SubFactory(EmployerFactory)
    blocked_at = SelfAttribute("at")


class ProfileSightFactory(DjangoModelFactory):
    class Meta:
        model = ProfileSight

    class Params:
        at = LazyFunction(timezone.now)

    employer = SubFactory(EmployerFactory)
    profile = SubFactory(CandidateProfileFactory, pseudonym=True)
    handle = Sequence("{:012d}".format)
    seen_on = on(0)


class ResumeFactory(DjangoModelFactory):
    class Meta:
        model = Resume

    class Params:
        at = LazyFunction(timezone.now)

    profile = SubFactory(CandidateProfileFactory)
    file = Sequence(lambda n: f"resumes/{n}.pdf")
    name = "resume.pdf"
    sha256 = "0" * 64
    size = 1000
    uploaded_at = SelfAttribute("at")


class PromisedProfileFactory(DjangoModelFactory):
    class Meta:
        model = PromisedProfile

    class Params:
        at = LazyFunction(timezone.now)

    profile = SubFactory(CandidateProfileFactory, anonymous=True)
    user = SubFactory(UserFactory)
    proof = "0" * 64
    promised_at = SelfAttribute("at")
