"""The page of webhooks: made, tried, switched, sent again and removed by an owner alone."""

import re

import pytest
from django.utils import timezone

from opportunities.webhooks import views
from opportunities.webhooks.models import WebhookDelivery, WebhookEndpoint
from tests.factories import (
    EventFactory,
    MembershipFactory,
    UserFactory,
    WebhookDeliveryFactory,
    WebhookEndpointFactory,
    employer_with_owner,
)

pytestmark = pytest.mark.django_db
ADDRESS = "https://93.184.215.14/hook"


@pytest.fixture
def employer():
    employer, owner = employer_with_owner(verified=True)
    employer.owner = owner
    return employer


@pytest.fixture
def page(employer):
    return f"/employer/webhooks/{employer.slug}/"


@pytest.fixture
def owner(client, employer):
    client.force_login(employer.owner)
    return client


@pytest.fixture
def hook(employer):
    return WebhookEndpointFactory(employer=employer)


def test_an_owner_adds_one_and_reads_its_secret_once(owner, page):
    form = {"action": "create", "url": ADDRESS, "types": ["application.created"]}

    made = owner.post(page, form)

    assert re.search(r'id="secret">whsec_\S+<', made.text)
    assert "no-store" in made["Cache-Control"]
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.url, endpoint.types) == (ADDRESS, ["application.created"])
    again = owner.get(page).text
    assert ADDRESS in again
    assert "whsec_" not in again


def test_a_bad_address_without_an_event_is_told_at_both_boxes(owner, page):
    answer = owner.post(page, {"action": "create", "url": "http://example.org/"})

    assert answer.status_code == 422
    assert 'id="hook-url-fault"' in answer.text
    assert 'id="hook-types-fault"' in answer.text


@pytest.mark.parametrize(
    ("wrong", "said", "at"),
    [
        ({"url": "http://example.org/"}, "The address must begin with https://.", "hook-url-fault"),
        ({"url": "https://10.0.0.1/"}, "a private or reserved network.", "hook-url-fault"),
        ({"url": f"{ADDRESS}?q={'x' * 280}"}, "The address is too long", "hook-url-fault"),
        ({"types": []}, "Choose at least one event.", "hook-types-fault"),
    ],
)
def test_a_refusal_says_why_at_its_field_and_keeps_what_was_given(owner, page, wrong, said, at):
    form = {"action": "create", "url": ADDRESS, "types": ["application.created"]} | wrong

    answer = owner.post(page, form)

    assert answer.status_code == 422
    fault = re.search(rf'<p [^>]*id="{at}">(.*?)</p>', answer.text)
    assert fault
    assert said in fault[1]
    assert re.search(rf'aria-describedby="[^"]*{at}"', answer.text)
    assert ('aria-invalid="true"' in answer.text) == ("url" in wrong)
    assert "<title>Error: Webhooks" in answer.text
    assert f'value="{form["url"]}"' in answer.text
    assert answer.text.count(" checked") == len(form["types"])
    assert not WebhookEndpoint.objects.exists()


def test_a_test_message_and_what_was_sent_stand_in_its_log(owner, page, hook):
    event = EventFactory(employer=hook.employer, type="application.created")
    taken = {"sent_at": timezone.now(), "due_at": None, "last_status": 204}
    WebhookDeliveryFactory(endpoint=hook, event=event, **taken)

    owner.post(page, {"action": "test", "id": hook.public_id})
    text = owner.get(page).text

    assert "Test message" in text
    assert "Waits to be sent" in text
    assert "Somebody applies" in text
    assert "Taken, answer 204" in text


def test_what_was_given_up_is_sent_again(owner, page, hook):
    lost = WebhookDeliveryFactory(
        endpoint=hook,
        dead_at=timezone.now(),
        due_at=None,
        attempts=10,
        last_error="It answered 500.",
    )
    assert "Given up after 10 attempts: It answered 500." in owner.get(page).text

    owner.post(page, {"action": "retry", "id": hook.public_id, "delivery": lost.public_id})

    lost.refresh_from_db()
    assert lost.dead_at is None
    assert lost.due_at is not None


def test_nothing_is_sent_again_while_it_is_switched_off(owner, page, hook):
    lost = WebhookDeliveryFactory(endpoint=hook, dead_at=timezone.now(), due_at=None)
    owner.post(page, {"action": "off", "id": hook.public_id})
    assert "Send again" not in owner.get(page).text

    pressed = {"action": "retry", "id": hook.public_id, "delivery": lost.public_id}
    answer = owner.post(page, pressed, follow=True)

    assert "This webhook is switched off." in answer.text
    lost.refresh_from_db()
    assert lost.due_at is None


def test_it_is_switched_off_and_on_given_a_new_secret_and_removed(owner, page, hook):
    def press(action):
        answer = owner.post(page, {"action": action, "id": hook.public_id})
        row = WebhookEndpoint.objects.filter(pk=hook.pk).first()
        return answer, row

    assert press("off")[1].disabled_at is not None
    assert "You switched it off." in owner.get(page).text
    assert press("on")[1].disabled_at is None
    rotated, row = press("rotate")
    assert 'id="secret">whsec_' in rotated.text
    assert row.secret != hook.secret
    assert press("remove")[1] is None


@pytest.mark.parametrize(
    ("action", "means"),
    [("rotate", "The new secret is shown once."), ("remove", "You cannot take this back.")],
)
def test_a_new_secret_and_removing_ask_before_they_act(owner, page, hook, action, means):
    text = owner.get(page).text
    button = f'name="action" value="{action}"'

    [fold] = [fold for fold in re.findall(r"<details class.*?</details>", text) if button in fold]

    assert means in fold
    assert f'name="id" value="{hook.public_id}"' in fold
    assert text.count(button) == 1


@pytest.mark.parametrize("action", sorted(views.ACTS))
def test_every_button_of_one_removed_in_another_tab_says_so(owner, page, hook, action):
    owner.post(page, {"action": "remove", "id": hook.public_id})

    again = owner.post(page, {"action": action, "id": hook.public_id}, follow=True)

    assert again.redirect_chain == [(page, 302)]
    assert "This webhook was removed already." in again.text


def test_a_message_that_is_no_longer_kept_is_said_to_be(owner, page, hook):
    sent = {"action": "retry", "id": hook.public_id, "delivery": "never-there"}

    assert "This message is no longer kept." in owner.post(page, sent, follow=True).text


def test_a_member_reads_who_may_and_changes_nothing(client, page, hook):
    client.force_login(MembershipFactory(employer=hook.employer).user)

    text = client.get(page).text
    client.post(page, {"action": "remove", "id": hook.public_id})
    client.post(page, {"action": "test", "id": hook.public_id})

    assert "Only an owner" in text
    assert hook.url not in text
    assert WebhookEndpoint.objects.filter(pk=hook.pk).exists()
    assert not WebhookDelivery.objects.exists()


def test_nobody_else_finds_it_or_reaches_anothers_through_their_own(client, owner, page, hook):
    other, stranger = employer_with_owner(verified=True)
    client.force_login(stranger)

    assert client.get(page).status_code == 404
    theirs = f"/employer/webhooks/{other.slug}/"
    for named in (hook.public_id, "never-there"):
        answer = client.post(theirs, {"action": "remove", "id": named}, follow=True)
        assert "This webhook was removed already." in answer.text
    client.force_login(UserFactory())
    assert client.get(page).status_code == 404
    assert WebhookEndpoint.objects.filter(pk=hook.pk).exists()


def test_every_page_of_the_organization_leads_to_it(owner, employer, page):
    assert f'href="{page}"' in owner.get(f"/employer/team/{employer.slug}/").text
