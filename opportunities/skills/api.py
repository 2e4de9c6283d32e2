"""The skill vocabulary over HTTP, so that clients name skills as this site does."""

from typing import Any, Final

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.core.api import listed, page_of_kind, refuse_unknown
from opportunities.skills import lookup
from opportunities.skills.models import Skill, SkillKind

ESCO: Final = "http://data.europa.eu/esco/skill/"
SUGGESTED: Final = 25
LONGEST_QUESTION: Final = 100


class SkillSerializer(serializers.ModelSerializer[Skill]):
    """A skill as other addresses name it, by its slug."""

    esco_uri = serializers.SerializerMethodField()

    class Meta:
        model = Skill
        fields = ["slug", "name", "esco_uri"]

    def get_esco_uri(self, skill: Skill) -> str | None:
        """Return the skill's address in ESCO, if it is taken from there."""
        is_skill = skill.esco_id and skill.kind != SkillKind.GROUP
        return f"{ESCO}{skill.esco_id}" if is_skill else None


class SkillDetailSerializer(SkillSerializer):
    """A skill with its other names and its neighbours in the hierarchy."""

    other_names = serializers.SerializerMethodField()
    broader = serializers.SerializerMethodField()
    narrower = serializers.SerializerMethodField()

    class Meta(SkillSerializer.Meta):
        fields = [*SkillSerializer.Meta.fields, "other_names", "broader", "narrower"]

    def get_other_names(self, skill: Skill) -> list[str]:
        """Return the names that are read as this skill, besides its own."""
        names = skill.aliases.order_by("text").values_list("text", flat=True)
        return sorted({name for name in names if name != skill.name})

    def get_broader(self, skill: Skill) -> list[str]:
        """Return the slugs of the skills that include this one."""
        return _slugs(Skill.objects.filter(narrower_edges__child=skill))

    def get_narrower(self, skill: Skill) -> list[str]:
        """Return the slugs of the skills that this one includes."""
        return _slugs(Skill.objects.filter(broader_edges__parent=skill))


def _slugs(skills: Any) -> list[str]:
    usable = skills.filter(is_retired=False).exclude(kind=SkillKind.GROUP)
    return list(usable.order_by("slug").values_list("slug", flat=True).distinct())


class Skills(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="skills_list",
        parameters=[
            OpenApiParameter(
                "q",
                {"type": "string", "maxLength": LONGEST_QUESTION},
                description=f"What a person types; {SUGGESTED} skills at most, likeliest first.",
            )
        ],
        responses=page_of_kind("SkillPage", SkillSerializer),
    )
    def get(self, request: Request) -> Response:
        """List the skills by slug, or those that a text may mean."""
        rows = Skill.objects.filter(is_retired=False).exclude(kind=SkillKind.GROUP)
        text = request.query_params.get("q", "")
        if not text:
            return listed(rows, request, order=("slug",), shape=SkillSerializer, also_known={"q"})
        refuse_unknown(request, known={"q"})
        found = lookup.suggest_skills(text=text, limit=SUGGESTED)
        return Response(
            {
                "data": SkillSerializer(found, many=True).data,
                "page": {"next": None, "prev": None, "limit": SUGGESTED},
            }
        )


class SkillDetail(APIView):
    permission_classes = [AllowAny]

    @extend_schema(operation_id="skills_retrieve", responses=SkillDetailSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Return one skill with its other names and its neighbours."""
        rows = Skill.objects.filter(is_retired=False).exclude(kind=SkillKind.GROUP)
        return Response(SkillDetailSerializer(get_object_or_404(rows, slug=slug)).data)
