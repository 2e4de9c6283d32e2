"""What a team does with its sources: set up, preview, begin, pause, take over, answer, remove.

Whoever acts answers for the source from then on (``acts_for``): its readings bring roles in as
that person would, and end when they are no longer of the team.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.core import outbound
from opportunities.core.errors import Conflict, Fault, Invalid, LimitReached, NotFound, WrongState
from opportunities.core.signals import reading_asked
from opportunities.core.text import clean_line
from opportunities.employers.permissions import is_member
from opportunities.importing.columns import naming_of
from opportunities.importing.jobs import importing_employer, name_of
from opportunities.importing.lookalikes import AT_STAKE
from opportunities.importing.models import (
    MAX_BYTES,
    MAX_NAME,
    UNFINISHED_READINGS,
    Doubt,
    DoubtAnswer,
    Leaving,
    ReadingKind,
    ReadingRhythm,
    ReadingState,
    Source,
    SourceReading,
    SourceState,
)
from opportunities.importing.rows import Fate, Unreadable
from opportunities.roles.locking import lock_with_employer
from opportunities.roles.models import RoleOutcome
from opportunities.roles.publishing import living

MOST_SOURCES: Final = 20
"""Of one employer."""
MAX_MAPPING: Final = 40_000
"""Characters of a mapping as JSON."""
CHOICES: Final[Mapping[str, tuple[Any, ...]]] = {
    "rhythm": tuple(ReadingRhythm.values),
    "leaving": tuple(Leaving.values),
    "outcome": ("", *RoleOutcome.values),
}


@transaction.atomic
def create(
    *,
    employer_id: int,
    actor: User,
    name: str = "",
    values: Mapping[str, Any],
    content: bytes = b"",
    file_name: str = "",
    at: datetime,
) -> Source:
    """Set a source up and ask for its first preview; nothing is brought in before ``begin``.

    ``values`` has those of url, rhythm, leaving, outcome and mapping that are stated. A source
    without an address has a file. Without a name it takes that of either.
    """
    employer = importing_employer(employer_id, actor, at=at)
    if employer.sources.count() >= MOST_SOURCES:
        raise LimitReached(
            _("%(employer)s has %(most)s sources. Remove one first.")
            % {"employer": employer.name, "most": MOST_SOURCES}
        )
    source = Source(employer=employer, acts_for=actor, created_at=at)
    faults = _take(source, values)
    if source.url or content.strip():
        own = _name_from(source.url) or PurePath(file_name[-100:]).stem[:MAX_NAME]
        faults += _faults_of_name(source, name or own)
    if not source.url and not any(fault.field == "url" for fault in faults):
        faults += _faults_of_file(source, content, file_name)
    if faults:
        raise Invalid(*faults)
    source.save(force_insert=True)
    _ask(source, ReadingKind.PREVIEW, at=at)
    return source


@transaction.atomic
def change(*, source_id: int, actor: User, values: Mapping[str, Any], at: datetime) -> Source:
    """Change the settings of a source; what is read next is read wholly."""
    source = _own(source_id, actor, at=at)
    had_address = source.is_address
    faults = _take(source, values)
    if had_address and not source.url:
        faults.append(Fault("url", "required", _("State the address of the source.")))
    elif not had_address and source.url:
        faults.append(Fault("url", "not_allowed", _("This source has files. Set up another one.")))
    if faults:
        raise Invalid(*faults)
    if source.state == SourceState.ON and source.is_address:
        source.next_at = min(source.next_at or at, at + timedelta(hours=source.rhythm))
    _forget_marks(source)
    return source


@transaction.atomic
def send_file(
    *, source_id: int, actor: User, content: bytes, file_name: str, at: datetime
) -> SourceReading:
    """Take the newest file of a source that has no address, and read it or show its preview."""
    source = _own(source_id, actor, at=at)
    if source.is_address:
        raise WrongState(_("This source has an address; it takes no files."))
    if faults := _faults_of_file(source, content, file_name):
        raise Invalid(*faults)
    source.acts_for = actor
    _forget_marks(source)
    is_on = source.state == SourceState.ON
    return _ask(source, ReadingKind.READ if is_on else ReadingKind.PREVIEW, at=at)


@transaction.atomic
def preview(*, source_id: int, actor: User, at: datetime) -> SourceReading:
    """Ask what a reading would do now."""
    source = _own(source_id, actor, at=at)
    source.acts_for = actor
    source.save(update_fields=["acts_for"])
    return _ask(source, ReadingKind.PREVIEW, at=at)


@transaction.atomic
def read_now(*, source_id: int, actor: User, at: datetime) -> SourceReading:
    """Ask for a reading at once, wholly, whether or not the source says that it changed."""
    source = _own(source_id, actor, at=at)
    if source.state != SourceState.ON:
        raise WrongState(_("Begin with this source before you read it."))
    source.acts_for = actor
    _forget_marks(source)
    return _ask(source, ReadingKind.READ, at=at)


@transaction.atomic
def begin(*, source_id: int, actor: User, at: datetime) -> SourceReading:
    """Begin to read a source, or go on after a pause; the first reading is at once."""
    source = _own(source_id, actor, at=at)
    if source.state == SourceState.ON:
        raise WrongState(_("This source is read already."))
    if (
        source.state == SourceState.NEW
        and not source.readings.filter(
            kind=ReadingKind.PREVIEW, state=ReadingState.FINISHED
        ).exists()
    ):
        raise WrongState(_("Look at a preview first: it shows what would come in."))
    source.state, source.acts_for = SourceState.ON, actor
    source.failures, source.failing_since = 0, None
    source.next_at = at + timedelta(hours=source.rhythm) if source.is_address else None
    _forget_marks(source)
    return _ask(source, ReadingKind.READ, at=at)


@transaction.atomic
def pause(*, source_id: int, actor: User, at: datetime) -> Source:
    """Read a source no more for now; its roles stay as they are."""
    source = _own(source_id, actor, at=at)
    if source.state != SourceState.ON:
        raise WrongState(_("This source is not being read."))
    source.state, source.next_at = SourceState.PAUSED, None
    source.save(update_fields=["state", "next_at"])
    return source


@transaction.atomic
def remove(*, source_id: int, actor: User, at: datetime) -> None:
    """Forget a source with its log; the roles that came from it stay as they are."""
    _own(source_id, actor, at=at).delete()


@transaction.atomic
def settle_gone(*, reading_id: int, actor: User, closes: bool, at: datetime) -> SourceReading:
    """Close the roles that a reading found gone, or keep them; a later reading asks anew."""
    source_id = SourceReading.objects.filter(pk=reading_id).values_list("source_id", flat=True)
    source = _own(source_id.first() or 0, actor, at=at)
    reading = SourceReading.objects.select_for_update(no_key=True).get(pk=reading_id)
    if reading.state != ReadingState.HELD:
        raise WrongState(_("Nothing waits for you here any more."))
    for row in reading.rows.filter(fate=Fate.HELD).order_by("opportunity_id"):
        row.fate = Fate.KEPT
        if closes and row.opportunity_id is not None:
            role = lock_with_employer(row.opportunity_id)
            is_there = role.status in AT_STAKE
            living.close_at_source(role, outcome=source.outcome, at=at)
            row.fate = Fate.LEFT if is_there else Fate.KEPT
        row.save(update_fields=["fate"])
    reading.state = ReadingState.FINISHED
    reading.save(update_fields=["state"])
    return reading


@transaction.atomic
def answer(*, doubt_id: int, actor: User, said: str, at: datetime) -> Doubt:
    """Say whether a row is the role that it looks like; the source is read again at once."""
    doubt = Doubt.objects.filter(pk=doubt_id).first()
    if doubt is None:
        raise NotFound(_("There is no such question."))
    source = _own(doubt.source_id, actor, at=at)
    if said not in DoubtAnswer.values:
        raise Invalid(Fault("answer", "unknown_choice", _("Say whether it is the same role.")))
    if said == DoubtAnswer.SAME:
        _adopt(source, doubt)
    doubt.answer = said
    doubt.save(update_fields=["answer"])
    _forget_marks(source)
    if source.state == SourceState.ON and source.is_address:
        source.next_at = at
        source.save(update_fields=["next_at"])
    return doubt


def _adopt(source: Source, doubt: Doubt) -> None:
    """Let a role without a source, or with a former number of this one, go by the row's number.

    A role that another source keeps stays that source's; the row is left alone.
    """
    role = lock_with_employer(doubt.opportunity_id)
    if role.source not in {"", source.name}:
        return
    same = type(role).objects.filter(
        employer=role.employer_id, source=source.name, external_id=doubt.number
    )
    if same.exclude(pk=role.pk).exists():
        raise Conflict(_("Another role has this number already."))
    role.source, role.external_id, role.source_digest = source.name, doubt.number, ""
    role.save(update_fields=["source", "external_id", "source_digest"])


def _own(source_id: int, actor: User, *, at: datetime) -> Source:
    """Lock a source and return it to a member who may bring roles in for its employer."""
    employer_id = Source.objects.filter(pk=source_id).values_list("employer_id", flat=True).first()
    if employer_id is None or not is_member(actor, employer_id):
        raise NotFound(_("There is no such source of yours."))
    importing_employer(employer_id, actor, at=at)
    return Source.objects.select_related("employer").select_for_update(
        no_key=True, of=("self",)
    ).get(pk=source_id)  # fmt: skip


def _ask(source: Source, kind: ReadingKind, *, at: datetime) -> SourceReading:
    if source.readings.filter(state__in=UNFINISHED_READINGS).exists():
        raise Conflict(_("It is being read just now. Wait until that is done."))
    if not source.is_address and source.content is None:
        raise WrongState(_("Send the file again: we keep it only until it is read."))
    reading = SourceReading.objects.create(source=source, kind=kind, created_at=at, due_at=at)
    transaction.on_commit(partial(reading_asked.send, sender=SourceReading))
    return reading


def _forget_marks(source: Source) -> None:
    """Let the next reading be a whole one, and save the source."""
    source.etag = source.last_modified = source.digest = ""
    source.save()


# --- What is stated ---


def _take(source: Source, values: Mapping[str, Any]) -> list[Fault]:
    """Put settings into a source and return what is wrong with them."""
    faults = []
    for name, allowed in CHOICES.items():
        if name in values:
            setattr(source, name, values[name])
            if values[name] not in allowed:
                words = ", ".join(str(word) for word in allowed if word != "")
                faults.append(
                    Fault(
                        name,
                        "unknown_choice",
                        _("%(name)s is one of: %(words)s.") % {"name": name, "words": words},
                    )
                )
    if "url" in values:
        source.url = str(values["url"]).strip()
        if source.url:
            faults += _faults_of_address(source.url)
    if "mapping" in values:
        said = values["mapping"] or {}
        source.mapping = {"columns": {}, **said} if isinstance(said, dict) else said
        faults += _faults_of_mapping(source.mapping)
    return faults


def _faults_of_name(source: Source, name: str) -> list[Fault]:
    source.name = clean_line(name)
    if not source.name or len(source.name) > MAX_NAME:
        return [
            Fault(
                "name",
                "malformed",
                _("Give the source a name of 1 to %(most)s characters.") % {"most": MAX_NAME},
            )
        ]
    if source.employer.sources.filter(name=source.name).exists():
        return [Fault("name", "taken", _("You have a source of this name already."))]
    return []


def _faults_of_address(url: str) -> Iterable[Fault]:
    try:
        outbound.resolve(url)
    except outbound.Unreachable as refusal:
        yield Fault("url", "unsafe_address", str(refusal))


def _faults_of_mapping(mapping: Any) -> Iterable[Fault]:
    try:
        naming_of(mapping)
    except Unreadable as error:
        yield Fault("mapping", "malformed", str(error))
    if len(str(mapping)) > MAX_MAPPING:
        yield Fault("mapping", "too_long", _("The mapping is too long."))


def _faults_of_file(source: Source, content: bytes, file_name: str) -> list[Fault]:
    if not content.strip():
        return [Fault("file", "empty", _("State the address of the source, or send a file."))]
    if len(content) > MAX_BYTES:
        return [Fault("file", "too_large", _("A file of roles has at most 2 MB."))]
    source.content = content
    source.file_name = name_of(file_name) or "roles"
    return []


def _name_from(url: str) -> str:
    """Return a name for a source at an address: its host and the last part of its path."""
    try:
        parts = urlsplit(url)
        steps = [part for part in parts.path.split("/") if part]
        return " ".join([parts.hostname or "", *steps[-1:]])[:MAX_NAME].strip()
    except ValueError:
        return ""
