"""Carrying a script into other people's readers, or a role past the rules, by text that hides."""

import feedparser
import pytest
from django.utils import timezone

from opportunities.core.errors import Invalid
from opportunities.core.rendering import visible
from opportunities.core.text import UNREADABLE, is_readable
from opportunities.messaging.delivery import Mail, message_for
from opportunities.messaging.models import Delivery, Notice
from opportunities.messaging.notify import notify
from opportunities.roles.publishing import drafting, submitting
from tests.factories import OpportunityFactory, UserFactory, employer_with_owner
from tests.roles.test_drafts import COMPLETE

SCRIPT = "<img src=x onerror=alert(1)>"
NOTHING = {
    "a link that nothing refers to": "[work]: https://a.example",
    "blanks of every kind": "\u00a0\u2003 \u200b\u200d\n\n\u2028",
    "letters without a mark": "\u3164\u2800\u115f",
    "a line": "---",
    "HTML alone": "&#8203;&nbsp;",
    "an image": "![](https://a.example/x.png)",
}


def items(client):
    return client.get("/feeds/opportunities.json").json()["items"]


@pytest.mark.django_db
class TestFeeds:
    @pytest.mark.parametrize("name", NOTHING)
    def test_a_title_stands_in_content_html_as_text(self, client, name):
        OpportunityFactory(open=True, title=SCRIPT, description=NOTHING[name])

        [item] = items(client)

        assert item["title"] == SCRIPT  # plain text, by the format
        assert item["content_html"] == "<p>&lt;img src=x onerror=alert(1)&gt;</p>"

    def test_a_place_stands_in_atom_as_text(self, client):
        OpportunityFactory(
            open=True, mode="onsite", place=SCRIPT, country="GB", description="Sort the entries."
        )

        text = client.get("/feeds/opportunities.atom").text
        [entry] = feedparser.parse(text, sanitize_html=False).entries

        assert "<img" not in entry.summary
        assert "&lt;img" in entry.summary
        assert "<p>Sort the entries.</p>" in entry.summary

    def test_a_text_that_shows_something_is_handed_out_as_it_was(self, client):
        OpportunityFactory(open=True, description="Sort **all** entries.")

        [item] = items(client)

        assert item["content_html"] == "<p>Sort <strong>all</strong> entries.</p>\n"


class TestWhatIsJudgedIsWhatIsShown:
    @pytest.mark.parametrize("name", NOTHING)
    def test_nothing_is_seen_of_it(self, name):
        assert visible(NOTHING[name]) == ""

    @pytest.mark.parametrize(
        ("text", "seen"),
        [("**Sort** [it](https://a.example)", "Sortit"), ("# Daten &amp; Töne", "Daten&Töne")],
    )
    def test_what_is_seen_is_counted_without_its_marks(self, text, seen):
        assert visible(text) == seen

    @pytest.mark.django_db
    @pytest.mark.parametrize("name", NOTHING)
    def test_a_role_whose_text_shows_nothing_is_not_reviewed(self, name):
        employer, owner = employer_with_owner()
        role = drafting.create_draft(
            employer_id=employer.pk,
            actor=owner,
            values=COMPLETE | {"description": NOTHING[name]},
            at=timezone.now(),
        )

        with pytest.raises(Invalid) as refused:
            submitting.submit(opportunity_id=role.pk, actor=owner, at=timezone.now())

        assert "description" in {fault.field for fault in refused.value.faults}


SPOILED = {
    "control characters": "Label maker\x02 helper",
    "marks that turn text around": "Label \u202erekam helper",
    "a tab of the old kind": "Label\x0bmaker helper",
    "half a pair": "Label maker\ufffe helper",
}


@pytest.mark.django_db
class TestOneRowSpoilsNothingForOthers:
    @pytest.mark.parametrize("name", SPOILED)
    @pytest.mark.parametrize("feed", ["opportunities.atom", "opportunities.json", "deadlines.ics"])
    def test_a_feed_is_read_whatever_a_row_holds(self, client, feed, name):
        OpportunityFactory(open=True, title="Count the gulls")
        OpportunityFactory(
            open=True,
            title=SPOILED[name],
            description=SPOILED[name],
            summary=SPOILED[name],
            employer__name=SPOILED[name],
        )

        response = client.get(f"/feeds/{feed}")

        assert response.status_code == 200
        assert "Count the gulls" in response.text
        found = UNREADABLE.search(response.text.replace("\r\n", "\n"))
        assert found is None

    @pytest.mark.parametrize("name", SPOILED)
    def test_a_mail_goes_out_whatever_a_title_holds(self, name):
        person = UserFactory()
        [notice] = notify(
            recipients=[person], kind="k", key="k", subject=SPOILED[name] + "\r\nBcc: x@y.example",
            body=SPOILED[name], at=timezone.now(),
        )  # fmt: skip
        row = Delivery.objects.get(notice=notice)
        Notice.objects.filter(pk=notice.pk).update(subject=SPOILED[name] + "\nBcc: x@y.example")
        row.notice.refresh_from_db()

        message = message_for(Mail(person, (row,)))

        assert "\n" not in message.subject
        assert is_readable(message.subject + message.body)
        assert message.message()["Bcc"] is None
