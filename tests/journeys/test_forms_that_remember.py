"""Whatever people write comes back to them: every form with a box, found on the pages themselves.

The pages of the whole market are read as everybody who may see them; each form in which somebody
writes is then sent where it cannot be taken.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
import time_machine
from django import forms
from django.conf import settings
from django.db import transaction
from django.template.library import InclusionNode
from django.template.loader import get_template
from django.test import Client, override_settings
from django.test.client import ClientHandler
from django.urls import resolve

from matching.models import Introduction, Toward
from matching.store import live
from opportunities.core.errors import WrongState
from opportunities.core.lifecycle import RoleStatus
from opportunities.core.models import SentForm
from opportunities.core.templatetags import boxes as boxes_tags
from opportunities.moderation.models import Verdict
from tests import factories as make
from tests.matching.markets import publish
from tests.permissions.asking import Market
from tests.permissions.routes import ROUTES
from tests.permissions.world import NOW, World

# The market is made and read once, for all of these tests.
pytestmark = [pytest.mark.long, pytest.mark.xdist_group("forms that remember")]

PEOPLE: Final = ("anonymous", "candidate", "candidate 2", "owner", "moderator")
ELSEWHERE: Final = ("api/", "admin/", "accounts/", "static/", "feeds", "problems/", "sitemap")
OWN: Final = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
WORDS: Final = "Two lines of <b>words</b>\nthat nobody wants to write again."
MARK: Final = "that nobody wants to write again."
CHECKED: Final = "engagements/verify.html"
READ: Final = frozenset({"/employer/paste/", "/start/skills/"})
"""Where a text is read and nothing changes, so that nothing can have changed meanwhile."""
"""A credential is pasted there, not written, and the page that checks it shows it again."""


class Form(NamedTuple):
    """A form as it stands on a page, with the boxes that people write in."""

    page: str
    who: str
    action: str
    fields: list[tuple[str, str]]
    boxes: dict[str, str]
    button: tuple[str, str] | None
    ids: dict[str, str]

    @property
    def name(self) -> str:
        found = resolve(self.action.split("?")[0])
        route = found.route
        for chosen in ("action", "step"):
            route = route.replace(f"<slug:{chosen}>", str(found.kwargs.get(chosen)))
        page = resolve(self.page.split("?")[0]).route
        return f"{route} {'+'.join(sorted(self.boxes))} on {page}"

    def filled(self, words: str) -> dict[str, Any]:
        sent: dict[str, Any] = {}
        for name, value in self.fields:
            sent.setdefault(name, []).append(value)
        sent |= {name: [words] for name in self.boxes}
        if self.button and self.button[0]:
            # What is read once more before it is sent comes from there with the same words.
            name = "send" if self.button[0] == "check" else self.button[0]
            sent[name] = [self.button[1]]
        return sent


class Reader(HTMLParser):
    """Collects the forms of a page that are posted."""

    def __init__(self, page: str, who: str, *, boxless: bool = False) -> None:
        super().__init__()
        self.boxless = boxless
        self.page, self.who = page, who
        self.found: list[Form] = []
        self.form: Form | None = None
        self.box = ""
        self.select = ""

    def handle_starttag(  # noqa: C901  (one line for each element of a form)
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        given = dict(attrs)
        if tag == "form" and given.get("method") == "post":
            self.form = Form(
                self.page, self.who, given.get("action") or self.page, [], {}, None, {}
            )
        form, name = self.form, given.get("name") or ""
        if form is None:
            return
        value = given.get("value") or ""
        if tag == "textarea" and not given.keys() & {"readonly", "hidden"}:
            self.box = name
            form.boxes[name] = ""
            form.ids[name] = given.get("id") or name
        elif tag == "input" and name:
            chosen = given.get("type") not in {"checkbox", "radio"} or "checked" in given
            if chosen and given.get("type") != "file":
                form.fields.append((name, value))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            if "selected" in given or self.select not in dict(form.fields):
                form.fields.append((self.select, value))
        elif tag == "button" and (form.button is None or (form.button[0] and not name)):
            if given.get("formaction"):
                self.form = form = form._replace(action=given["formaction"])
            self.form = form._replace(button=(name, value))

    def handle_data(self, data: str) -> None:
        if self.box and self.form:
            self.form.boxes[self.box] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.box = ""
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            if self.form and (self.form.boxes or self.boxless):
                self.found.append(self.form)
            self.form = None


def forms_of(response: Any, page: str, who: str, *, boxless: bool = False) -> list[Form]:
    """Return the forms of a page in which people write; ``boxless`` adds all others."""
    reader = Reader(page, who, boxless=boxless)
    if response.headers.get("Content-Type", "").startswith("text/html"):
        reader.feed(response.text)
    return reader.found


class Site:
    """The market, everybody in it, and every form that they can write in."""

    def __init__(self, market: Market, world: World) -> None:
        self.market, self.world = market, world
        self.letter = make.OpportunityFactory(open=True, internship=True, at=NOW)
        make.QuestionFactory(opportunity=self.letter)
        self.forms: dict[str, Form] = {}
        self.templates: set[str] = set()
        self.drawn: set[int] = set()
        self.handlers = {strict: ClientHandler(strict) for strict in (False, True)}

    def client(self, *, strict: bool = False) -> Client:
        """Return a client without cookies; what answers it is put together once for all."""
        client = Client()
        client.handler = self.handlers[strict]
        return client

    def look(self) -> None:
        draw = InclusionNode.render

        def note_and_draw(node: InclusionNode, context: Any) -> Any:
            self.drawn.add(id(node))
            return draw(node, context)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(InclusionNode, "render", note_and_draw)
            self._look()

    def _look(self) -> None:
        for page, who, response in self.answers():
            found = forms_of(response, page, who) if response.status_code == 200 else []
            for form in found:
                self.forms.setdefault(form.name, form)
            if found:
                self.templates |= {part.name for part in response.templates if part.name}

    def answers(self) -> Iterator[tuple[str, str, Any]]:
        """Ask for every page as everybody: yield the page, who asks, and what they get.

        An address that only takes a form says so to whoever is signed in; one of them asks.
        """
        for page in dict.fromkeys(self._pages()):
            for who in PEOPLE:
                response = self.client().get(page, headers={"X-Who": who})
                if response.status_code == 405:
                    break
                if response.streaming:
                    list(response.streaming_content)
                yield page, who, response

    def _pages(self) -> Iterator[str]:
        for route in ROUTES:
            if route.method != "GET" or route.path.startswith(ELSEWHERE):
                continue
            for state in route.states:
                yield self.world.address(route, state)
        yield f"/opportunities/{self.letter.slug}-{self.letter.public_id}/apply/"

    def templates_of(self, form: Form) -> set[str]:
        """Name the templates of the page on which a form stands."""
        response = self.client().get(form.page, headers={"X-Who": form.who})
        return {part.name for part in response.templates if part.name}

    def drafts(self, form: Form, who: str) -> dict[str, str]:
        """Return what is kept of the boxes on a form's page, as this person finds it."""
        page = {"page": form.page.split("?")[0]}
        answer = self.client().get("/me/drafts/here/", page, headers={"X-Who": who})
        return {draft["box"]: draft["text"] for draft in answer.json()["drafts"]}

    def send(
        self, form: Form, words: str, *, who: str = "", strict: bool = False, **more: Any
    ) -> Any:
        sent = form.filled(words) | more
        before = transaction.savepoint_create()
        try:
            return self.client(strict=strict).post(
                form.action, sent, headers=OWN | {"X-Who": who or form.who}
            )
        finally:
            transaction.savepoint_rollback(before)


@contextmanager
def whole_site(django_db_blocker: Any) -> Iterator[Site]:
    """Make the market for a module of tests, and take it away again."""
    caches = settings.CACHES | {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    }
    storages = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
    with (
        # One address reads every costly page within a moment that does not pass.
        override_settings(CACHES=caches, STORAGES=storages, API_QUOTA_FACTOR=1_000),
        django_db_blocker.unblock(),
        transaction.atomic(),
        pytest.MonkeyPatch.context() as patch,
        time_machine.travel(NOW, tick=False),
    ):
        world = World()
        make.DecisionFactory(opportunity=None, employer=world.employer, action="warn", at=NOW)
        make.DecisionFactory(
            opportunity=None,
            employer=None,
            account=world.people["candidate"],
            action="warn",
            at=NOW,
        )
        make.DecisionFactory(opportunity=world.roles[RoleStatus.REJECTED], at=NOW)
        make.FindingFactory(
            opportunity=world.roles[RoleStatus.IN_REVIEW], verdict=Verdict.STOP, at=NOW
        )
        Introduction.objects.create(
            candidate=make.CandidateProfileFactory(pseudonym=True, at=NOW),
            role=world.roles[RoleStatus.OPEN],
            toward=Toward.EMPLOYER,
            score=80,
            at=NOW,
            told_at=NOW,
        )
        publish()
        live.forget()
        market = Market(world)
        patch.setattr("django.contrib.auth.get_user", market.who_asks)
        yield Site(market, world)
        live.forget()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    with whole_site(django_db_blocker) as found:
        found.look()
        yield found


@pytest.fixture(autouse=True)
def _still(site: Site, db: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def shows(response: Any, words: str = MARK) -> bool:
    """Say whether a page holds the words in a box."""
    page = response.text if not response.streaming else ""
    return any(
        words in box for form in forms_of(response, "/", "") for box in form.boxes.values()
    ) or (words in "".join(re.findall(r"<textarea[^>]*readonly[^>]*>([^<]*)", page)))


def test_every_template_and_form_class_with_a_box_is_found(site):
    sources = {
        str(path).split("/templates/")[1]
        for path in _templates()
        if re.search(r"\{% box |<textarea(?![^>]*(readonly|hidden))", path.read_text())
    } - {"forms/_box.html", "forms/given_back.html"}
    classes = [each for each in _below(forms.Form) if each.__module__.startswith(("opp", "match"))]
    names = {
        name
        for path in _templates()
        for name in re.findall(
            r'<textarea(?![^>]*(?:readonly|hidden))[^>]* name="(\w+)"', path.read_text()
        )
    } | {
        name
        for each in classes
        for name, field in each.base_fields.items()
        if isinstance(field.widget, forms.Textarea)
    }
    written = {name.split(".")[-1] for form in site.forms.values() for name in form.boxes}

    assert sources - site.templates == set()
    assert names - written == set()
    assert len(site.forms) >= 36
    assert {"message", "question", "note", "answer", "appeal", "apply", "edit", "report"} <= {
        part for name in site.forms for part in re.split(r"[^a-z]+", name.replace("ask/", ""))
    }


def test_every_box_is_drawn_whatever_condition_or_fold_it_stands_behind(site):
    undrawn, boxes = [], 0
    for path in _templates():
        if "{% box " not in path.read_text():
            continue
        name = str(path).split("/templates/")[1]
        for node in get_template(name).template.nodelist.get_nodes_by_type(InclusionNode):
            if node.func is boxes_tags.box:
                boxes += 1
                if id(node) not in site.drawn:
                    undrawn.append(f"{name}: {node.token.contents}")

    assert boxes >= 18
    assert undrawn == [], undrawn


def test_a_token_that_changed_gives_every_text_back_and_a_fresh_token(site):
    for form in site.forms.values():
        response = site.send(form, WORDS, strict=True, csrfmiddlewaretoken="x" * 64)

        assert response.status_code == 403, form.name
        assert shows(response), form.name
        [again] = [one for one in forms_of(response, form.page, form.who) if one.boxes]
        assert again.action == form.action
        kept = again.filled(WORDS)
        lost = {
            name
            for name in form.filled(WORDS).keys() - kept.keys()
            if name != "csrfmiddlewaretoken" and any(form.filled(WORDS)[name])
        }
        assert lost == set(), form.name
        assert dict(again.fields)["csrfmiddlewaretoken"] != "x" * 64


def test_a_session_that_ended_gives_every_text_back_and_the_way_to_sign_in(site):
    ended = [form for form in site.forms.values() if form.who != "anonymous"]
    for form in ended:
        response = site.send(form, WORDS, who="anonymous")

        taken_from_guests = response.status_code in {200, 302, 422} and resolve(
            form.action
        ).route.endswith(("report/", "verify/"))
        assert taken_from_guests or response.status_code in {401, 404}, (form.name, response)
        assert shows(response) or (taken_from_guests and response.status_code == 302), form.name
        if not taken_from_guests:
            assert "/accounts/login/?next=" in response.text
    assert len(ended) >= 18


def test_a_refused_text_is_in_its_box_with_what_is_wrong(site):
    words = MARK + "\n" + "far too many words " * 2_000
    for form in site.forms.values():
        response = site.send(form, words)

        assert shows(response, "far too many words far"), (form.name, response.status_code)
        if CHECKED not in {part.name for part in response.templates}:
            assert response.status_code in {422, 403}, form.name
            assert "c-bad" in response.text or "note bad" in response.text, form.name


BESIDE = {"/employer/new/": {"name": "Harbour Lab"}}
"""What a form asks beside its text before anything can have changed, by its address."""


def test_what_changed_meanwhile_refuses_a_stale_form_with_its_text(site, monkeypatch):
    def changed(**_: Any) -> None:
        raise WrongState("This has changed meanwhile.")

    monkeypatch.setattr(SentForm.objects, "get_or_create", changed)
    told = 0
    for form in site.forms.values():
        response = site.send(form, "Short words, four.", **BESIDE.get(form.action, {}))

        assert shows(response, "Short words, four."), (form.name, response.status_code)
        if CHECKED not in {part.name for part in response.templates} and form.action not in READ:
            assert response.status_code == 422, form.name
        told += "This has changed meanwhile." in response.text
    # A check, two texts that are read, and three forms that ask for more than words first; one of
    # these is the visitor's role form, whose draft stays in the browser.
    assert told >= len(site.forms) - 6


def test_a_letter_from_an_old_tab_is_given_back_once_another_was_sent(site):
    [form] = [form for form in site.forms.values() if "cover_letter" in form.boxes]
    before = transaction.savepoint_create()
    try:
        profile = site.world.people[form.who].profile
        make.ApplicationFactory(profile=profile, opportunity=site.letter, at=NOW)

        response = site.send(form, WORDS)

        assert response.status_code == 409
        assert shows(response)
        assert "See your application" in response.text
    finally:
        transaction.savepoint_rollback(before)


def test_every_box_is_kept_for_its_writer_while_they_type_and_forgotten_when_taken(site):
    met = taken = 0
    for form in site.forms.values():
        if form.who == "anonymous" or CHECKED in site.templates_of(form):
            continue
        before = transaction.savepoint_create()
        try:
            path = form.action.split("?")[0]
            for name, key in form.ids.items():
                kept = {"page": form.page.split("?")[0], "form": path, "name": name, "box": key}
                answer = site.client().post(
                    "/me/drafts/keep/", kept | {"text": WORDS}, headers=OWN | {"X-Who": form.who}
                )
                assert answer.status_code == 204, (form.name, answer.text)
            assert site.drafts(form, form.who) == dict.fromkeys(form.ids.values(), WORDS), form.name
            assert site.drafts(form, "employer 2") == {}, form.name
            met += 1
            response = site.client().post(
                form.action, form.filled("Words, four of them."), headers=OWN | {"X-Who": form.who}
            )
            was_taken = response.status_code in {302, 303}
            taken += was_taken
            assert bool(site.drafts(form, form.who)) != was_taken, form.name
        finally:
            transaction.savepoint_rollback(before)
    assert met >= 28
    assert taken >= 12


def _templates() -> Iterator[Path]:
    for root in ("opportunities", "matching"):
        yield from sorted(Path(settings.BASE_DIR, root).rglob("templates/**/*.html"))


def _below(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)
