"""The parts of a role: deliverables, skills, questions asked of applicants and by readers."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from opportunities.core.ranges import in_range, once
from opportunities.core.tables import Numbered
from opportunities.roles.models.listings import Opportunity


class Deliverable(Numbered):
    """One thing the candidate makes, and what "done" means for it."""

    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.CASCADE, related_name="deliverables"
    )
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160)
    done_means = models.CharField(max_length=500, blank=True)
    publishable = models.BooleanField(default=False)

    class Meta:
        constraints = [
            once("deliverable_position_once", "opportunity", "position"),
            in_range("deliverable", "position", 0, 19),
        ]


class OpportunitySkill(Numbered):
    """A skill the role uses or teaches: level 0 is taught, importance 1 to 3, must is a gate."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey("skills.Skill", on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(default=1)
    importance = models.PositiveSmallIntegerField(default=1)
    must = models.BooleanField(default=False)

    class Meta:
        verbose_name = "skill of a role"
        verbose_name_plural = "skills of roles"
        constraints = [
            once("opportunity_skill_once", "opportunity", "skill"),
            in_range("opportunity_skill", "level", 0, 4),
            in_range("opportunity_skill", "importance", 1, 3),
        ]


class Question(Numbered):
    """A question that applicants answer: at most three for the micro family."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    minutes = models.PositiveSmallIntegerField(default=5)

    class Meta:
        verbose_name = "question to applicants"
        verbose_name_plural = "questions to applicants"
        constraints = [
            once("question_position_once", "opportunity", "position"),
            in_range("question", "position", 0, 5),
            in_range("question", "minutes", 1, 120),
        ]


class RolePost(Numbered):
    """A public question about a role, and the employer's answer; a moderator may hide it."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="posts")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    question = models.CharField(max_length=600)
    asked_at = models.DateTimeField(editable=False)
    answer = models.CharField(max_length=1200, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "question about a role"
        verbose_name_plural = "questions about roles"
        constraints = [
            models.CheckConstraint(
                name="role_post_answer_has_date",
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
        ]


class ExternalClicks(Numbered):
    """How often the way to the employer's application page was taken on one day, by anybody."""

    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.CASCADE, related_name="external_clicks"
    )
    day = models.DateField(editable=False)
    count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = "clicks to an employer's site"
        verbose_name_plural = "clicks to employers' sites"
        constraints = [
            once("external_clicks_once", "opportunity", "day"),
            in_range("external_clicks", "count", 0, 2_000_000_000),
        ]
