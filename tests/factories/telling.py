"""Notices, letters, saved roles and searches."""

from django.utils import timezone
from factory import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from opportunities.applications.models import ExternalApplication
from opportunities.candidates.models import SavedRole, SavedSearch
from opportunities.messaging.models import Delivery, Letter, Notice, NoticePreference
from opportunities.roles.models import ExternalClicks
from tests.factories.candidates import CandidateProfileFactory
from tests.factories.people import UserFactory
from tests.factories.roles import OpportunityFactory


class NoticeFactory(DjangoModelFactory):
    class Meta:
        model = Notice

    class Params:
        at = LazyFunction(timezone.now)

    recipient = SubFactory(UserFactory)
    kind = "opportunity_approved"
    key = Sequence(lambda n: f"opportunity_approved:{n}")
    subject = "Your role is open"
    body = "People can apply from now on."
    created_at = SelfAttribute("at")


class DeliveryFactory(DjangoModelFactory):
    class Meta:
        model = Delivery

    class Params:
        at = LazyFunction(timezone.now)

    notice = SubFactory(NoticeFactory)
    due_at = SelfAttribute("at")


class NoticePreferenceFactory(DjangoModelFactory):
    class Meta:
        model = NoticePreference

    user = SubFactory(UserFactory)


class LetterFactory(DjangoModelFactory):
    class Meta:
        model = Letter

    class Params:
        at = LazyFunction(timezone.now)

    address = "someone@example.org"
    subject = "You are invited"
    body = "Follow the link."
    written_at = SelfAttribute("at")
    due_at = SelfAttribute("at")


class ExternalApplicationFactory(DjangoModelFactory):
    class Meta:
        model = ExternalApplication

    class Params:
        at = LazyFunction(timezone.now)

    profile = SubFactory(CandidateProfileFactory)
    opportunity = SubFactory(
        OpportunityFactory, open=True, apply_url="https://jobs.harbour.example/1"
    )
    stated_at = SelfAttribute("at")


class ExternalClicksFactory(DjangoModelFactory):
    class Meta:
        model = ExternalClicks

    class Params:
        at = LazyFunction(timezone.now)

    opportunity = SubFactory(OpportunityFactory, open=True)
    day = LazyAttribute(lambda row: row.at.date())
    count = 1


class SavedRoleFactory(DjangoModelFactory):
    class Meta:
        model = SavedRole

    class Params:
        at = LazyFunction(timezone.now)

    profile = SubFactory(CandidateProfileFactory)
    opportunity = SubFactory(OpportunityFactory, open=True)
    saved_at = SelfAttribute("at")


class SavedSearchFactory(DjangoModelFactory):
    class Meta:
        model = SavedSearch

    class Params:
        at = LazyFunction(timezone.now)

    profile = SubFactory(CandidateProfileFactory)
    name = "Remote data work"
    query = Sequence(lambda n: f"field=data&mode=remote&hours_total_max={20 + n}")
    created_at = SelfAttribute("at")
    looked_at = SelfAttribute("at")
