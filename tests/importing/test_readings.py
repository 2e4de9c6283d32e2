"""Sources that are read again: fetch, preview, difference, what left, the log, and the team."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from opportunities.core.errors import Conflict, Invalid, NotFound, WrongState
from opportunities.core.lifecycle import RoleStatus
from opportunities.importing import readings, sources, turns
from opportunities.importing.models import (
    Doubt,
    ReadingState,
    ReadRow,
    Source,
    SourceReading,
    SourceState,
)
from opportunities.importing.rows import Fate
from opportunities.importing.writing import count
from opportunities.messaging.models import Notice
from opportunities.roles.models import Opportunity
from tests.factories import (
    AutoApprovalFactory,
    DecisionFactory,
    OpportunityFactory,
    UserFactory,
    employer_with_owner,
)
from tests.importing.feeds import BOARD, PATH, board, job, posting
from tests.roles.hearing import hearing
from tests.roles.test_drafts import COMPLETE


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.now = timezone.now()

    def __call__(self):
        return self.now

    def pass_time(self, **span):
        self.now += timedelta(**span)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def team(db):
    return employer_with_owner()


def set_up(team, clock, url=BOARD, **values):
    """Set a source up and have its preview made."""
    employer, owner = team
    source = sources.create(
        employer_id=employer.pk, actor=owner, values={"url": url, **values}, at=clock()
    )
    readings.read_due(clock=clock)
    return source


def begun(team, clock, **values):
    """Return a source that was read once."""
    source = set_up(team, clock, **values)
    sources.begin(source_id=source.pk, actor=team[1], at=clock())
    readings.read_due(clock=clock)
    source.refresh_from_db()
    return source


def read_again(source, clock):
    """Let the time of the next reading come, read, and return the reading."""
    source.refresh_from_db()
    clock.now = max(clock.now, source.next_at)
    readings.read_due(clock=clock)
    source.refresh_from_db()
    return last(source)


def last(source):
    return source.readings.order_by("-pk").first()


def fates(reading):
    return list(reading.rows.order_by("position").values_list("number", "fate"))


def dying_at_a_second_step(written, reading):
    """Count rows in place of a worker that dies once some are done."""
    if reading.done:
        raise MemoryError
    count(written, reading)


def opened(source, *numbers):
    """Open roles of a source, as a moderator would."""
    now = timezone.now()
    rows = Opportunity.objects.filter(source=source.name, external_id__in=map(str, numbers))
    return rows.update(status=RoleStatus.OPEN, opened_at=now, confirmed_at=now)


def roles(source):
    rows = Opportunity.objects.filter(source=source.name).order_by("external_id")
    return dict(rows.values_list("external_id", "status"))


class TestPreview:
    def test_shows_what_would_come_in_and_brings_nothing_in(self, feeds, team, clock):
        feeds.put(PATH, {"jobs": [posting(1), posting(2, title="")]})

        source = set_up(team, clock)

        reading = last(source)
        assert (reading.kind, reading.state) == ("preview", ReadingState.FINISHED)
        assert fates(reading) == [("1", Fate.NEW), ("2", Fate.REFUSED)]
        assert "title" in reading.rows.get(number="2").detail
        assert not Opportunity.objects.exists()
        source.refresh_from_db()
        assert (source.state, source.shape, source.next_at) == ("new", "Greenhouse", None)

    def test_says_what_would_change_and_close(self, feeds, team, clock):
        feeds.put(PATH, board(1, 2, 3, 4))
        source = begun(team, clock)
        opened(source, 1, 2, 3, 4)
        feeds.put(PATH, {"jobs": [job(1, title="Lab intern"), job(2), job(3), job(5)]})
        before = list(Opportunity.objects.order_by("pk").values())
        clock.pass_time(minutes=1)

        sources.preview(source_id=source.pk, actor=team[1], at=clock())
        readings.read_due(clock=clock)

        assert fates(last(source)) == [
            ("1", Fate.CHANGED), ("2", Fate.UNCHANGED), ("3", Fate.UNCHANGED), ("5", Fate.NEW),
            ("4", Fate.LEFT),
        ]  # fmt: skip
        assert list(Opportunity.objects.order_by("pk").values()) == before

    def test_comes_before_a_source_begins(self, feeds, team, clock):
        feeds.put(PATH, "", status=500)
        source = set_up(team, clock)

        assert last(source).state == ReadingState.FAILED
        with pytest.raises(WrongState):
            sources.begin(source_id=source.pk, actor=team[1], at=clock())


class TestReading:
    def test_brings_new_roles_to_review_and_then_finds_nothing_new(self, feeds, team, clock):
        feeds.put(PATH, board(1, 2), ETag='"one"')

        source = begun(team, clock)

        assert roles(source) == {"1": RoleStatus.IN_REVIEW, "2": RoleStatus.IN_REVIEW}
        assert source.next_at == clock() + timedelta(hours=24)
        again = read_again(source, clock)
        assert (again.is_same, again.done) == (True, 0)
        assert feeds.asked[-1][1]["If-None-Match"] == '"one"'

    def test_a_file_of_the_same_bytes_is_the_same_without_an_etag(self, feeds, team, clock):
        feeds.put(PATH, board(1))
        source = begun(team, clock)

        assert read_again(source, clock).is_same

    def test_a_change_that_matters_is_reviewed_again(self, feeds, team, clock):
        feeds.put(PATH, board(1))
        source = begun(team, clock)
        opened(source, 1)
        feeds.put(PATH, {"jobs": [job(1, title="Lab intern")]})

        reading = read_again(source, clock)

        role = Opportunity.objects.get()
        assert fates(reading) == [("1", Fate.CHANGED)]
        assert (role.title, role.status) == ("Lab intern", RoleStatus.IN_REVIEW)

    def test_a_change_that_does_not_matter_leaves_it_open(self, feeds, team, clock):
        feeds.put(PATH, board(1))
        source = begun(team, clock)
        opened(source, 1)
        later = timezone.localdate() + timedelta(days=70)
        feeds.put(PATH, board(1, apply_by=later.isoformat()))

        with hearing() as told:
            reading = read_again(source, clock)

        role = Opportunity.objects.get()
        assert fates(reading) == [("1", Fate.CHANGED)]
        assert (role.apply_by, role.status) == (later, RoleStatus.OPEN)
        assert told == [role.pk]

    def test_a_change_that_takes_a_needed_fact_takes_it_off_the_market(self, feeds, team, clock):
        feeds.put(PATH, board(1))
        source = begun(team, clock)
        opened(source, 1)
        feeds.put(PATH, board(1, apply_by=""))

        with hearing() as told:
            read_again(source, clock)

        assert roles(source) == {"1": RoleStatus.IN_REVIEW}
        assert told == [Opportunity.objects.get().pk]

    def test_opens_what_the_rule_of_the_site_allows(self, feeds, team, clock):
        AutoApprovalFactory(is_on=True, clean_roles=1)
        team = employer, _ = employer_with_owner(verified=True)
        earlier = OpportunityFactory(employer=employer, closed=True, outcome="cancelled")
        DecisionFactory(action="approve", opportunity=earlier)
        feeds.put(PATH, {"jobs": [{**COMPLETE, "id": 1}]})

        source = begun(team, clock)

        assert roles(source) == {"1": RoleStatus.OPEN}
        assert last(source).rows.get().detail == "It is open."

    def test_closed_and_hidden_rows_never_open(self, feeds, team, clock):
        rows = [
            {"id": str(number), "company_name": team[0].name, "title": f"Intern {number}",
             "locations": ["Leeds, UK"], "terms": ["Summer 2027"], "url": "", "active": active,
             "is_visible": visible}
            for number, active, visible in ((1, True, True), (2, False, True), (3, True, False))
        ]  # fmt: skip
        feeds.put(PATH, rows)

        source = begun(team, clock)

        assert list(roles(source)) == ["1"]
        assert fates(last(source)) == [
            ("1", Fate.NEW), ("2", Fate.CLOSED), ("3", Fate.CLOSED),
        ]  # fmt: skip

    def test_rows_of_another_organization_are_named(self, feeds, team, clock):
        feeds.put(PATH, [{**job(1), "company_name": "Somebody Else"}])

        source = set_up(team, clock)

        row = last(source).rows.get()
        assert (row.fate, "Somebody Else" in row.detail) == (Fate.REFUSED, True)

    def test_columns_of_no_known_shape_are_mapped(self, feeds, team, clock):
        feeds.put(PATH, [{"ref": 7, "name": {"full": "Intern"}, "body": "Help us count birds."}])
        mapping = {"columns": {"ref": "external_id", "name.full": "title", "body": "description"}}
        source = set_up(team, clock)
        source.refresh_from_db()
        assert [column for column, _ in source.columns] == ["ref", "name.full", "body"]

        sources.change(source_id=source.pk, actor=team[1], values={"mapping": mapping}, at=clock())
        sources.preview(source_id=source.pk, actor=team[1], at=clock())
        readings.read_due(clock=clock)

        assert list(last(source).rows.values_list("number", "title", "fate")) == [
            ("7", "Intern", Fate.NEW)
        ]

    def test_a_mapping_may_state_only_what_all_rows_have_in_common(self, feeds, team, clock):
        feeds.put(PATH, board(1, pay_currency=None))

        source = begun(team, clock, mapping={"currency": "CHF"})

        assert Opportunity.objects.get(source=source.name).pay_currency == "CHF"

    def test_a_file_that_is_sent_anew_is_read_like_an_address(self, team, clock):
        employer, owner = team
        send = {"actor": owner, "file_name": "roles.json", "at": clock()}
        content = json.dumps(board(1, 2)).encode()
        source = sources.create(
            employer_id=employer.pk, name="Our table", values={}, content=content, **send
        )
        readings.read_due(clock=clock)
        sources.begin(source_id=source.pk, actor=owner, at=clock())
        readings.read_due(clock=clock)
        assert list(roles(source)) == ["1", "2"]

        content = json.dumps(board(1, 2, 3)).encode()
        sources.send_file(source_id=source.pk, content=content, **send)
        readings.read_due(clock=clock)

        assert list(roles(source)) == ["1", "2", "3"]
        source.refresh_from_db()
        assert (source.next_at, source.content) == (None, None)

    def test_ends_for_somebody_who_left_the_team(self, feeds, team, clock):
        feeds.put(PATH, board(1))
        source = begun(team, clock)
        team[1].memberships.all().delete()

        assert read_again(source, clock).state == ReadingState.FAILED
        assert source.failures == 1


class TestWhatLeft:
    def test_closes_with_what_the_employer_said_of_such_roles(self, feeds, team, clock):
        feeds.put(PATH, board(1, 2, 3, 4))
        source = begun(team, clock, outcome="filled_elsewhere")
        opened(source, 1, 2, 3)
        feeds.put(PATH, board(1, 2, 4))

        reading = read_again(source, clock)

        assert roles(source)["3"] == RoleStatus.CLOSED
        assert Opportunity.objects.get(external_id="3").outcome == "filled_elsewhere"
        assert fates(reading)[-1] == ("3", Fate.LEFT)
        assert reading.gone == 1

    @pytest.mark.parametrize(("leaving", "told"), [("tell", True), ("keep", False)])
    def test_stays_where_the_employer_wants_it(self, feeds, team, clock, leaving, told):
        feeds.put(PATH, board(1, 2, 3, 4))
        source = begun(team, clock, leaving=leaving)
        opened(source, 3)
        feeds.put(PATH, board(1, 2, 4))

        reading = read_again(source, clock)

        assert roles(source)["3"] == RoleStatus.OPEN
        assert fates(reading)[-1] == ("3", Fate.KEPT)
        assert Notice.objects.filter(kind="source", body__contains="intern 3").exists() == told

    def test_more_than_the_stated_share_waits_for_a_person(self, feeds, team, clock):
        feeds.put(PATH, board(1, 2, 3))
        source = begun(team, clock)
        opened(source, 1, 2, 3)
        feeds.put(PATH, board(1))

        reading = read_again(source, clock)

        assert reading.state == ReadingState.HELD
        assert set(roles(source).values()) == {RoleStatus.OPEN}
        assert Notice.objects.filter(kind="source", url__contains=reading.public_id).count() == 1
        read_again(source, clock)
        assert Notice.objects.filter(kind="source").count() == 1  # the same roles are told once

    @pytest.mark.parametrize(("closes", "state"), [(True, "closed"), (False, "open")])
    def test_a_person_closes_or_keeps_what_waits(self, feeds, team, clock, closes, state):
        feeds.put(PATH, board(1, 2, 3))
        source = begun(team, clock)
        opened(source, 1, 2, 3)
        feeds.put(PATH, board(1))
        reading = read_again(source, clock)
        who = {"reading_id": reading.pk, "at": clock()}
        with pytest.raises(NotFound):
            sources.settle_gone(actor=UserFactory(), closes=True, **who)

        sources.settle_gone(actor=team[1], closes=closes, **who)

        assert roles(source) == {"1": "open", "2": state, "3": state}
        with pytest.raises(WrongState):
            sources.settle_gone(actor=team[1], closes=True, **who)

    @pytest.mark.parametrize(
        "content",
        ["", "[]", '{"jobs": []}', "<html><body>Sign in</body></html>", "%PDF-1.4", "\x00\x01"],
    )
    def test_an_empty_or_wrong_file_closes_nothing(self, feeds, team, clock, content):
        feeds.put(PATH, board(1, 2, 3, 4))
        source = begun(team, clock)
        opened(source, 1, 2, 3, 4)
        feeds.put(PATH, content)

        reading = read_again(source, clock)

        assert (reading.state, source.failures) == (ReadingState.FAILED, 1)
        assert set(roles(source).values()) == {RoleStatus.OPEN}

    def test_a_list_that_breaks_off_closes_nothing(self, feeds, team, clock):
        feeds.put(PATH, board(1, 2, 3, 4, 5))
        source = begun(team, clock)
        opened(source, 1, 2, 3, 4, 5)
        feeds.put(PATH, json.dumps([job(1), job(2), job(3), job(4)])[:-40])

        reading = read_again(source, clock)

        assert (reading.state, reading.last_error) == (ReadingState.FINISHED, readings.UNREAD)
        assert set(roles(source).values()) == {RoleStatus.OPEN}

    def test_a_row_that_is_left_out_has_not_left(self, feeds, team, clock):
        feeds.put(PATH, board(1, 2, 3, 4))
        source = begun(team, clock)
        opened(source, 1, 2, 3, 4)
        feeds.put(PATH, {"jobs": [job(1), job(2), job(3), job(4, title="")]})

        reading = read_again(source, clock)

        assert fates(reading)[-1] == ("4", Fate.REFUSED)
        assert roles(source)["4"] == RoleStatus.OPEN

    def test_roles_of_others_and_of_other_sources_stay(self, feeds, team, clock):
        feeds.put(PATH, board(1, 2, 3, 4))
        source = begun(team, clock)
        opened(source, 1, 2, 3, 4)
        mine = OpportunityFactory(employer=team[0], open=True)
        feeds.put(PATH, board(1, 2, 3))

        read_again(source, clock)

        mine.refresh_from_db()
        assert mine.status == RoleStatus.OPEN


class TestDoubts:
    def typed(self, team, **change):
        role = {"title": "Research intern 1", "place": "Leeds", "open": True} | change
        return OpportunityFactory(employer=team[0], **role)

    def test_a_row_that_looks_like_a_typed_role_is_asked_about(self, feeds, team, clock):
        typed = self.typed(team)
        feeds.put(PATH, board(1, 2))

        source = begun(team, clock)

        assert fates(last(source)) == [("1", Fate.ASKED), ("2", Fate.NEW)]
        assert list(roles(source)) == ["2"]
        assert Doubt.objects.get().opportunity == typed
        assert Notice.objects.filter(subject__contains="same role").count() == 1

    def test_the_same_role_goes_by_the_number_from_then_on(self, feeds, team, clock):
        typed = self.typed(team)
        feeds.put(PATH, board(1))
        source = begun(team, clock)
        doubt = Doubt.objects.get()
        sources.answer(doubt_id=doubt.pk, actor=team[1], said="same", at=clock())

        read_again(source, clock)

        typed.refresh_from_db()
        assert (typed.source, typed.external_id) == (source.name, "1")
        assert Opportunity.objects.count() == 1
        assert fates(last(source)) == [("1", Fate.CHANGED)]

    def test_another_role_comes_in_and_is_not_asked_about_again(self, feeds, team, clock):
        self.typed(team)
        feeds.put(PATH, board(1))
        source = begun(team, clock)
        doubt = Doubt.objects.get()
        sources.answer(doubt_id=doubt.pk, actor=team[1], said="different", at=clock())

        read_again(source, clock)

        assert fates(last(source)) == [("1", Fate.NEW)]
        assert Opportunity.objects.count() == 2

    def test_a_role_of_another_source_stays_with_it(self, feeds, team, clock):
        typed = self.typed(team, source="other", external_id="x")
        feeds.put(PATH, board(1))
        source = begun(team, clock)
        doubt = Doubt.objects.get()
        sources.answer(doubt_id=doubt.pk, actor=team[1], said="same", at=clock())

        read_again(source, clock)

        typed.refresh_from_db()
        assert (typed.source, typed.external_id) == ("other", "x")
        assert fates(last(source)) == [("1", Fate.UNCHANGED)]
        assert Opportunity.objects.count() == 1

    @pytest.mark.parametrize(
        "change",
        [{"place": "York"}, {"title": "Kitchen porter"}, {"status": RoleStatus.CLOSED}],
    )
    def test_what_says_something_else_is_not_asked_about(self, feeds, team, clock, change):
        if "status" in change:
            self.typed(team, open=False, closed=True, outcome="filled_here")
        else:
            self.typed(team, **change)
        feeds.put(PATH, board(1))

        assert fates(last(set_up(team, clock))) == [("1", Fate.NEW)]

    def test_two_numbers_of_one_file_are_two_roles(self, feeds, team, clock):
        same = job(1)
        feeds.put(PATH, {"jobs": [same, {**same, "id": 2}]})

        source = begun(team, clock)

        assert list(roles(source)) == ["1", "2"]

    def test_others_may_not_answer(self, feeds, team, clock):
        self.typed(team)
        feeds.put(PATH, board(1))
        set_up(team, clock)

        with pytest.raises(NotFound):
            sources.answer(
                doubt_id=Doubt.objects.get().pk, actor=UserFactory(), said="same", at=clock()
            )


class TestFailures:
    @pytest.fixture(autouse=True)
    def few_at_once(self, monkeypatch):
        monkeypatch.setattr(turns, "AT_ONCE", 4)

    def test_pauses_grow_and_the_team_is_told_once(self, feeds, team, clock):
        feeds.put(PATH, board(1))
        source = begun(team, clock)
        feeds.put(PATH, "", status=503)
        pauses = []
        for _ in range(5):
            read_again(source, clock)
            pauses.append(source.next_at - clock())

        assert pauses == [timedelta(minutes=30 * 2**step) for step in range(5)]
        [notice] = Notice.objects.filter(kind="source")
        assert "503" in notice.body
        assert "No role was closed" in notice.body

    def test_a_source_that_never_answers_again_is_paused(self, feeds, team, clock):
        feeds.put(PATH, board(1))
        source = begun(team, clock)
        feeds.put(PATH, "", status=404)
        for _ in range(readings.MOST_FAILURES):
            read_again(source, clock)

        assert (source.state, source.next_at) == (SourceState.PAUSED, None)
        assert Notice.objects.filter(kind="source", body__contains="paused").count() == 1

    def test_success_forgets_the_failures(self, feeds, team, clock):
        feeds.put(PATH, board(1))
        source = begun(team, clock)
        feeds.put(PATH, "", status=503)
        read_again(source, clock)
        feeds.put(PATH, board(1))
        read_again(source, clock)

        assert (source.failures, source.failing_since) == (0, None)

    def test_a_worker_that_died_leaves_the_rest_to_the_next(self, feeds, team, clock, monkeypatch):
        feeds.put(PATH, board(*range(10)))
        source = set_up(team, clock)
        sources.begin(source_id=source.pk, actor=team[1], at=clock())

        with monkeypatch.context() as patched:
            patched.setattr(turns, "count", dying_at_a_second_step)
            with pytest.raises(MemoryError):
                readings.read_due(clock=clock)
        clock.pass_time(minutes=10)
        readings.read_due(clock=clock)

        reading = last(source)
        assert (reading.state, reading.done, reading.added) == (ReadingState.FINISHED, 10, 10)
        assert reading.rows.count() == len(roles(source)) == 10

    def kill_workers(self, clock, monkeypatch):
        """Let each worker that reads what is due die at row 5, until none is sent any more."""
        with monkeypatch.context() as patched:
            patched.setattr(turns, "count", dying_at_a_second_step)
            for killed in range(20):
                try:
                    readings.read_due(clock=clock)
                except MemoryError:
                    clock.pass_time(minutes=10)
                else:
                    return killed
        raise AssertionError("workers are sent for ever")

    def test_a_reading_that_kills_its_workers_is_told_to_the_team(
        self, feeds, team, clock, monkeypatch, caplog
    ):
        feeds.put(PATH, board(*range(10)))
        source = set_up(team, clock)
        sources.begin(source_id=source.pk, actor=team[1], at=clock())

        killed = self.kill_workers(clock, monkeypatch)
        source.refresh_from_db()

        reading = last(source)
        assert killed == 1 + readings.MAX_ATTEMPTS  # the first did some rows before
        assert (reading.state, reading.done) == (ReadingState.FAILED, 4)
        [notice] = Notice.objects.filter(kind="source")
        assert notice.recipient == team[1]
        assert notice.subject == f"Your source “{source.name}” could not be read to its end"
        assert "stopped 5 times after row 4" in notice.body
        assert "no role was closed" in notice.body
        assert notice.url.endswith(f"/readings/{reading.public_id}/")
        assert (source.failures, source.failing_since) == (1, clock())
        assert source.next_at == clock() + readings.PAUSE(1)
        assert "work was given up" in caplog.text

    def test_a_team_is_told_once_of_one_row_of_such_failures(self, feeds, team, clock, monkeypatch):
        feeds.put(PATH, board(*range(10)))
        source = set_up(team, clock)
        sources.begin(source_id=source.pk, actor=team[1], at=clock())
        for _ in range(2):
            assert self.kill_workers(clock, monkeypatch)
            source.refresh_from_db()
            clock.now = source.next_at

        assert source.failures == 2
        assert Notice.objects.filter(kind="source").count() == 1

    def test_a_preview_that_kills_its_workers_tells_nobody(self, feeds, team, clock, monkeypatch):
        feeds.put(PATH, board(*range(10)))
        employer, owner = team
        source = sources.create(
            employer_id=employer.pk, actor=owner, values={"url": BOARD}, at=clock()
        )

        assert self.kill_workers(clock, monkeypatch)

        assert last(source).state == ReadingState.FAILED
        assert not Notice.objects.filter(kind="source").exists()
        source.refresh_from_db()
        assert source.failures == 0


class TestOperations:
    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"url": "http://boards.example/x"}, "url"),
            ({"url": "https://127.0.0.1/x"}, "url"),
            ({"url": ""}, "file"),
            ({"url": BOARD, "rhythm": 1}, "rhythm"),
            ({"url": BOARD, "leaving": "burn"}, "leaving"),
            ({"url": BOARD, "outcome": "won"}, "outcome"),
            ({"url": BOARD, "mapping": {"columns": {"a": "nothing"}}}, "mapping"),
            ({"url": BOARD, "mapping": {"columns": {"title": "]"}}}, "mapping"),
            ({"url": BOARD, "mapping": ["title"]}, "mapping"),
        ],
    )
    def test_what_does_not_pass_is_named(self, feeds, team, clock, values, field):
        with pytest.raises(Invalid) as refused:
            sources.create(
                employer_id=team[0].pk, actor=team[1], name="Board", values=values, at=clock()
            )

        assert [fault.field for fault in refused.value.faults] == [field]
        assert not Source.objects.exists()

    def test_a_name_is_taken_from_the_address_and_is_single(self, feeds, team, clock):
        feeds.put(PATH, board(1))
        source = set_up(team, clock)

        assert source.name == "boards.example jobs"
        with pytest.raises(Invalid, match="already"):
            set_up(team, clock)

    def test_without_an_address_it_is_that_of_the_file(self, team, clock):
        source = sources.create(
            employer_id=team[0].pk, actor=team[1], values={}, at=clock(),
            content=b"title\nSurvey analyst\n", file_name="spring roles.csv",
        )  # fmt: skip

        assert source.name == "spring roles"

    def test_with_neither_only_that_is_asked_for(self, team, clock):
        with pytest.raises(Invalid) as refused:
            sources.create(employer_id=team[0].pk, actor=team[1], values={}, at=clock())

        assert [fault.field for fault in refused.value.faults] == ["file"]

    def test_one_reading_at_a_time(self, feeds, team, clock):
        sources.create(employer_id=team[0].pk, actor=team[1], values={"url": BOARD}, at=clock())

        with pytest.raises(Conflict):
            sources.preview(source_id=Source.objects.get().pk, actor=team[1], at=clock())

    def test_only_the_team_has_it(self, feeds, team, clock):
        feeds.put(PATH, board(1))
        source = set_up(team, clock)
        for operation in (
            sources.preview, sources.read_now, sources.begin, sources.pause, sources.remove,
        ):  # fmt: skip
            with pytest.raises(NotFound):
                operation(source_id=source.pk, actor=UserFactory(), at=clock())

    def test_a_pause_ends_readings_and_keeps_roles(self, feeds, team, clock):
        feeds.put(PATH, board(1))
        source = begun(team, clock)

        sources.pause(source_id=source.pk, actor=team[1], at=clock())
        clock.pass_time(days=9)
        readings.read_due(clock=clock)

        assert source.readings.count() == 2
        sources.remove(source_id=source.pk, actor=team[1], at=clock())
        assert Opportunity.objects.count() == 1
        assert not SourceReading.objects.exists()

    def test_old_logs_are_let_go_and_their_counts_stay(self, feeds, team, clock, monkeypatch):
        monkeypatch.setattr(readings, "LOGS_KEPT", 2)
        feeds.put(PATH, board(1))
        source = begun(team, clock)
        for number in range(2, 5):
            feeds.put(PATH, board(*range(1, number + 1)))
            read_again(source, clock)

        kept = set(ReadRow.objects.values_list("reading", flat=True))
        assert kept == set(source.readings.order_by("-pk").values_list("pk", flat=True)[:2])
        assert source.readings.filter(kind="read").count() == 4
