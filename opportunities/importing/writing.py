"""Store imported roles; the same row again changes nothing.

New roles that follow one another are stored together, in one transaction and with few statements;
a row that changes or closes a role has a transaction of its own. What comes out is the same as if
each row were written alone, in the order of the file.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched, chain, islice
from operator import itemgetter
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opportunities.accounts.models import User
from opportunities.core import identifiers
from opportunities.core.errors import Conflict, NotAllowed
from opportunities.core.lifecycle import ON_MARKET, RoleStatus
from opportunities.employers.locking import lock_employers
from opportunities.employers.models import Employer, EmployerStatus
from opportunities.employers.permissions import is_member
from opportunities.importing import markup
from opportunities.importing.columns import Naming
from opportunities.importing.convert import Role, convert
from opportunities.importing.known import Known
from opportunities.importing.lookalikes import AT_STAKE, Lookalikes
from opportunities.importing.rows import BadRow, Fate, Record, Report, Unreadable, Written
from opportunities.roles import checks, drafts, fields
from opportunities.roles.locking import lock_with_employer
from opportunities.roles.models import Deliverable, Opportunity, OpportunitySkill, Question
from opportunities.roles.publishing import living, submitting
from opportunities.roles.publishing.rows import write_parts
from opportunities.skills.models import Skill

MAX_REPORTED: Final = 10_000
MOST_UNREAD: Final = 200
"""Columns of a row that nobody reads and that are told."""
AT_HAND: Final = 200
"""Rows whose stored roles are fetched together."""

COUNTED: Final[Mapping[Fate, str]] = {
    Fate.NEW: "added",
    Fate.CHANGED: "changed",
    Fate.UNCHANGED: "unchanged",
    Fate.CLOSED: "closed",
    Fate.REFUSED: "left_out",
    Fate.ASKED: "asked",
}
"""Where a report counts each fate of a row."""

_REFUSED: Final = {
    RoleStatus.CLOSED: gettext_noop("is closed; an import does not open it again."),
    RoleStatus.REJECTED: gettext_noop(
        "was rejected by a moderator; an import does not bring it back."
    ),
    RoleStatus.REMOVED: gettext_noop(
        "was removed by a moderator; an import does not bring it back."
    ),
}


def import_opportunities(
    rows: Iterable[Record | BadRow],
    *,
    naming: Naming,
    at: datetime,
    actor: User | None = None,
    employer: Employer | None = None,
    dry_run: bool = False,
) -> Report:
    """Put the roles of a file into moderation and report every row that was left out.

    A role is known by its source, its organization and its id there; an unchanged row changes
    nothing, a changed one returns the role to review, and one that its source calls closed or
    hidden is not brought in. Without an ``actor`` an operator imports, for any employer. Raises
    ``Unreadable`` for a file without any row.
    """
    writer = Writer(naming=naming, at=at, actor=actor, employer=employer)
    if dry_run:
        with transaction.atomic():
            writer.write(rows)
            transaction.set_rollback(True)
    else:
        writer.write(rows)
    if not writer.log:
        raise Unreadable(_("This is not a table of roles: it has no rows."))
    bad = chain.from_iterable(row.bad for row in writer.log)
    report = Report(bad=list(islice(bad, MAX_REPORTED)), unread=dict(writer.unread))
    count(writer.log, report)
    return report


class Refused(Exception):
    """This row may not be stored: the field and the reason."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


@dataclass(slots=True)
class _New:
    """A new role that waits to be stored with those around it, and the place of its row."""

    place: int
    role: Role
    new: submitting.NewRole


def count(written: Iterable[Written], counted: Any) -> None:
    """Count rows in a report, an import or a reading."""
    for row in written:
        name = COUNTED[row.fate]
        setattr(counted, name, getattr(counted, name) + 1)


class Writer:
    """Writes rows and knows which ids its file has had already.

    With ``own`` the rows are those of one employer's source: what looks like another role of the
    employer is asked about instead of stored. ``log`` has what became of each row, in order, and
    ``unread`` counts in how many rows each column stood that nobody reads.
    """

    def __init__(
        self,
        *,
        naming: Naming,
        at: datetime,
        actor: User | None,
        employer: Employer | None,
        own: Lookalikes | None = None,
    ) -> None:
        if actor is not None and (employer is None or not is_member(actor, employer.pk)):
            raise NotAllowed(_("You may import only for an employer that you are a member of."))
        self.naming = naming
        self.at = at
        self.actor = actor
        self.employer = employer
        self.own = own
        self.standards = checks.Standards()
        self.rates = self.standards.rates
        self.currency = naming.currency or self.rates.currency
        self.log: list[Written] = []
        self.unread: Counter[str] = Counter()
        self.lines: dict[tuple[str, str, str], int] = {}
        self.stored: dict[tuple[str, str], list[Opportunity]] = {}
        """The stored roles of the rows in hand, by source and number; one query for many rows."""
        self.known = Known(naming, at=at)
        self.told: list[Written | None] = []
        """What became of each row in hand; None while it waits."""
        self.waiting: list[_New] = []

    def write(self, rows: Iterable[Record | BadRow]) -> None:
        """Write rows in order, and note in the log what became of each."""
        for some in batched(rows, AT_HAND, strict=False):
            read = [self._convert(row) for row in some]
            roles = [row for row in read if isinstance(row, Role) and not row.bad]
            self._look_up(roles)
            self.known.look_up_skills(role for role in roles if self._may_be_written(role))
            if self.employer is None:
                self.known.look_up_employers(roles)
            self.told = [None] * len(read)
            for place, row in enumerate(read):
                self.told[place] = self._write_row(place, row)
            self._store_waiting()
            self.log += filter(None, self.told)

    def _look_up(self, roles: Iterable[Role]) -> None:
        """Fetch the stored roles of these rows."""
        keys = {role.key for role in roles if role.external_id}
        self.stored = {key: [] for key in keys}
        found = Opportunity.objects.select_related("employer").filter(
            source__in={source for source, _ in keys}, external_id__in={name for _, name in keys}
        )
        for role in found.defer("search").order_by("id"):
            if (role.source, role.external_id) in keys:
                self.stored[role.source, role.external_id].append(role)

    def _may_be_written(self, role: Role) -> bool:
        rows = self.stored.get(role.key, [])
        return not role.closed and all(row.source_digest != role.digest for row in rows)

    def recall(self, rows: Iterable[Record | BadRow]) -> None:
        """Remember the ids of rows that an earlier turn wrote."""
        for row in rows:
            role = self._convert(row)
            if isinstance(role, Role) and not role.bad:
                self._first_line(role)
        self.unread.clear()

    def _convert(self, row: Record | BadRow) -> Role | BadRow:
        if isinstance(row, BadRow):
            return row
        role = convert(row, self.naming, currency=self.currency, today=self.at.date())
        self.unread.update(role.unread[:MOST_UNREAD])
        if self.own and role.external_id:
            role.source = self.naming.source
        return role

    def _first_line(self, role: Role) -> int:
        """Return the line on which the file names a role first."""
        whose = "" if self.employer else role.whose.casefold()
        key = (role.source, whose) if role.external_id else ("", "")
        return self.lines.setdefault((*key, role.number), role.line)

    def _write_row(self, place: int, row: Role | BadRow) -> Written | None:
        """Write one row and return what became of it; nothing for a new role that waits."""
        if isinstance(row, BadRow):
            return _left_out(row.line, [row])
        if row.bad:
            return _left_out(row.line, row.bad, row)
        try:
            self._require_own(row)
            stored = self._store(row)
        except (Refused, Conflict) as refusal:
            return _refused(row, refusal)
        if isinstance(stored, submitting.NewRole):
            self.waiting.append(_New(place, row, stored))
            return None
        return _written(row, *stored)

    def _require_own(self, role: Role) -> None:
        if (first := self._first_line(role)) != role.line:
            reason = _("%(name)s stands on line %(first)s as well.")
            raise Refused("external_id", reason % {"name": role.number, "first": first})
        if self.actor and self.employer:
            _require_no_other(role, self.employer)

    def _store(self, role: Role) -> tuple[Fate, Opportunity | None, str] | submitting.NewRole:
        """Write one row, or return the role that it brings; raise ``Refused`` if it may not."""
        if any(each.role.key == role.key for each in self.waiting):
            self._store_waiting()
        found = self._stored(role)
        if found and self.employer and found.employer_id != self.employer.pk:
            raise Refused("external_id", _("belongs to another employer."))
        if role.closed:
            if found:
                self._close(found)
            return Fate.CLOSED, found, role.closed
        if found and found.source_digest == role.digest:
            return Fate.UNCHANGED, found, _aside(found)
        if found is None and self.own and (twin := self.own.twin_of(role)):
            return twin
        if found is None:
            return self._new(role)
        skills = self.known.skills(role)
        if self._stated(found) == self._wanted(role, skills):
            Opportunity.objects.filter(pk=found.pk).update(source_digest=role.digest)
            return Fate.UNCHANGED, found, _aside(found)
        self._store_waiting()
        with transaction.atomic():
            found = lock_with_employer(found.pk)
            _require_free(found, found.employer, role)
            self._submit(found, role, skills)
        return Fate.CHANGED, found, _state_of(found)

    def _new(self, role: Role) -> submitting.NewRole:
        employer = self.employer or self.known.employer(role)
        if employer is None:
            raise Refused("org", _("is missing: name the organization, or pass --employer."))
        skills = self.known.skills(role)
        opportunity = Opportunity(
            public_id=self._public_id(role),
            employer=employer,
            source=role.source,
            external_id=role.external_id,
            posted_by=self.actor,
            created_at=self.at,
            version=0,
        )
        self._fill(opportunity, role)
        return submitting.NewRole(opportunity, *_parts(role, skills))

    def _store_waiting(self) -> None:
        """Store the new roles that wait, together, and say of each row what became of it."""
        waiting, self.waiting = self.waiting, []
        if not waiting:
            return
        with transaction.atomic():
            self.known.store_new_employers()
            employers = lock_employers(each.new.role.employer.pk for each in waiting)
            refusals = {pk: self._refusal_of(whose) for pk, whose in employers.items()}
            stored = []
            for each in waiting:
                opportunity = each.new.role
                if refusal := refusals[opportunity.employer.pk]:
                    self.told[each.place] = _refused(each.role, refusal)
                else:
                    opportunity.employer = employers[opportunity.employer.pk]
                    stored.append(each)
            if stored:
                submitting.submit_new(
                    [each.new for each in stored],
                    actor=self.actor,
                    standards=self.standards,
                    at=self.at,
                )
        for each in stored:
            opportunity = each.new.role
            self.stored.setdefault(each.role.key, []).append(opportunity)
            self.told[each.place] = _written(
                each.role, Fate.NEW, opportunity, _state_of(opportunity)
            )

    def _refusal_of(self, employer: Employer) -> Refused | Conflict | None:
        """Return why a locked employer gets no new role now."""
        try:
            _require_free(None, employer)
            submitting.require_may_submit(employer, actor=self.actor)
        except (Refused, Conflict) as refusal:
            return refusal
        return None

    def _close(self, found: Opportunity) -> None:
        """Take a role off the market that its source does not offer any more."""
        self._store_waiting()
        with transaction.atomic():
            outcome = self.own.outcome if self.own else ""
            living.close_at_source(lock_with_employer(found.pk), outcome=outcome, at=self.at)

    def _stored(self, role: Role) -> Opportunity | None:
        rows = Opportunity.objects.select_related("employer")
        found = None if role.external_id else rows.filter(public_id=role.public_id).first()
        if found is None and self.actor and not role.external_id:
            # An id of ours that no role here has: to the employer's own system it is the name.
            role.source, role.external_id = self.naming.source, role.public_id
        if role.external_id:
            found = self._under_number(role)
        return found

    def _under_number(self, role: Role) -> Opportunity | None:
        """Return the role with this number of this organization at this source.

        A row that names no organization means the only one that has the number.
        """
        if role.key not in self.stored:
            self._look_up([role])
        rows = self.stored[role.key]
        if self.employer:
            own = self.employer.pk
            return next((row for row in rows if row.employer_id == own), None)
        if role.whose:
            known = self.known.stored_employer(role) if rows else None
            return next((row for row in rows if known and row.employer_id == known.pk), None)
        return rows[0] if len(rows) == 1 else None

    def _public_id(self, role: Role) -> str:
        """Return the id a role had where it was exported, if an operator brings it back."""
        if not role.public_id or self.actor is not None:
            return identifiers.opportunity_id()
        taken = Opportunity.objects.filter(public_id=role.public_id).exists()
        return identifiers.opportunity_id() if taken else role.public_id

    def _fill(self, opportunity: Opportunity, role: Role) -> None:
        """Let a role say what a row states, and what follows from it."""
        for name, value in role.values.items():
            setattr(opportunity, name, value)
        if opportunity.apply_by is None and self.naming.apply_within_days:
            opportunity.apply_by = self.at.date() + timedelta(days=self.naming.apply_within_days)
        opportunity.unparsed = role.unparsed
        opportunity.source_digest = role.digest
        opportunity.changed_at = self.at
        drafts.derive(opportunity, rates=self.rates)

    def _submit(
        self, opportunity: Opportunity, role: Role, skills: dict[Skill, dict[str, Any]]
    ) -> None:
        """Write a changed row into the role that is here, and bring it where such changes go."""
        before = drafts.values_of(opportunity) if opportunity.status in ON_MARKET else None
        words = set(opportunity.unparsed)
        self._fill(opportunity, role)
        opportunity.version += 1
        today = opportunity.today(at=self.at)
        if before is None or drafts.submission_faults(drafts.values_of(opportunity), today=today):
            before = None  # what lacks a fact cannot stay on the market
            submitting.take_back(opportunity)
        opportunity.save()
        skilled = [{"skill": skill, **facts} for skill, facts in skills.items()]
        write_parts(opportunity, {**role.parts, "skills": skilled})
        if before is None:
            submitting.submit_imported(
                opportunity, actor=self.actor, standards=self.standards, at=self.at
            )
        else:
            submitting.amend_imported(
                opportunity,
                before=before,
                is_clear=set(role.unparsed) <= words,
                actor=self.actor,
                standards=self.standards,
                at=self.at,
            )

    def _wanted(self, role: Role, skills: dict[Skill, dict[str, Any]]) -> str:
        skilled = [{"name": skill.slug, **facts} for skill, facts in skills.items()]
        return _as_text(role.values, role.unparsed, {**role.parts, "skills": skilled})

    def _stated(self, opportunity: Opportunity) -> str:
        """Return what a stored role says, in the shape of ``_wanted``."""
        values: dict[str, Any] = {}
        for name in (*fields.COLUMNS, "kind"):
            value = getattr(opportunity, name)
            values[name] = value
            if name == "description":
                values[name] = markup.plain(value)
            elif isinstance(value, str) and name not in {"mode", "kind", "format"}:
                values[name] = markup.one_line(value)
        return _as_text(values, opportunity.unparsed, drafts.parts_of(opportunity))


def _parts(
    role: Role, skills: Mapping[Skill, dict[str, Any]]
) -> tuple[list[Deliverable], list[Question], list[OpportunitySkill]]:
    """Return the rows of what a role lists; they have no role yet."""
    return (
        [Deliverable(position=at, **each) for at, each in enumerate(role.parts["deliverables"])],
        [Question(position=at, **each) for at, each in enumerate(role.parts["questions"])],
        [OpportunitySkill(skill=skill, **facts) for skill, facts in skills.items()],
    )


def _aside(role: Opportunity) -> str:
    """Say of a role that is neither on the market nor in review what it is instead."""
    if role.status in AT_STAKE:
        return ""
    return gettext_noop("Here it is %(label)s.") % {"label": _state_of(role)}


def _state_of(role: Opportunity) -> str:
    return RoleStatus(role.status).label.lower()


def _written(role: Role, fate: Fate, found: Opportunity | None, detail: str) -> Written:
    """Return what is told of a row that was read."""
    role_id, title = found.pk if found else None, role.values["title"]
    return Written(role.line, role.number, title, fate, detail, role_id, role.unparsed)


def _refused(role: Role, refusal: Refused | Conflict) -> Written:
    """Return what is told of a row that may not be written."""
    bad = BadRow(role.line, getattr(refusal, "field", "status"), str(refusal))
    return _left_out(role.line, [bad], role)


def _left_out(line: int, bad: list[BadRow], role: Role | None = None) -> Written:
    """Return what is told of a row that was left out."""
    detail = " ".join(f"{each.field}: {each.reason}" for each in bad)
    number, title = (role.number, role.values["title"]) if role else ("", "")
    return Written(line, number, title, Fate.REFUSED, detail, bad=tuple(bad))


def _require_no_other(role: Role, employer: Employer) -> None:
    """Refuse a row that names an employer that is not this one."""
    known = {employer.public_id, employer.slug, employer.name.casefold()}
    for field, name in (("employer", role.employer), ("org", role.org)):
        if name and not {name, name.casefold()} & known:
            reason = _("names %(name)s; this import is for %(employer)s.")
            raise Refused(field, reason % {"name": name[:60], "employer": employer.name[:60]})


def _require_free(found: Opportunity | None, employer: Employer, role: Role | None = None) -> None:
    """Refuse a row that may not be stored now."""
    if employer.status != EmployerStatus.ACTIVE:
        raise Refused("employer", _("may not post at present."))
    if found and found.status in _REFUSED:
        raise Refused("status", _REFUSED[RoleStatus(found.status)])
    if found and role and found.seats_held > role.values["capacity"]:
        reason = _("is below the %(places)s places offered or taken.")
        raise Refused("capacity", reason % {"places": found.seats_held})


def _as_text(values: Mapping[str, Any], unparsed: Mapping[str, str], parts: drafts.Parts) -> str:
    """Return what a role says as one text, in whatever order it names its skills."""
    skills = sorted(parts["skills"], key=itemgetter("name"))
    told = [values, unparsed, {**parts, "skills": skills}]
    return json.dumps(told, sort_keys=True, default=str)
