"""Keep the skill vocabulary: load our own list and import ESCO.

Loading is repeatable: a second run with the same files changes nothing. Rows that people's
profiles and roles point at are never deleted; a skill that leaves our list is retired.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import connection, transaction
from django.db.models import Q
from django.utils.text import slugify

from opportunities.skills.models import Skill, SkillAlias, SkillBroader, SkillKind
from opportunities.skills.vocabulary.files import (
    VocabularyError,
    VocabularyFile,
    VocabularySkill,
    read_groups,
    read_vocabulary,
)
from opportunities.skills.vocabulary.link import equal_skills
from opportunities.skills.vocabulary.words import normalize

OWN_SKILLS: Final = Path(__file__).parent / "data" / "skills.csv"
OWN_GROUPS: Final = Path(__file__).parent / "data" / "skill_groups.csv"

_BATCH: Final = 5_000
_LONGEST_SLUG: Final = 150


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a load added, changed, retired and linked; all zero when nothing was new."""

    skills: int = 0
    changed: int = 0
    retired: int = 0
    linked: int = 0
    aliases: int = 0
    edges: int = 0


@transaction.atomic
def load_own_skills(*, skills: Path = OWN_SKILLS, groups: Path = OWN_GROUPS) -> Loaded:
    """Bring the tables in line with our own list of skills and groups."""
    vocabulary = read_vocabulary(skills)
    if vocabulary.problems:
        raise VocabularyError(f"{skills.name}: {vocabulary.problems[0]}")
    own = {skill.id: skill for skill in vocabulary.skills}
    wanted = {
        slug: Skill(slug=slug, name=name, kind=SkillKind.GROUP)
        for slug, name in read_groups(groups).items()
    }
    group_of = {edge.child: edge.parent for edge in vocabulary.broader if edge.parent in wanted}
    for skill in own.values():
        wanted[skill.id] = Skill(
            slug=skill.id, name=skill.label, kind=SkillKind.OWN, group=group_of[skill.id]
        )
    before = {
        row.slug: row for row in Skill.objects.filter(Q(slug__in=wanted) | Q(kind=SkillKind.OWN))
    }
    changed = [
        row for slug, row in wanted.items() if slug in before and _face(before[slug]) != _face(row)
    ]
    added = [row for slug, row in wanted.items() if slug not in before]
    Skill.objects.bulk_create(
        [*added, *changed],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name", "kind", "group", "is_retired"],
        batch_size=_BATCH,
    )
    gone = [slug for slug, row in before.items() if slug not in wanted and not row.is_retired]
    Skill.objects.filter(slug__in=gone).update(is_retired=True)

    ids = dict(Skill.objects.filter(slug__in=wanted).values_list("slug", "id"))
    names = {ids[skill.id]: (skill.label, *skill.aliases) for skill in own.values()}
    edges = {(ids[edge.child], ids[edge.parent]) for edge in vocabulary.broader}
    _drop_stale(names, edges)
    return Loaded(
        skills=len(added),
        changed=len(changed),
        retired=len(gone),
        aliases=_add_aliases(names),
        edges=_add_edges(edges),
    )


def _face(skill: Skill) -> tuple[str, str, str, bool]:
    return skill.name, skill.kind, skill.group, skill.is_retired


def _drop_stale(names: Mapping[int, Iterable[str]], edges: set[tuple[int, int]]) -> None:
    """Drop what our list no longer says of skills that no other vocabulary speaks of."""
    alone = Skill.objects.filter(id__in=names, esco_id__isnull=True).values_list("id", flat=True)
    kept = {(skill, normalize(text)) for skill in alone for text in names[skill]}
    SkillAlias.objects.filter(
        id__in=[
            alias
            for alias, skill, text in SkillAlias.objects.filter(skill__in=alone).values_list(
                "id", "skill_id", "normalized"
            )
            if (skill, text) not in kept
        ]
    ).delete()
    own_edges = SkillBroader.objects.filter(
        child__kind=SkillKind.OWN, child__esco_id__isnull=True, parent__esco_id__isnull=True
    )
    SkillBroader.objects.filter(
        id__in=[
            edge
            for edge, child, parent in own_edges.values_list("id", "child_id", "parent_id")
            if (child, parent) not in edges
        ]
    ).delete()


@transaction.atomic
def import_esco(*, vocabulary: VocabularyFile, own: Iterable[VocabularySkill]) -> Loaded:
    """Add ESCO's skills, their other names and the hierarchy, with its groups as nodes.

    ``own`` is our list: where one of its skills equals a concept, our row receives the concept's
    id, names and place in the hierarchy instead of a second row. Concepts that an earlier import
    brought and this one lacks are kept.
    """
    with connection.cursor() as cursor:  # its hundred thousand names take longer than a request
        cursor.execute("SET LOCAL statement_timeout = '120s'")
    concepts = {skill.id: skill for skill in vocabulary.skills}
    groups = {end for edge in vocabulary.broader for end in edge} - concepts.keys()
    known = {row.esco_id: row for row in Skill.objects.filter(esco_id__isnull=False)}
    linked = _link(vocabulary, own, known)
    taken = set(Skill.objects.values_list("slug", flat=True))
    added = []
    for key in sorted(concepts.keys() - known.keys() - linked.keys()):
        name = concepts[key].label
        slug = _free_slug(name, key, taken)
        added.append(Skill(slug=slug, name=name, kind=SkillKind.ESCO, esco_id=key))
    for key in sorted(groups - known.keys()):
        name = vocabulary.groups.get(key) or f"ESCO group {key}"
        slug = _free_slug(f"esco-{key}", key, taken)
        added.append(Skill(slug=slug, name=name, kind=SkillKind.GROUP, esco_id=key))
    Skill.objects.bulk_create(added, batch_size=_BATCH)
    renamed = []
    for identifier, concept in concepts.items():
        row = known.get(identifier)
        if row and row.kind == SkillKind.ESCO and row.name != concept.label:
            row.name = concept.label
            renamed.append(row)
    Skill.objects.bulk_update(renamed, ["name"], batch_size=_BATCH)

    ids = dict(Skill.objects.filter(esco_id__isnull=False).values_list("esco_id", "id"))
    names = {ids[key]: (concept.label, *concept.aliases) for key, concept in concepts.items()}
    present = set(SkillBroader.objects.values_list("child_id", "parent_id"))
    edges = {
        (child, parent)
        for edge in vocabulary.broader
        if (child := ids[edge.child]) != (parent := ids[edge.parent])
        and (parent, child) not in present
    }
    loaded = Loaded(
        skills=len(added),
        changed=len(renamed),
        linked=len(linked),
        aliases=_add_aliases(names),
        edges=_add_edges(edges),
    )
    with connection.cursor() as cursor:  # else the checks of a hundred thousand keys scan tables
        tables = (model._meta.db_table for model in (Skill, SkillAlias, SkillBroader))
        cursor.execute(f"ANALYZE {', '.join(tables)}")
    return loaded


def _link(
    vocabulary: VocabularyFile, own: Iterable[VocabularySkill], known: Mapping[str | None, Skill]
) -> dict[str, str]:
    """Give our skills the ids of the concepts that they equal; return concept to slug."""
    free = set(
        Skill.objects.filter(kind=SkillKind.OWN, esco_id__isnull=True).values_list(
            "slug", flat=True
        )
    )
    linked = equal_skills(
        (skill for skill in own if skill.id in free),
        (concept for concept in vocabulary.skills if concept.id not in known),
    )
    concept_of = {slug: concept for concept, slug in linked.items()}
    rows = list(Skill.objects.filter(slug__in=concept_of))
    for row in rows:
        row.esco_id = concept_of[row.slug]
    Skill.objects.bulk_update(rows, ["esco_id"], batch_size=_BATCH)
    return linked


def _free_slug(name: str, identifier: str, taken: set[str]) -> str:
    slug = slugify(name)[:_LONGEST_SLUG].strip("-") or slugify(identifier)
    if slug in taken:
        slug = f"{slug[: _LONGEST_SLUG - 30]}-{slugify(identifier)[:29]}"
    taken.add(slug)
    return slug


def _add_aliases(names: Mapping[int, Iterable[str]]) -> int:
    present: defaultdict[int, set[str]] = defaultdict(set)
    for skill, text in SkillAlias.objects.values_list("skill_id", "normalized"):
        present[skill].add(text)
    added = []
    for skill, texts in names.items():
        for text in texts:
            normalized = normalize(text)
            if normalized and normalized not in present[skill]:
                present[skill].add(normalized)
                added.append(SkillAlias(skill_id=skill, text=text, normalized=normalized))
    SkillAlias.objects.bulk_create(added, batch_size=_BATCH)
    return len(added)


def _add_edges(edges: set[tuple[int, int]]) -> int:
    present = set(SkillBroader.objects.values_list("child_id", "parent_id"))
    added = [
        SkillBroader(child_id=child, parent_id=parent) for child, parent in sorted(edges - present)
    ]
    SkillBroader.objects.bulk_create(added, batch_size=_BATCH)
    return len(added)
