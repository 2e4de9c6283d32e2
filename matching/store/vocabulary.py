"""Read the skill vocabulary as the engine knows it: codes, neighbors, rarities."""

import io
from dataclasses import replace

import numpy as np

from matching.engine import Vocabulary
from matching.engine.skills import code_of
from matching.engine.taxonomy import relate
from opportunities.skills.models import Skill, SkillBroader, SkillKind
from opportunities.skills.vocabulary.words import telling_words


def read_vocabulary() -> Vocabulary:
    """Return which skills are near which, by hierarchy, groups and labels, as files would say it.

    Slugs are their own codes, so that none are kept.
    """
    labels = dict(
        Skill.objects.exclude(kind=SkillKind.GROUP).order_by("slug").values_list("slug", "name")
    )
    related = relate(
        list(labels),
        broader=SkillBroader.objects.values_list("child__slug", "parent__slug"),
        words={slug: telling_words(label) for slug, label in labels.items()},
    )
    return replace(related, codes={})


def names_by_code() -> dict[int, tuple[str, str]]:
    """Return the slug and the name of every skill, by its code."""
    return {code_of(slug): (slug, name) for slug, name in Skill.objects.values_list("slug", "name")}


def freeze_vocabulary(vocabulary: Vocabulary) -> bytes:
    """Return neighbors and rarities as bytes."""
    rarity = vocabulary.rarity or {}
    codes = sorted(rarity)
    archive = io.BytesIO()
    np.savez(
        archive,
        held=vocabulary.held,
        near_at=vocabulary.near_at,
        near=vocabulary.near,
        nearness=vocabulary.nearness,
        codes=np.array(codes, np.int64),
        rarity=np.array([rarity[code] for code in codes], np.float64),
    )
    return archive.getvalue()


def thaw_vocabulary(content: bytes | memoryview) -> Vocabulary:
    """Return the vocabulary of a run's record."""
    with np.load(io.BytesIO(bytes(content)), allow_pickle=False) as kept:
        return Vocabulary(
            held=kept["held"],
            near_at=kept["near_at"],
            near=kept["near"],
            nearness=kept["nearness"],
        ).weighed(dict(zip(kept["codes"].tolist(), kept["rarity"].tolist(), strict=True)))
