"""Read the sources that are due: fetch, compare, write row by row, close what left, tell.

One reading is worked at a time over all processes, in turns, so that mail never waits for it. The
same steps, each taken back, make a preview. An error, an empty file or one of which a row cannot be
read at all never closes a role.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opportunities.core import outbox
from opportunities.core.alone import alone
from opportunities.core.errors import NotAllowed, NotFound, RuleBroken
from opportunities.core.lifecycle import RoleStatus
from opportunities.core.outbound import Unreachable
from opportunities.core.rows import update_row
from opportunities.employers.models import Employer
from opportunities.importing import source_notices
from opportunities.importing.boards import board_of
from opportunities.importing.columns import naming_of
from opportunities.importing.convert import number_of
from opportunities.importing.fetching import Fetched, fetch
from opportunities.importing.files import form_of, read_bytes
from opportunities.importing.jobs import importing_employer
from opportunities.importing.lookalikes import AT_STAKE, Lookalikes
from opportunities.importing.models import (
    MAX_SOURCE_ROWS,
    MOST_AT_ONCE,
    UNFINISHED_READINGS,
    Doubt,
    Leaving,
    ReadingKind,
    ReadingState,
    ReadRow,
    Source,
    SourceReading,
    SourceState,
)
from opportunities.importing.rows import Fate, Record, Unreadable, Written, shown
from opportunities.importing.turns import MAX_ATTEMPTS, TURN, Clock, Row, stopped, write_in_turn
from opportunities.importing.writing import Writer
from opportunities.roles.locking import lock_with_employer
from opportunities.roles.models import Opportunity
from opportunities.roles.publishing import living

LEASE: Final = timedelta(minutes=6)
"""A worker that has done nothing for so long is taken for dead; a slow address takes minutes."""

PAUSE: Final = outbox.doubling(timedelta(minutes=30), timedelta(days=7))
"""A source that fails is asked again after pauses that double."""

MOST_FAILURES: Final = 14
"""Failures in a row after which a source is paused."""

LOGS_KEPT: Final = 10
"""Readings of a source whose rows are kept."""
MOST_COLUMNS: Final = 60

LEFT_TEAM: Final = gettext_noop(
    "Whoever set it up is no longer on the team. Ask for a preview or a reading to take it over."
)
UNREAD: Final = gettext_noop("Some rows could not be read at all, so no role counts as gone.")


READINGS: Final = outbox.Kind(
    name="reading",
    model=SourceReading,
    most_attempts=MAX_ATTEMPTS,
    lease=outbox.always(LEASE),
    pause=outbox.always(LEASE),
    waiting=Q(state__in=list(UNFINISHED_READINGS)),
    done="finished_at",
    buried=lambda reading, at: {
        "state": ReadingState.FAILED,
        "finished_at": at,
        "last_error": stopped(reading),
    },
    tell_given_up=lambda reading, at: _tell_stopped(reading, at=at),
    revived={"state": ReadingState.WAITING},
)

logger = structlog.get_logger(__name__)


def read_due(*, clock: Clock) -> bool:
    """Read what is due until the turn is over; say whether work is left."""
    with alone("sources") as is_ours:
        if not is_ours:
            return False
        until = clock() + TURN
        _plan(at=clock())
        while clock() < until:
            claimed = outbox.claim(READINGS, limit=1, at=clock())
            if not claimed:
                return False
            _work(claimed[0], clock=clock, until=until)
        return READINGS.ready(at=clock()).exists()


@transaction.atomic
def _plan(*, at: datetime) -> None:
    """Owe a reading of every source whose time has come."""
    due = Source.objects.filter(next_at__lte=at, state=SourceState.ON).exclude(
        readings__state__in=UNFINISHED_READINGS
    )
    for source in due.select_for_update(skip_locked=True, no_key=True).order_by("next_at")[:100]:
        SourceReading.objects.create(source=source, kind=ReadingKind.READ, created_at=at, due_at=at)
        source.next_at = at + timedelta(hours=source.rhythm)
        source.save(update_fields=["next_at"])


def _work(claimed: SourceReading, *, clock: Clock, until: datetime) -> None:
    """Do as much of a reading as the turn allows, or end it with the reason why not."""
    reading = SourceReading.objects.select_related("source__employer", "source__acts_for").get(
        pk=claimed.pk
    )
    try:
        source = reading.source
        naming = replace(naming_of(source.mapping), source=source.name)
        employer = _employer(source, at=clock())
        if not _is_at_hand(reading, at=clock()):
            return
        content = bytes(reading.content or b"")
        rows = read_bytes(content, naming, form=reading.form, most=MAX_SOURCE_ROWS + 1)
        if not reading.total:
            _note_file(reading, rows, at=clock())
        present = {number_of(row, naming) for row in rows if isinstance(row, Record)}
        own = Lookalikes(source, present=present, at=clock())
        writer = Writer(
            naming=naming, at=clock(), actor=source.acts_for, employer=employer, own=own
        )
        done = write_in_turn(
            READINGS,
            reading,
            writer,
            rows,
            keep=partial(_keep_log, asked=own.asked),
            is_preview=reading.is_preview,
            until=until,
            clock=clock,
        )
        if done == reading.total:
            is_whole = all(isinstance(row, Record) for row in rows)
            _settle(reading, present if is_whole else None, at=clock())
        elif done is not None:
            SourceReading.objects.filter(pk=reading.pk).update(due_at=clock())
    except (Unreachable, Unreadable, RuleBroken) as error:
        _fail(reading, str(error), at=clock())


@transaction.atomic
def _employer(source: Source, *, at: datetime) -> Employer:
    """Return the employer, or refuse where whoever answers for the source may not act for it."""
    if source.acts_for is None:
        raise NotAllowed(LEFT_TEAM)
    try:
        return importing_employer(source.employer_id, source.acts_for, at=at)
    except NotFound as refusal:
        raise NotAllowed(LEFT_TEAM) from refusal


# --- The file ---


def _is_at_hand(reading: SourceReading, *, at: datetime) -> bool:
    """Bring the file of a reading in; a file that has not changed ends the reading here."""
    if reading.content is not None:
        return True
    source = reading.source
    knows = reading.kind == ReadingKind.READ and bool(source.digest)
    if source.is_address:
        marks = {"etag": source.etag, "last_modified": source.last_modified} if knows else {}
        got = fetch(source.url, **marks)
    else:
        sent = None if source.content is None else bytes(source.content)
        got = Fetched(sent, name=source.file_name)
    content = got.content
    if content is None and not knows:
        raise Unreachable(_("It answered that nothing changed, though we had read nothing."))
    if content is None or (knows and _digest(content) == source.digest):
        _end_same(reading, at=at)
        return False
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    reading.content, reading.form = content, form_of(content, name=got.name)
    reading.etag, reading.last_modified = got.etag, got.last_modified
    reading.started_at, reading.state = at, ReadingState.RUNNING
    return True


@transaction.atomic
def _note_file(reading: SourceReading, rows: list[Row], *, at: datetime) -> None:
    """Keep the file of a reading while rows of it are to come, and what its columns are."""
    if not any(isinstance(row, Record) for row in rows):
        raise Unreadable(_("This is not a table of roles: it has no rows that we can read."))
    if len(rows) > MAX_SOURCE_ROWS:
        raise Unreadable(
            _("The file has more than %(most)s rows.") % {"most": f"{MAX_SOURCE_ROWS:,}"}
        )
    reading.total = len(rows)
    reading.due_at = at + LEASE
    reading.save()
    first = next(row for row in rows if isinstance(row, Record))
    board, _shape = board_of(first.values)
    columns = [] if board else _columns_of(rows)
    Source.objects.filter(pk=reading.source_id).update(shape=board, columns=columns)


def _columns_of(rows: Iterable[Row]) -> list[list[str]]:
    """Return the columns of a file, those inside of others as paths, each with an example."""
    found: dict[str, str] = {}
    for row in islice(rows, 50):
        if isinstance(row, Record):
            for path, value in _leaves(row.values, ""):
                if path.isprintable() and (len(found) < MOST_COLUMNS or path in found):
                    found[path] = found.get(path) or value
    return [[path, value] for path, value in found.items()]


def _leaves(value: Any, path: str) -> Iterable[tuple[str, str]]:
    if isinstance(value, dict) and path.count(".") < 3:
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for name, inner in value[0].items():
            yield from _leaves(inner, f"{path}[].{name}")
    elif path and len(path) <= 120:
        words = "" if value in (None, "", []) else " ".join(str(value)[:400].split())
        yield path, shown(words, 80)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# --- Rows ---


def _keep_log(reading: SourceReading, written: list[Written], *, asked: list[Doubt]) -> None:
    """Keep what became of the rows that were written last, and what they ask."""
    first = reading.done - len(written) + 1
    ReadRow.objects.bulk_create(
        _line(reading, number, each) for number, each in enumerate(written, first)
    )
    Doubt.objects.bulk_create(asked, ignore_conflicts=True)
    asked.clear()


def _line(reading: SourceReading, position: int, row: Written) -> ReadRow:
    is_new = reading.is_preview and row.fate == Fate.NEW  # it was taken back again
    detail = row.detail
    if row.fate in {Fate.NEW, Fate.CHANGED}:
        said = (
            gettext_noop("It would be %(label)s.")
            if reading.is_preview
            else gettext_noop("It is %(label)s.")
        )
        detail = said % {"label": row.detail}
        if row.kept:
            words = "; ".join(f"{name}: {words}" for name, words in row.kept.items())
            detail += " " + gettext_noop("Kept as words: %(words)s.") % {"words": words}
    return ReadRow(
        reading=reading,
        position=position,
        line=row.line,
        number=shown(row.number, 200),
        title=shown(row.title, 120),
        fate=row.fate,
        detail=shown(detail, 300),
        opportunity_id=None if is_new else row.role_id,
    )


# --- What left, and the end ---


def gone_roles(source: Source, *, present: set[str]) -> list[Opportunity]:
    """Return the roles of a source that are at stake and whose number is not in its file."""
    rows = Opportunity.objects.filter(
        employer=source.employer_id, source=source.name, status__in=AT_STAKE
    )
    found = rows.only("title", "external_id", "public_id", "status").order_by("pk")
    return [row for row in found if not {row.external_id, row.public_id} & present]


def _settle(reading: SourceReading, present: set[str] | None, *, at: datetime) -> None:
    """Close or keep what left, write the end of the reading down and tell the team.

    Without ``present`` a row could not be read at all, and nothing counts as gone.
    """
    source = reading.source
    gone = [] if present is None else gone_roles(source, present=present)
    fate = _fate_of_gone(source, gone, before=reading.created_at)
    note = "" if present is not None else UNREAD
    # Those that an attempt before this one has written down; what it closed is gone no more.
    reading.rows.filter(position__gt=reading.total).exclude(fate=Fate.LEFT).delete()
    for place, role in enumerate(gone, 1):
        with transaction.atomic():
            if fate == Fate.LEFT and not reading.is_preview:
                locked = lock_with_employer(role.pk)
                living.close_at_source(locked, outcome=source.outcome, at=at)
                role.status = locked.status
            was_in_review = fate == Fate.LEFT and role.status == RoleStatus.DRAFT
            ReadRow.objects.create(
                reading=reading, position=reading.total + place, number=role.external_id,
                title=role.title, fate=fate, opportunity=role,
                detail=_("It was in review and is a draft again.") if was_in_review else "",
            )  # fmt: skip
    _end(reading, gone, fate, note=note, at=at)


def _fate_of_gone(source: Source, gone: list[Opportunity], *, before: datetime) -> Fate:
    """Return what happens to the roles that left: a large share of them waits for a person."""
    if source.leaving != Leaving.CLOSE:
        return Fate.KEPT
    all_before = Opportunity.objects.filter(
        employer=source.employer_id, source=source.name, status__in=AT_STAKE, created_at__lt=before
    ).count()
    return Fate.HELD if len(gone) * 100 > MOST_AT_ONCE * all_before else Fate.LEFT


@transaction.atomic
def _end(
    reading: SourceReading, gone: list[Opportunity], fate: Fate, *, note: str, at: datetime
) -> None:
    content = bytes(reading.content or b"")
    is_held = bool(gone) and fate == Fate.HELD and not reading.is_preview
    state = ReadingState.HELD if is_held else ReadingState.FINISHED
    row = _close(reading, state, gone=len(gone), last_error=note, at=at)
    if row is None or row.is_preview:
        return
    source = _read_well(row, at=at)
    earlier = source.readings.filter(state=ReadingState.HELD).exclude(pk=row.pk)
    ReadRow.objects.filter(reading__in=earlier, fate=Fate.HELD).update(fate=Fate.KEPT)
    earlier.update(state=ReadingState.FINISHED)
    if not (is_held or note or row.left_out or row.asked):
        source.etag, source.last_modified = row.etag, row.last_modified
        source.digest = _digest(content)
    source.content = None
    source.save()
    logs = source.readings.order_by("-created_at", "-pk").values("pk")
    kept = list(logs[:LOGS_KEPT].values_list("pk", flat=True))
    ReadRow.objects.filter(reading__source=source).exclude(reading__in=kept).delete()
    source_notices.tell_of(row, source, gone, fate, at=at)


@transaction.atomic
def _end_same(reading: SourceReading, *, at: datetime) -> None:
    """End the reading of a source that has not changed."""
    started_at = reading.started_at or at
    row = _close(reading, ReadingState.FINISHED, is_same=True, started_at=started_at, at=at)
    if row is not None:
        source = _read_well(row, at=at)
        source.content = None
        source.save()


def _read_well(reading: SourceReading, *, at: datetime) -> Source:
    """Lock the source of a reading and note that it was read without a failure."""
    source = Source.objects.select_for_update(no_key=True).get(pk=reading.source_id)
    source.failures, source.failing_since, source.read_at = 0, None, at
    return source


@transaction.atomic
def _fail(reading: SourceReading, reason: str, *, at: datetime) -> None:
    """End a reading that could not be done; nothing closes, and the source is asked later."""
    row = _close(reading, ReadingState.FAILED, last_error=reason[:300], at=at)
    if row is None:
        return
    logger.warning("source was not read", reading=row.public_id, reason=reason[:300])
    if not row.is_preview:
        source_notices.tell_failing(_count_failure(row, at=at), reason, at=at)


def _tell_stopped(reading: SourceReading, *, at: datetime) -> None:
    """Tell the team, once in a row of failures, of a reading whose worker never came to its end."""
    if reading.is_preview:
        return
    source_notices.tell_stopped(reading, _count_failure(reading, at=at), at=at)


def _count_failure(reading: SourceReading, *, at: datetime) -> Source:
    """Lock the source of a reading that failed, ask it later or never, and return it."""
    source = Source.objects.select_for_update(no_key=True).get(pk=reading.source_id)
    source.failures += 1
    source.failing_since = source.failing_since or at
    if source.failures >= MOST_FAILURES:
        source.state, source.next_at = SourceState.PAUSED, None
    elif source.next_at is not None:
        source.next_at = at + PAUSE(source.failures)
    source.save()
    return source


def _close(
    reading: SourceReading, state: ReadingState, *, at: datetime, **columns: Any
) -> SourceReading | None:
    """Lock a reading that is still under way, end it and let go of its file."""
    rows: QuerySet[SourceReading] = READINGS.rows().select_for_update(no_key=True)
    row = rows.defer("content").filter(pk=reading.pk).first()
    if row is not None:
        update_row(row, state=state, finished_at=at, due_at=None, content=None, **columns)
    return row
