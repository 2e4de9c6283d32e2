"""Imports that employers ask for: a file is taken in, and worked off in turns."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.core import languages, outbox
from opportunities.core.errors import Fault, Invalid, LimitReached, NotAllowed
from opportunities.core.rows import update_row
from opportunities.core.signals import import_asked
from opportunities.core.text import clean_line
from opportunities.employers import operations as employing
from opportunities.employers.models import Employer
from opportunities.importing.columns import Naming
from opportunities.importing.files import form_of, read_bytes
from opportunities.importing.models import MAX_BYTES, MAX_FAULTS, MAX_ROWS, ImportJob, ImportState
from opportunities.importing.rows import BadRow, Unreadable, Written, shown
from opportunities.importing.turns import MAX_ATTEMPTS, TURN, Clock, stopped, write_in_turn
from opportunities.importing.writing import Writer
from opportunities.roles.publishing.rows import require_posting

MAX_WAITING: Final = 3
"""Imports of one employer that are under way at a time."""

GRACE: Final = timedelta(seconds=15)
"""A message that has not been taken up by then is sent again."""

LEASE: Final = timedelta(minutes=2)
"""A worker that has done nothing for so long is taken for dead."""

MAX_SOURCE: Final = 60
MAX_NAME: Final = 60
MAX_REASON: Final = 300

IMPORTS: Final = outbox.Kind(
    name="import",
    model=ImportJob,
    most_attempts=MAX_ATTEMPTS,
    lease=outbox.always(LEASE),
    pause=outbox.always(LEASE),
    done="finished_at",
    buried=lambda job, at: {
        "state": ImportState.FAILED,
        "finished_at": at,
        "last_error": stopped(job),
    },
    revived={"state": ImportState.WAITING},
)


@transaction.atomic
def ask(
    *,
    employer_id: int,
    actor: User,
    content: bytes,
    name: str = "",
    source: str = "",
    at: datetime,
) -> ImportJob:
    """Take in a file of roles and return the job that will import it.

    Without a source, roles are known under the employer's own address.
    """
    employer = importing_employer(employer_id, actor, at=at)
    source = source.strip() or employer.slug[:MAX_SOURCE]
    if len(source) > MAX_SOURCE or not source.isprintable():
        raise Invalid(Fault("source", "malformed", _("source has 1 to 60 visible characters.")))
    form, total = _count(content, name=name)
    if IMPORTS.rows().filter(employer=employer).count() >= MAX_WAITING:
        raise LimitReached(
            _("%(most)s imports of %(employer)s are under way. Wait for one.")
            % {"most": MAX_WAITING, "employer": employer.name}
        )
    job = ImportJob.objects.create(
        employer=employer, asked_by=actor, source=source, file_name=name_of(name), form=form,
        content=content, total=total, created_at=at, due_at=at + GRACE,
    )  # fmt: skip
    transaction.on_commit(partial(import_asked.send, sender=ImportJob, job_id=job.pk))
    return job


def name_of(file_name: str) -> str:
    """Return the name of a file as it is kept and shown: without folders, and on one line."""
    return clean_line(PurePath(file_name[-100:]).name)


def importing_employer(employer_id: int, actor: User, *, at: datetime) -> Employer:
    """Lock an employer and return it to a member who may bring roles in for it now."""
    employer = employing.own(employer_id, actor, at=at)
    require_posting(employer)
    return employer


def claim_waiting(*, at: datetime) -> list[int]:
    """Return imports that no worker seems to be doing, and leave them alone for a while."""
    return outbox.hand_out(IMPORTS, limit=20, at=at)


def work(*, job_id: int, clock: Clock) -> bool:
    """Import rows until the file or the turn is over; say whether rows are left."""
    job = _begin(job_id, at=clock())
    if job is None:
        return False
    until = clock() + TURN
    rows = read_bytes(bytes(job.content or b""), form=job.form, most=job.total)
    try:
        writer = Writer(
            naming=Naming(source=job.source), at=clock(), actor=job.asked_by, employer=job.employer
        )
    except NotAllowed as refusal:
        _end(job, ImportState.FAILED, failure=str(refusal), at=clock())
        return False
    done = write_in_turn(IMPORTS, job, writer, rows, keep=_keep_faults, until=until, clock=clock)
    if done == job.total:
        _end(job, ImportState.FINISHED, at=clock())
    return done is not None and done < job.total


@transaction.atomic
def _begin(job_id: int, *, at: datetime) -> ImportJob | None:
    """Count the attempt and return the job, unless it is over or somebody is at it."""
    rows = IMPORTS.rows().select_related("employer", "asked_by").filter(pk=job_id)
    for job in outbox.claim(IMPORTS, rows, limit=1, at=at):
        if job.asked_by is None:
            _end(job, ImportState.FAILED, failure=_("Whoever asked for it has left."), at=at)
            continue
        update_row(job, state=ImportState.RUNNING, started_at=job.started_at or at)
        return job
    return None


def _keep_faults(job: ImportJob, written: list[Written]) -> None:
    """Keep the first reasons why rows were left out."""
    first = job.done - len(written) + 1
    faults = [_fault(number, bad) for number, row in enumerate(written, first) for bad in row.bad]
    update_row(job, faults=[*job.faults, *faults][:MAX_FAULTS])


def _end(job: ImportJob, state: ImportState, *, failure: str = "", at: datetime) -> None:
    """Close a job and let go of its file."""
    settled = {"state": state, "last_error": failure[:300], "finished_at": at}
    update_row(job, **settled, content=None, due_at=None)


def _fault(number: int, bad: BadRow) -> dict[str, object]:
    """Return what is told of a bad row, in characters that a table can hold."""
    return {
        "row": number,
        "line": bad.line,
        "field": shown(bad.field, MAX_NAME),
        "code": bad.code,
        "reason": shown(bad.reason, MAX_REASON),
    }


def _count(content: bytes, *, name: str) -> tuple[str, int]:
    """Return form and number of rows, or raise ``Invalid`` if there are none or too many."""
    if len(content) > MAX_BYTES:
        raise _refused("too_large", _("A file of roles has at most 2 MB."))
    if not content.strip():
        raise _refused("empty", _("The file has no rows."))
    try:
        form = form_of(content, name=name)
        total = len(read_bytes(content, form=form, most=MAX_ROWS + 1))
    except Unreadable as error:
        raise _refused("unreadable", str(error)) from error
    if not total:
        raise _refused("empty", _("The file has no rows."))
    if total > MAX_ROWS:
        reason = _("A file has at most %(most)s rows.") % {"most": languages.number(MAX_ROWS)}
        raise _refused("too_many_rows", reason)
    return form, total


def _refused(code: str, detail: str) -> Invalid:
    return Invalid(Fault("file", code, detail))
