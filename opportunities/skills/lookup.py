"""Find stored skills by the names that people give them."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, NamedTuple

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import F, Q
from django.db.models.functions import Greatest, Length

from opportunities.skills.models import Skill, SkillAlias, SkillKind
from opportunities.skills.vocabulary.meaning import Meanings, Rows, WordVectors, word_vectors
from opportunities.skills.vocabulary.resolve import Resolver
from opportunities.skills.vocabulary.words import normalize, telling_words

MOST_LINES: Final = 600
MOST_ITEMS: Final = 40
MOST_MENTIONED: Final = 40
_BETWEEN: Final = re.compile(r"[,;:|/•·()\t]| and | & ")
_LONGEST_SAID: Final = 120
_LONGEST_SEARCH: Final = 100
MOST_MEANT: Final = 5
"""Skills that a phrase may mean without naming them."""
MOST_PROPOSED: Final = 6
MOST_LINES_COMPARED: Final = 60
"""Lines of a text that are compared by meaning, which takes some milliseconds each."""
_LEAST_PROPOSED: Final = 0.4
_LEAST_ALIKE: Final = 0.82
"""How alike two names are spelled at least: ``difflib``'s ratio, 1 for the same name.

Of the skills offered for the names of ``tests/skills/unknown_names.tsv`` nine in ten are right, and
3 of the 82 names that mean none of ours are asked about; at .80 it is three in four and 12.
"""
_MOST_SPELLINGS: Final = 10
_FEWEST_WORDS: Final = 4
"""Telling words of a line that is compared: a heading or an address has fewer."""


def suggest_skills(*, text: str, limit: int = 10) -> list[Skill]:
    """Return the skills that a person typing this may mean, the likeliest first.

    Names that begin so come first (whole names, then our own skills, then shorter names); if
    they do not fill the list, names spelled alike follow, then at most ``MOST_MEANT`` skills of
    our own that a phrase may mean.
    """
    start = normalize(text[:_LONGEST_SEARCH])
    if not start:
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
    skills = [rows[skill] for skill in chosen]
    return skills + _meant(text[:_LONGEST_SEARCH], limit - len(skills), besides=skills)


def _meant(text: str, room: int, *, besides: Collection[Skill]) -> list[Skill]:
    """Return our own skills that a phrase may mean, the likeliest first; a word is no phrase."""
    if room < 1 or len(telling_words(text)) < 2 or (meanings := stored_meanings()) is None:
        return []
    known = {skill.slug for skill in besides}
    likely = [hit.id for hit in meanings.likely([text], MOST_MEANT)[0] if hit.id not in known][
        :room
    ]
    rows = {skill.slug: skill for skill in Skill.objects.filter(slug__in=likely)}
    return [rows[slug] for slug in likely if slug in rows]


def skills_alike(*, texts: Iterable[str], limit: int) -> dict[str, list[Skill]]:
    """Return the skills of our own list that each unknown name of a skill may mean.

    First those of which a name stands in it ("advanced Excel formulas"), then those with a name
    spelled alike; of the words of others there is nothing, since a far-off skill is no question.
    """
    rows = stored_rows(own_only=True)
    resolver = Resolver(rows)
    slugs: dict[str, str] = {}
    for slug, name, others in rows:
        for each in (name, *others):
            slugs.setdefault(normalize(each), slug)
    meant = {}
    for text in texts:
        held = [skill.id for skill in resolver.named(text)]
        alike = get_close_matches(
            normalize(text[:_LONGEST_SEARCH]), slugs, n=_MOST_SPELLINGS, cutoff=_LEAST_ALIKE
        )
        meant[text] = list(dict.fromkeys([*held, *(slugs[name] for name in alike)]))[:limit]
    found = Skill.objects.filter(slug__in={slug for each in meant.values() for slug in each})
    skills = {skill.slug: skill for skill in found}
    return {text: [skills[slug] for slug in each] for text, each in meant.items()}


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
    """A skill that a text names, and the words in which it was found."""

    slug: str
    name: str
    said: str
    level: int = 1
    """0 to 4, as the text states it, else that of a beginner."""
    is_named: bool = True
    """Whether these words name it; else they may only mean it, and about one in three do."""


def skills_in(*, text: str) -> list[Mentioned]:
    """Return the skills of our own list that a longer text names, in the order of its lines.

    At most ``MOST_MENTIONED`` are returned, of the first ``MOST_LINES`` lines; a list within a line
    is read item by item.
    """
    resolver = own_resolver()
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


def skills_proposed(*, text: str, besides: Collection[str]) -> list[Mentioned]:
    """Return skills of our own list that lines of a text may mean, the likeliest first.

    About one in three is right, so they are for a person to choose from, never to be taken as
    said. ``besides`` are slugs that are known already. Lines that name a skill are left out, and
    there is nothing without the extra ``semantic``.
    """
    if (meanings := stored_meanings()) is None:
        return []
    resolver = own_resolver()
    lines = [
        line
        for line in dict.fromkeys(text.splitlines()[:MOST_LINES])
        if len(telling_words(line)) >= _FEWEST_WORDS and not resolver.named(line)
    ][:MOST_LINES_COMPARED]
    best: dict[str, tuple[float, str, str]] = {}
    for line, hits in zip(lines, meanings.likely(lines, 1), strict=True):
        for hit in hits:
            if hit.score >= max(_LEAST_PROPOSED, best.get(hit.id, (0.0,))[0]):
                best[hit.id] = hit.score, hit.label, line
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
    return [
        Mentioned(slug, name, " ".join(line.split())[:_LONGEST_SAID], is_named=False)
        for slug, (_, name, line) in ranked
        if slug not in besides
    ][:MOST_PROPOSED]


def own_resolver() -> Resolver:
    """Return a resolver over our own list, by slugs; it is indexed in a hundredth of a second."""
    return Resolver(stored_rows(own_only=True))


def stored_meanings() -> Meanings | None:
    """Return our own list as it is stored, to be compared by meaning; None without the extra."""
    vectors = word_vectors()
    return None if vectors is None else _meanings(stored_rows(own_only=True), vectors)


@lru_cache(maxsize=1)
def _meanings(rows: Rows, vectors: WordVectors) -> Meanings:
    """Index a vocabulary once a process: the rows are its version."""
    return Meanings(rows, vectors)


def stored_rows(*, own_only: bool = False) -> Rows:
    """Return the stored skills as (slug, name, other names), in the order of their slugs."""
    skills = Skill.objects.filter(is_retired=False).exclude(kind=SkillKind.GROUP)
    if own_only:
        skills = skills.filter(kind=SkillKind.OWN)
    aliases: defaultdict[int, list[str]] = defaultdict(list)
    for skill, text in SkillAlias.objects.filter(skill__in=skills).values_list("skill_id", "text"):
        aliases[skill].append(text)
    return tuple(
        (slug, name, tuple(sorted(aliases[skill])))
        for skill, slug, name in skills.order_by("slug").values_list("id", "slug", "name")
    )
