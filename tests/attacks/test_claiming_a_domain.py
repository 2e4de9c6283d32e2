"""A swindler has an organization verified by a domain that is not theirs alone."""

from datetime import UTC, date, datetime

import pytest

from opportunities.core.errors import Invalid
from opportunities.core.mail_domains import FREE_MAIL, registered_part
from opportunities.employers import operations as employing
from opportunities.employers.models import Employer
from opportunities.messaging.models import Letter
from opportunities.roles.checks.facts import employer_known
from opportunities.roles.checks.posting import Posting
from opportunities.roles.models import Opportunity
from tests.factories import UserFactory, employer_with_owner

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SHARED = (
    "co.uk", "ac.uk", "gov.uk", "com.au", "k12.ma.us", "github.io", "vercel.app",
    "blogspot.com", "foo.kawasaki.jp", "xn--55qx5d.cn", "gmail.com", "orange.fr", "mailinator.com",
)  # fmt: skip
"""Public suffixes, of registries and of companies, and mail for everybody."""


@pytest.mark.parametrize("domain", [*SHARED, "CO.UK"])
def test_nobody_founds_an_organization_at_a_domain_that_many_share(domain):
    with pytest.raises(Invalid) as refused:
        employing.create_employer(
            actor=UserFactory(), values={"name": "Her Majesty", "domain": domain}, at=NOW
        )

    assert [(each.field, each.code) for each in refused.value.faults] == [
        ("domain", "not_an_employers")
    ]


@pytest.mark.parametrize("domain", SHARED)
def test_a_domain_that_was_stated_before_is_not_verified_by_a_letter(domain):
    employer, owner = employer_with_owner(verified=False, domain=domain)

    with pytest.raises(Invalid) as refused:
        employing.ask_verification(
            employer_id=employer.pk, actor=owner, email=f"me@swindle.{domain}", at=NOW
        )

    assert refused.value.faults[0].code == "not_an_employers"
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("domain", "host"),
    [("amazonaws.com", "me.s3.amazonaws.com"), ("cloud66.ws", "swindle.cloud66.ws")],
)
def test_a_name_that_somebody_registered_below_proves_nothing_of_the_domain_above(domain, host):
    employer, owner = employer_with_owner(verified=False, domain=domain)

    with pytest.raises(Invalid):
        employing.ask_verification(employer_id=employer.pk, actor=owner, email=f"me@{host}", at=NOW)

    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("domain", "host"),
    [
        ("harbour.co.uk", "harbour.co.uk"),
        ("harbour.co.uk", "office.harbour.co.uk"),
        ("museum.harbour.example", "mail.museum.harbour.example"),
        ("studio.github.io", "studio.github.io"),
        ("nus.edu.sg", "nus.edu.sg"),
    ],
)
def test_a_domain_of_ones_own_is_still_proved(domain, host):
    founder = UserFactory()
    employer = employing.create_employer(
        actor=founder, values={"name": "Harbour", "domain": domain}, at=NOW
    )

    employing.ask_verification(employer_id=employer.pk, actor=founder, email=f"me@{host}", at=NOW)

    assert Letter.objects.get().address == f"me@{host}"


@pytest.mark.parametrize(
    ("domain", "registered"),
    [
        ("a.b.harbour.co.uk", "harbour.co.uk"),
        ("Harbour.Example", "harbour.example"),
        ("co.uk", None),
        ("example", None),
        ("city.kawasaki.jp", "city.kawasaki.jp"),
        ("a.foo.kawasaki.jp", "a.foo.kawasaki.jp"),
    ],
)
def test_what_one_holder_registered_is_read_off_the_list(domain, registered):
    assert registered_part(domain) == registered


def test_the_list_of_free_mail_is_there():
    assert {"gmail.com", "gmx.de", "qq.com", "hotmail.co.uk", "proton.me", "tuta.com"} <= FREE_MAIL
    assert len(FREE_MAIL) > 4_000


def test_moderators_are_told_of_an_employer_at_such_a_domain():
    employer = Employer(domain="co.uk", verified_at=datetime(2027, 1, 4, tzinfo=UTC))

    [flag] = employer_known(Posting(Opportunity(), date.min, employer=employer))
    assert (flag.verdict, flag.detail) == ("look", "Anybody can register a name under co.uk.")
