"""Keys, events and webhooks of other systems."""

from django.utils import timezone
from factory import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory
from knox.models import AuthToken

from opportunities.accounts.models import StoredAnswer, TokenGrant
from opportunities.importing.models import (
    Doubt,
    ImportJob,
    ImportState,
    ReadingKind,
    ReadingState,
    ReadRow,
    Source,
    SourceReading,
    SourceState,
)
from opportunities.importing.rows import Fate
from opportunities.webhooks.models import Event, WebhookDelivery, WebhookEndpoint
from tests.factories.people import EmployerFactory, UserFactory
from tests.factories.roles import OpportunityFactory


class StoredAnswerFactory(DjangoModelFactory):
    class Meta:
        model = StoredAnswer

    asker = "account:1"
    key = Sequence(lambda n: f"key-{n}")
    request_digest = "0" * 64
    status = 201
    body = b"{}"
    at = LazyFunction(timezone.now)


class TokenGrantFactory(DjangoModelFactory):
    """A grant on a new token; ``secret`` is what its bearer sends."""

    class Meta:
        model = TokenGrant
        exclude = ["user", "pair"]

    user = SubFactory(UserFactory)
    pair = LazyAttribute(lambda row: AuthToken.objects.create(user=row.user))
    token = LazyAttribute(lambda row: row.pair[0])
    name = "Our own system"
    scopes = LazyFunction(lambda: ["opportunities:read", "opportunities:write"])
    made_at = LazyFunction(timezone.now)


class EventFactory(DjangoModelFactory):
    class Meta:
        model = Event

    type = "opportunity.published"
    subject = Sequence(lambda n: f"opp_{n}")
    url = LazyAttribute(lambda row: f"/api/v1/opportunities/{row.subject}")
    employer = SubFactory(EmployerFactory)
    at = LazyFunction(timezone.now)


class WebhookEndpointFactory(DjangoModelFactory):
    class Meta:
        model = WebhookEndpoint

    employer = SubFactory(EmployerFactory)
    url = "https://hooks.example/foothold"
    types = LazyFunction(lambda: ["opportunity.published"])
    secret = "whsec_" + "QUJD" * 8
    created_at = LazyFunction(timezone.now)


class WebhookDeliveryFactory(DjangoModelFactory):
    class Meta:
        model = WebhookDelivery

    endpoint = SubFactory(WebhookEndpointFactory)
    event = SubFactory(EventFactory)
    body = "{}"
    created_at = LazyFunction(timezone.now)
    due_at = LazyFunction(timezone.now)


class SourceFactory(DjangoModelFactory):
    """A source that was set up and previewed, but not begun."""

    class Meta:
        model = Source

    class Params:
        at = LazyFunction(timezone.now)
        on = Trait(state=SourceState.ON, next_at=SelfAttribute("at"))

    employer = SubFactory(EmployerFactory)
    acts_for = SubFactory(UserFactory)
    name = Sequence(lambda n: f"Board {n}")
    url = "https://boards.example/jobs.json"
    columns = LazyFunction(lambda: [["ref", "7"], ["title", "Survey analyst"]])
    created_at = SelfAttribute("at")


class SourceReadingFactory(DjangoModelFactory):
    """A preview that waits for a worker, or one that is done."""

    class Meta:
        model = SourceReading

    class Params:
        at = LazyFunction(timezone.now)
        finished = Trait(
            state=ReadingState.FINISHED,
            due_at=None,
            started_at=SelfAttribute("at"),
            finished_at=SelfAttribute("at"),
        )

    source = SubFactory(SourceFactory, at=SelfAttribute("..at"))
    kind = ReadingKind.PREVIEW
    created_at = SelfAttribute("at")
    due_at = SelfAttribute("at")


class ReadRowFactory(DjangoModelFactory):
    class Meta:
        model = ReadRow

    reading = SubFactory(SourceReadingFactory)
    position = Sequence(lambda n: n + 1)
    number = "r1"
    title = "Survey analyst"
    fate = Fate.NEW


class DoubtFactory(DjangoModelFactory):
    class Meta:
        model = Doubt

    class Params:
        at = LazyFunction(timezone.now)

    source = SubFactory(SourceFactory, at=SelfAttribute("..at"))
    number = Sequence(lambda n: f"r{n}")
    title = "Survey analyst"
    opportunity = SubFactory(OpportunityFactory, employer=SelfAttribute("..source.employer"))
    asked_at = SelfAttribute("at")


class ImportJobFactory(DjangoModelFactory):
    """A file of one role that waits for a worker, or one that is done."""

    class Meta:
        model = ImportJob

    class Params:
        at = LazyFunction(timezone.now)
        finished = Trait(
            state=ImportState.FINISHED,
            content=None,
            done=1,
            added=1,
            due_at=None,
            started_at=SelfAttribute("at"),
            finished_at=SelfAttribute("at"),
        )

    employer = SubFactory(EmployerFactory)
    asked_by = SubFactory(UserFactory)
    source = "board"
    form = "ndjson"
    content = b'{"id": "r1", "title": "Survey analyst"}\n'
    total = 1
    created_at = SelfAttribute("at")
    due_at = SelfAttribute("at")
