"""Skills and employers that rows of a file name, looked up for many rows together."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, Value
from django.db.models.functions import Upper
from django.utils.text import slugify

from opportunities.core import identifiers
from opportunities.employers.models import Employer
from opportunities.importing.columns import Naming
from opportunities.importing.convert import Role
from opportunities.skills.lookup import skills_named
from opportunities.skills.models import Skill
from opportunities.skills.vocabulary.words import normalize

MAX_SKILL_WORDS: Final = 4
"""Words of the longest name that is looked for inside of a text."""


class Known:
    """What the database has under the names of the rows in hand."""

    def __init__(self, naming: Naming, *, at: datetime) -> None:
        self._naming = naming
        self._at = at
        self._asked: set[str] = set()
        """What rows called employers so far."""
        self._by_id: dict[str, Employer] = {}
        self._by_name: dict[str, Employer] = {}
        """The employers of these names, by id and slug, and by name in capitals."""
        self._new: list[Employer] = []
        """Employers of the rows in hand that are stored with the first of their roles."""
        self._slugs: dict[str, Skill] = {}
        self._named: dict[str, Skill] = {}
        """The skills of the rows in hand, by slug and by name."""

    def look_up_skills(self, roles: Iterable[Role]) -> None:
        """Fetch the skills that the rows in hand name."""
        texts: set[str] = set()
        for role in roles:
            texts.update((entry["name"] for entry in role.parts["skills"]), self._phrases(role))
        self._slugs = {skill.slug: skill for skill in Skill.objects.filter(slug__in=texts)}
        self._named = skills_named(texts=texts) if texts else {}

    def look_up_employers(self, roles: Iterable[Role]) -> None:
        """Fetch the employers that the rows in hand name and no row before them."""
        words = {word for role in roles for word in _names_of(role) if word} - self._asked
        self._asked |= words
        rows = Employer.objects.annotate(folded=Upper("name")).filter(
            Q(public_id__in=words)
            | Q(slug__in=words)
            | Q(folded__in=[Upper(Value(word)) for word in words])
        )
        for employer in rows.order_by("-id"):  # of several with one name the oldest is meant
            self._remember(employer, employer.name)

    def _remember(self, employer: Employer, name: str) -> None:
        self._by_id |= {employer.public_id: employer, employer.slug: employer}
        self._by_name[name.upper()] = employer

    def stored_employer(self, role: Role) -> Employer | None:
        """Return the known employer that a row names: by id or slug, else by name."""
        slug, name = _names_of(role)
        return self._by_id.get(slug) or self._by_name.get(name.upper())

    def employer(self, role: Role) -> Employer | None:
        """Return the employer that a row names; a new name becomes an unverified employer.

        A new one is stored by ``store_new_employers``, together with its role.
        """
        if known := self.stored_employer(role):
            return known
        name = role.org or role.employer or role.board
        if not name:
            return None
        if not (role.org or role.employer):
            role.unparsed["org"] = f"{name} (the name in the address of the board)"
        slug = slugify(role.employer or name)[:120].strip("-") or "employer"
        if slug in self._by_id or Employer.objects.filter(slug=slug).exists():
            slug = f"{slug}-{identifiers.ulid()[-8:]}"
        new = Employer(name=name[:120], slug=slug, created_at=self._at)
        self._new.append(new)
        self._remember(new, name)
        return new

    def store_new_employers(self) -> None:
        """Store the employers that rows in hand were the first to name."""
        new, self._new = self._new, []
        for employer in new:
            employer.save(force_insert=True)

    def skills(self, role: Role) -> dict[Skill, dict[str, Any]]:
        """Return the named skills that the vocabulary has; keep the other names as words."""
        found: dict[Skill, dict[str, Any]] = {}
        strange = []
        for entry in role.parts["skills"]:
            name, facts = entry["name"], {key: entry[key] for key in entry if key != "name"}
            if skill := self._slugs.get(name) or self._named.get(name):
                found.setdefault(skill, facts)
            else:
                strange.append(name)
        for phrase in self._phrases(role):
            if skill := self._named.get(phrase):
                found.setdefault(skill, {"level": 1, "importance": 1, "must": False})
        if strange:
            role.unparsed["skills"] = "; ".join(strange)[:500]
        return found

    def _phrases(self, role: Role) -> dict[str, None]:
        """Return the phrases of several letters of the texts in which the mapping finds skills."""
        phrases: dict[str, None] = {}
        for name in self._naming.skills_from:
            words = normalize(str(role.values.get(name) or "")).split()
            for start in range(len(words)):
                for stop in range(start + 1, min(start + MAX_SKILL_WORDS, len(words)) + 1):
                    phrase = " ".join(words[start:stop])
                    if len(phrase) > 3:
                        phrases[phrase] = None
        return phrases


def _names_of(role: Role) -> tuple[str, str]:
    """Return the id or slug, and the name, by which a row names its employer."""
    names = [role.employer, role.org] if role.employer or role.org else [role.board]
    return names[0], names[-1] or names[0]
