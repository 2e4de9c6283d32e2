"""Find stored skills by the names that people give them."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import F, Q
from django.db.models.functions import Greatest, Length

from opportunities.skills.models import Skill, SkillAlias, SkillKind
from opportunities.skills.vocabulary import Resolver, normalize

MOST_LINES: Final = 600
MOST_ITEMS: Final = 40
MOST_MENTIONED: Final = 40
_BETWEEN: Final = re.compile(r"[,;:|/•·()\t]| and | & ")
_LONGEST_SAID: Final = 120
_LONGEST_SEARCH: Final = 100
_MOST_SUGGESTIONS: Final = 50


def suggest_skills(*, text: str, limit: int = 10) -> list[Skill]:
    """Return the skills that a person typing this may mean, the likeliest first.

    Names that begin so come first (whole names, then our own skills, then shorter names); if
    they do not fill the list, names spelled alike follow.
    """
    start = normalize(text[:_LONGEST_SEARCH])
    limit = min(limit, _MOST_SUGGESTIONS)
    if not start or limit < 1:
        return []
    names = SkillAlias.objects.filter(skill__is_retired=False).exclude(skill__kind=SkillKind.GROUP)
    beginning = (
        names.filter(normalized__startswith=start)
        .annotate(length=Length("normalized"), is_esco=Q(skill__kind=SkillKind.ESCO))
        .order_by("length", "is_esco", "skill_id")
        .values_list("skill_id", flat=True)
    )
    found = dict.fromkeys(beginning[: limit * 10])
    if len(found) < limit:
        alike = (
            names.filter(
                Q(normalized__trigram_similar=start) | Q(normalized__trigram_word_similar=start)
            )
            .annotate(
                likeness=Greatest(
                    TrigramSimilarity("normalized", start),
                    TrigramWordSimilarity(start, "normalized"),
                )
            )
            .order_by(F("likeness").desc(), Length("normalized"), "skill_id")
            .values_list("skill_id", flat=True)
        )
        found |= dict.fromkeys(alike[: limit * 10])
    chosen = list(found)[:limit]
    rows = Skill.objects.in_bulk(chosen)
    return [rows[skill] for skill in chosen]


def skills_named(*, texts: Iterable[str]) -> dict[str, Skill]:
    """Return the skill that each text names exactly, by label or alias; our own come first."""
    wanted = {text: normalize(text[:_LONGEST_SEARCH]) for text in texts}
    rows = (
        SkillAlias.objects.filter(normalized__in=set(wanted.values()) - {""})
        .filter(skill__is_retired=False)
        .exclude(skill__kind=SkillKind.GROUP)
        .select_related("skill")
    )
    best: dict[str, Skill] = {}
    for alias in sorted(rows, key=lambda row: (row.skill.kind != SkillKind.OWN, row.skill_id)):
        best.setdefault(alias.normalized, alias.skill)
    return {text: best[name] for text, name in wanted.items() if name in best}


class Mentioned(NamedTuple):
    """A skill of which a name stands in a text, and the words around it."""

    slug: str
    name: str
    said: str


def skills_in(*, text: str) -> list[Mentioned]:
    """Return the skills of our own list that a longer text names, in the order of its lines.

    At most ``MOST_MENTIONED`` are returned, of the first ``MOST_LINES`` lines; a list within a line
    is read item by item.
    """
    resolver = stored_resolver(own_only=True)
    found: dict[str, Mentioned] = {}
    for line in text.splitlines()[:MOST_LINES]:
        # The whole line finds names of several words, the items of a list those of everyday ones.
        for part in (line, *_BETWEEN.split(line)[:MOST_ITEMS]):
            for skill in resolver.named(part):
                if skill.id not in found:
                    said = " ".join(part.split())[:_LONGEST_SAID]
                    found[skill.id] = Mentioned(skill.id, skill.label, said)
        if len(found) >= MOST_MENTIONED:
            break
    return list(found.values())[:MOST_MENTIONED]


def stored_resolver(*, own_only: bool = False) -> Resolver:
    """Return a resolver over the stored vocabulary; its ids are slugs.

    Our own list takes a hundredth of a second to index, all of ESCO some seconds.
    """
    skills = Skill.objects.filter(is_retired=False).exclude(kind=SkillKind.GROUP)
    if own_only:
        skills = skills.filter(kind=SkillKind.OWN)
    aliases: defaultdict[int, list[str]] = defaultdict(list)
    for skill, text in SkillAlias.objects.filter(skill__in=skills).values_list("skill_id", "text"):
        aliases[skill].append(text)
    return Resolver.from_rows(
        (slug, name, sorted(aliases[skill]))
        for skill, slug, name in skills.values_list("id", "slug", "name")
    )
