"""What an administrator edits, and the forms that were sent."""

from django.utils import timezone
from factory import LazyFunction, Sequence
from factory.django import DjangoModelFactory

from opportunities.core.models import (
    AutoApproval,
    ExchangeRate,
    PayFloor,
    ReservedWord,
    SentForm,
    Site,
)
from opportunities.site.models import PolicyReport


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = Site
        django_get_or_create = ("id",)

    id = 1


class PayFloorFactory(DjangoModelFactory):
    class Meta:
        model = PayFloor
        django_get_or_create = ("country",)

    country = "GB"
    currency = "GBP"
    hourly_minor = 1300


class ExchangeRateFactory(DjangoModelFactory):
    class Meta:
        model = ExchangeRate
        django_get_or_create = ("currency",)

    currency = "EUR"
    rate = "0.85"


class AutoApprovalFactory(DjangoModelFactory):
    class Meta:
        model = AutoApproval
        django_get_or_create = ("id",)

    id = 1
    is_on = True


class ReservedWordFactory(DjangoModelFactory):
    class Meta:
        model = ReservedWord
        django_get_or_create = ("text",)

    text = "rockstar"
    rule = "2.1"


class SentFormFactory(DjangoModelFactory):
    class Meta:
        model = SentForm

    key = Sequence(lambda n: f"{n:064x}")
    at = LazyFunction(timezone.now)


class PolicyReportFactory(DjangoModelFactory):
    class Meta:
        model = PolicyReport

    day = LazyFunction(lambda: timezone.now().date())
    directive = "script-src-elem"
    blocked = Sequence(lambda n: f"host{n}.example")
    route = "opportunities/"
