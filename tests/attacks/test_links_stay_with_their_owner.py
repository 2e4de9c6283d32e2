"""A secret of a link is told to nobody but its owner: by no mail, no notice, no referrer."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from opportunities.applications import applying, selecting
from opportunities.candidates import profiles
from opportunities.employers import operations as employing
from opportunities.employers.models import TeamInvitation
from opportunities.messaging import delivery, letters
from opportunities.messaging.models import Letter, Notice
from opportunities.webhooks import endpoints
from tests.api.test_tokens import secret_of
from tests.factories import (
    CandidateProfileFactory,
    EmployerFactory,
    NoticeFactory,
    OpportunityFactory,
    UserFactory,
    employer_with_owner,
)

pytestmark = pytest.mark.django_db

CANARY = "canary9d0e7b31"
SECRET = re.compile(r"/employer/(?:verify|join)/([^/\s]+)/")
STOP = re.compile(r"/notices/stop/([^/\s\"'>]+)/")
AT_A_SECRET = ("/k/{}/", "/employer/verify/{}/", "/employer/join/{}/", "/notices/stop/{}/")


def words_of(message):
    """Return all that a mail carries: headers, text and page."""
    return f"{message.message()} {message.body} {getattr(message, 'alternatives', '')}"


@pytest.fixture
def sent():
    """Return who was sent what, after all that a day can bring to a team and a candidate."""
    at = timezone.now()
    employer, owner = employer_with_owner(verified=False)
    member, candidate = UserFactory(confirmed=True), CandidateProfileFactory(user__confirmed=True)
    secrets = {}

    def keep(address):
        [letter] = Letter.objects.filter(address=address)
        secrets[SECRET.search(letter.body)[1]] = address

    employing.invite(employer_id=employer.pk, actor=owner, email=member.email, role="member", at=at)
    keep(member.email)
    link = SECRET.search(Letter.objects.get(address=member.email).body)[1]
    employing.accept_invitation(secret=link, actor=member, at=at)
    mailbox = f"jobs@{employer.domain}"
    employing.ask_verification(employer_id=employer.pk, actor=owner, email=mailbox, at=at)
    keep(mailbox)
    secrets[secret_of(candidate.user, "profile:read")] = None
    secrets[profiles.rotate_secret(owner=candidate.user)] = None
    endpoint = endpoints.create(
        actor=owner, employer_id=employer.pk, url="https://1.1.1.1/hook",
        types=["application.created"], at=at,
    )  # fmt: skip
    secrets[endpoint.readable_secret] = None
    role = OpportunityFactory(open=True, employer=employer)
    papers = applying.Papers(name="Ada", cover_letter="Dear all", answers=())
    application = applying.apply(
        opportunity_id=role.pk, candidate=candidate.user, papers=papers, at=at
    )
    selecting.shortlist(application_id=application.pk, actor=owner, at=at)
    letters.send_letters(at=at)
    link = next(secret for secret, address in secrets.items() if address == mailbox)
    employing.confirm_verification(secret=link, actor=owner, at=at)
    delivery.deliver(at=at)
    return secrets


def test_each_secret_is_mailed_to_its_owner_alone(sent):
    for secret, address in sent.items():
        told = {to for message in mail.outbox if secret in words_of(message) for to in message.to}
        assert told == ({address} if address else set())


def test_no_notice_and_no_sent_letter_keeps_a_secret(sent):
    kept = str(list(Notice.objects.values())) + str(list(Letter.objects.values()))

    assert len(mail.outbox) >= 4
    assert not [secret for secret in sent if secret in kept]


def test_every_mail_can_stop_the_mails_of_its_reader_alone(sent):
    stops = 0
    for message in mail.outbox:
        for token in set(STOP.findall(words_of(message).replace("=\n", ""))):
            found = delivery.read_unsubscribe(token)
            assert found is not None
            assert message.to == [found[0].email]
            stops += 1

    assert stops >= 2


@pytest.mark.parametrize("address", AT_A_SECRET)
@pytest.mark.parametrize("person", ["nobody", "somebody"])
def test_no_address_that_holds_a_secret_is_told_to_another_site(address, person):
    client = Client()
    if person == "somebody":
        client.force_login(UserFactory(confirmed=True))

    answer = client.get(address.format(CANARY))

    assert answer["Referrer-Policy"] in {"no-referrer", "strict-origin", "same-origin"}


def links_that_work(owner):
    """Return addresses with secrets that open something."""
    notice, at = NoticeFactory(), timezone.now()
    TeamInvitation.objects.create(
        employer=EmployerFactory(),
        email=owner.email,
        secret_digest=employing.digest(CANARY),
        created_at=at,
        expires_at=at + timedelta(days=1),
    )
    return {
        "stop": delivery.unsubscribe_path(notice.recipient),
        "verify": f"/employer/verify/{CANARY}/",
        "join": f"/employer/join/{CANARY}/",
    }


@pytest.mark.parametrize("kind", ["stop", "verify", "join"])
def test_a_page_at_a_secret_tells_no_page_after_it(kind):
    _, owner = employer_with_owner()
    client = Client()
    client.force_login(owner)
    path = links_that_work(owner)[kind]

    answer = client.get(path)

    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "strict-origin"
    assert 'name="referrer"' not in answer.text


class Sources(HTMLParser):
    """Collects what a page loads by itself."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.found += [given[name] for name in ("src", "srcset", "data") if given.get(name)]
        if tag == "link" and given.get("href"):
            self.found.append(given["href"])


@pytest.mark.parametrize("kind", ["stop", "verify", "join"])
def test_a_page_at_a_secret_loads_nothing_from_elsewhere(kind):
    _, owner = employer_with_owner()
    client = Client()
    client.force_login(owner)
    page = Sources()
    page.feed(client.get(links_that_work(owner)[kind]).text)

    hosts = {urlsplit(source).netloc for source in page.found if not source.startswith("data:")}
    assert hosts <= {"", "testserver"}
    assert page.found


def test_a_form_of_such_a_page_is_taken_for_one_of_this_site():
    """With ``no-referrer`` browsers would send it as of the origin ``null``."""
    employer, owner = employer_with_owner(verified=False)
    employing.ask_verification(
        employer_id=employer.pk, actor=owner, email=f"me@{employer.domain}", at=timezone.now()
    )
    secret = SECRET.search(Letter.objects.get().body)[1]
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    page = client.get(f"/employer/verify/{secret}/", secure=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]

    def send(**headers):
        body = {"csrfmiddlewaretoken": token}
        return client.post(f"/employer/verify/{secret}/", body, secure=True, headers=headers)

    assert page["Referrer-Policy"] != "no-referrer"
    assert send(Origin="null", Referer="").status_code == 403
    assert send(Origin="https://testserver", Referer="https://testserver/").status_code == 302
    employer.refresh_from_db()
    assert employer.is_verified
