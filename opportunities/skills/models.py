"""The skill vocabulary: our own slugs, their other names, and what is broader than what."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from opportunities.core.ranges import once


class SkillKind(models.TextChoices):
    OWN = "own", "Foothold's list"
    ESCO = "esco", "ESCO skill"
    GROUP = "group", "Group"


class Skill(models.Model):
    """A skill, or a group of skills that only the hierarchy uses."""

    slug = models.SlugField(max_length=160, unique=True)
    name = models.CharField(max_length=240)
    kind = models.CharField(max_length=8, choices=SkillKind, default=SkillKind.OWN)
    group = models.SlugField(max_length=60, blank=True, db_index=False)
    esco_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    is_retired = models.BooleanField(default=False)

    class Meta:
        indexes = [
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="skill_name_trigrams"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.slug})"


class SkillAlias(models.Model):
    """Another name of a skill, folded for comparison in ``normalized``."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=240)
    normalized = models.CharField(max_length=240)

    class Meta:
        verbose_name = "other name of a skill"
        verbose_name_plural = "other names of skills"
        constraints = [once("skill_alias_once", "skill", "normalized")]
        indexes = [
            models.Index(fields=["normalized"], name="skill_alias_normalized"),
            GinIndex(
                fields=["normalized"], opclasses=["gin_trgm_ops"], name="skill_alias_trigrams"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} (#{self.pk})"


class SkillBroader(models.Model):
    """``child`` is a narrower skill, or a member of the group, ``parent``."""

    child = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="broader_edges")
    parent = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="narrower_edges")

    class Meta:
        verbose_name = "broader skill"
        verbose_name_plural = "broader skills"
        constraints = [
            once("skill_broader_once", "child", "parent"),
            models.CheckConstraint(
                name="skill_broader_is_another", condition=~Q(child=models.F("parent"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} under {self.parent_id}"
