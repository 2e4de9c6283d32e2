import pytest
from django.contrib.messages.storage.base import BaseStorage
from django.urls import reverse

from opportunities.core.errors import Fault, Invalid
from opportunities.core.form_handling import act
from tests.factories import UserFactory


class Unkept(BaseStorage):
    """Messages of a request without a session."""

    def _get(self, *args, **kwargs):
        return [], True

    def _store(self, messages, response, *args, **kwargs):
        return []


@pytest.mark.django_db
@pytest.mark.parametrize("back", ["opportunities:time-zone", "/me/time-zone/"])
def test_what_was_refused_is_shown_again_on_a_page_named_by_address_or_route(rf, back):
    def refuse():
        raise Invalid(Fault("time_zone", "unknown_choice", "There is no such zone."))

    request = rf.post(reverse("opportunities:tokens"), {"box": "zone", "time_zone": "Atlantis"})
    request.user = UserFactory()
    request.session = {}
    request._messages = Unkept(request)

    answer = act(request, refuse, said="Kept.", back=back)

    assert answer.status_code == 422
    assert "There is no such zone." in answer.content.decode()
