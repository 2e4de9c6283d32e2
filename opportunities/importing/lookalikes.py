"""Roles of an employer that a row of its source may be already, though it has another number.

A number that stands in the file is a role of its own, however alike it is to others. What is
asked about is a row without a stored role that says nearly what another role says, whose own
number is not in the file: one typed by hand, from another source, or under a former number.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from opportunities.core.lifecycle import EDITABLE, ON_MARKET, RoleStatus
from opportunities.importing.convert import Role
from opportunities.importing.models import Doubt, DoubtAnswer, Source
from opportunities.importing.rows import Fate
from opportunities.moderation.models import Fingerprint
from opportunities.roles import checks
from opportunities.roles.checks import duplicates
from opportunities.roles.models import Opportunity
from opportunities.skills.vocabulary.words import normalize

AT_STAKE: Final = frozenset({*ON_MARKET, RoleStatus.IN_REVIEW})
"""States of a role that it loses when its source offers it no more."""
COMPARED: Final = AT_STAKE | EDITABLE


class Lookalikes:
    """What an employer has beside the rows of one file of its source, and what it said of it."""

    def __init__(self, source: Source, *, present: Collection[str], at: datetime) -> None:
        self._at = at
        self.outcome = source.outcome
        """What became of roles that the source closes, as the employer said beforehand."""
        self.asked: list[Doubt] = []
        """Questions that rows raised; they are not stored yet."""
        self._source = source
        known = source.doubts.exclude(answer="").select_related("opportunity")
        self._answers = {doubt.number: doubt for doubt in known}
        roles = Opportunity.objects.filter(employer=source.employer_id, status__in=COMPARED)
        here = frozenset(present)
        self._others: list[Opportunity] = [
            role
            for role in roles.only("title", "place", "source", "external_id", "public_id")
            if role.public_id not in here
            and not (role.source == source.name and role.external_id in here)
        ]
        self._titles = [normalize(role.title) for role in self._others]
        self._signatures = self._stored_signatures()

    def twin_of(self, role: Role) -> tuple[Fate, Opportunity | None, str] | None:
        """Return the fate of a row that is, or may be, a role which is here already."""
        answer = self._answers.get(role.external_id)
        if answer is not None and answer.answer == DoubtAnswer.DIFFERENT:
            return None
        if answer is not None:
            return Fate.UNCHANGED, answer.opportunity, _("You said that it is this role.")
        twin = self._near(role)
        if twin is None:
            return None
        self.asked.append(
            Doubt(
                source=self._source,
                number=role.external_id,
                title=role.values["title"],
                opportunity=twin,
                asked_at=self._at,
            )
        )
        return (
            Fate.ASKED,
            twin,
            _("It looks like “%(title)s”. Say whether it is the same role.")
            % {"title": twin.title},
        )

    def _near(self, role: Role) -> Opportunity | None:
        title, place = normalize(role.values["title"]), normalize(role.values["place"] or "")
        likeness = self._likeness(role)
        order: list[int] = np.argsort(-likeness, kind="stable").tolist()
        for index in order:
            other = self._others[index]
            is_near = likeness[index] >= duplicates.NEAR or title == self._titles[index]
            elsewhere = normalize(other.place)
            if is_near and not (place and elsewhere and place != elsewhere):
                return other
        return None

    def _likeness(self, role: Role) -> NDArray[np.float64]:
        """Return the share of common word triples with each other role, by their signatures."""
        parts = {"deliverables": role.parts["deliverables"]}
        lowest = duplicates.signature(checks.texts_of(role.values, parts))
        if lowest is None:
            return np.zeros(len(self._others))
        shares: NDArray[np.float64] = (self._signatures == lowest).mean(axis=1)
        return shares

    def _stored_signatures(self) -> NDArray[np.uint64]:
        """Return one signature a row; that of a role which was never examined is like no other."""
        never = [np.iinfo(np.uint64).max] * (duplicates.BANDS * duplicates.ROWS)
        ids = [role.pk for role in self._others]
        rows = dict(Fingerprint.objects.filter(pk__in=ids).values_list("pk", "shingles"))
        signatures = [rows.get(pk, never) for pk in ids]
        return np.array(signatures, dtype=np.uint64).reshape(-1, len(never))
