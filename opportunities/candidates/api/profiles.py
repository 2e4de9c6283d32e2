"""The candidate's own profile over HTTP: facts, secret link, resumes."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Final

from django.db.models import QuerySet, prefetch_related_objects
from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.api import Operation, operation, paged, undated
from opportunities.accounts.current import actor
from opportunities.accounts.models import User
from opportunities.candidates import profiles as profile_operations
from opportunities.candidates import uploads
from opportunities.candidates.fields import FIELDS, MONEY, PARTS
from opportunities.candidates.models import CandidateProfile, CandidateSkill, Resume, TargetSkill
from opportunities.core import pay
from opportunities.core.api import MOST_FAULTS, read, stated
from opportunities.core.errors import Invalid
from opportunities.core.rows import require_row
from opportunities.core.validation import Amount, Kind, Refused, read_each

PLAIN: Final = [name for name in FIELDS if name not in MONEY.values()]


class OwnSkillSerializer(serializers.ModelSerializer[CandidateSkill]):
    """A skill that the candidate has; ``name`` is the vocabulary's slug."""

    name = serializers.CharField(source="skill.slug")
    label = serializers.CharField(source="skill.name")  # type: ignore[assignment]

    class Meta:
        model = CandidateSkill
        fields = ["name", "label", "level", "verified"]


class TargetSerializer(serializers.ModelSerializer[TargetSkill]):
    """A skill that the candidate wants to learn."""

    name = serializers.CharField(source="skill.slug")
    label = serializers.CharField(source="skill.name")  # type: ignore[assignment]

    class Meta:
        model = TargetSkill
        fields = ["name", "label", "priority"]


class ProfileSerializer(serializers.ModelSerializer[CandidateProfile]):
    """The profile as its owner reads it; money in majors of ``currency``."""

    id = serializers.CharField(source="public_id")
    rate_floor = serializers.SerializerMethodField()
    rate_target = serializers.SerializerMethodField()
    income_need = serializers.SerializerMethodField()
    skills = OwnSkillSerializer(many=True)
    targets = TargetSerializer(many=True)
    has_secret_link = serializers.SerializerMethodField()

    class Meta:
        model = CandidateProfile
        fields = [
            "id", *PLAIN, *MONEY, "skills", "targets", "has_secret_link", "created_at",
            "changed_at", "version",
        ]  # fmt: skip

    def get_rate_floor(self, profile: CandidateProfile) -> str:
        """Return the least hourly pay that the candidate accepts."""
        return str(pay.to_major(profile.rate_floor_minor, profile.currency))

    def get_rate_target(self, profile: CandidateProfile) -> str | None:
        """Return the hourly pay at which more no longer matters to the candidate."""
        return pay.major_text(profile.rate_target_minor, profile.currency)

    def get_income_need(self, profile: CandidateProfile) -> str | None:
        """Return what the candidate has to earn in all."""
        return pay.major_text(profile.income_need_minor, profile.currency)

    def get_has_secret_link(self, profile: CandidateProfile) -> bool:
        """Say whether a secret link opens the profile too."""
        return profile.secret_digest is not None


class OwnSkillInput(serializers.Serializer[dict[str, Any]]):
    name = serializers.CharField(max_length=160)
    level = serializers.IntegerField(min_value=0, max_value=4, default=1)


class TargetInput(serializers.Serializer[dict[str, Any]]):
    name = serializers.CharField(max_length=160)
    priority = serializers.IntegerField(min_value=1, max_value=3, default=1)


def _money(*, nullable: bool) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=12,
        decimal_places=3,
        min_value=Decimal(0),
        required=False,
        allow_null=nullable,
    )


class ProfileInput(serializers.ModelSerializer[CandidateProfile]):
    """Facts that a candidate states, all optional; what an answer breaks is named at its place."""

    rate_floor = _money(nullable=False)
    rate_target = _money(nullable=True)
    income_need = _money(nullable=True)
    skills = OwnSkillInput(many=True, required=False)
    targets = TargetInput(many=True, required=False)

    class Meta:
        model = CandidateProfile
        fields = [*PLAIN, *MONEY, "skills", "targets"]
        extra_kwargs = {name: {"required": False} for name in PLAIN}


class AdoptInput(serializers.Serializer[dict[str, Any]]):
    """The secret of a profile without an account, to be the account's from now on."""

    secret = serializers.CharField(max_length=64)
    replace = serializers.BooleanField(default=False)


class SecretSerializer(serializers.Serializer[dict[str, str]]):
    """A new secret: shown once, never stored."""

    secret = serializers.CharField()


class ResumeSerializer(serializers.ModelSerializer[Resume]):
    """A resume that is kept."""

    class Meta:
        model = Resume
        fields = ["id", "name", "size", "uploaded_at"]


class ResumeInput(serializers.Serializer[dict[str, Any]]):
    """A PDF of at most 2 MB."""

    file = serializers.FileField(max_length=255)


def facts_of(values: Mapping[str, Any], *, currency: str) -> dict[str, Any]:
    """Return the facts that the body states, under the names and units of the profile."""
    stated_in = str(values.get("currency", currency))
    kinds: dict[str, Kind] = {
        **{name: FIELDS[name].read for name in PLAIN},
        **{name: partial(_minor, column, stated_in) for name, column in MONEY.items()},
        **PARTS,
    }
    facts, refused = read_each(kinds, values)
    if refused:
        raise Invalid(*(refusal.fault() for refusal in refused[:MOST_FAULTS]))
    for name, column in MONEY.items():
        if name in facts:
            facts[column] = facts.pop(name)
    for name, number in (("skills", "level"), ("targets", "priority")):
        if name in facts:
            facts[name] = {entry["name"]: entry.get(number, 1) for entry in facts[name]}
    return facts


def _minor(column: str, currency: str, raw: object) -> Any:
    """Read an amount in majors of a currency as its column in minors."""
    amount = Amount()(raw)
    try:
        minor = None if amount is None else pay.to_minor(amount, currency)
    except ValueError as too_fine:
        raise Refused("too_many_decimals", str(too_fine)) from too_fine
    return FIELDS[column].read(minor)


def untold() -> dict[str, Any]:
    """Return every fact as it is where the candidate has not said anything."""
    blank = CandidateProfile(available_from=timezone.now().date())
    return {name: getattr(blank, name) for name in FIELDS} | {"skills": {}, "targets": {}}


def own_profile(request: Request) -> CandidateProfile:
    """Return the reader's own profile, or raise ``NotFound``."""
    return require_row(CandidateProfile.objects.of(actor(request)), "You have no profile yet.")


def shown(request: Request, *, status: int = 200) -> Response:
    """Answer the reader's profile as it stands now."""
    profile = own_profile(request)
    prefetch_related_objects([profile], "skills__skill", "targets__skill")
    return Response(ProfileSerializer(profile).data, status=status)


class Profile(APIView):
    @extend_schema(operation_id="profile_read", responses=ProfileSerializer)
    def get(self, request: Request) -> Response:
        """Return the reader's own profile."""
        return shown(request)

    @extend_schema(
        operation_id="profile_put",
        request=ProfileInput,
        responses={200: ProfileSerializer, 201: ProfileSerializer},
    )
    def put(self, request: Request) -> Response:
        """Create the profile, or replace all of its facts; what is left out is not stated."""
        person, now = actor(request), timezone.now()
        default = str(CandidateProfile._meta.get_field("currency").get_default())
        facts = facts_of(stated(request), currency=default)
        if CandidateProfile.objects.of(person).exists():
            profile_operations.change(owner=person, facts=untold() | facts, at=now)
            return shown(request)
        profile_operations.create(facts=facts, at=now, user=person)
        return shown(request, status=201)

    @extend_schema(operation_id="profile_patch", request=ProfileInput, responses=ProfileSerializer)
    def patch(self, request: Request) -> Response:
        """Change the facts named and leave the others."""
        profile = profile_operations.find(owner=actor(request))
        facts = facts_of(stated(request), currency=profile.currency)
        profile_operations.change(owner=actor(request), facts=facts, at=timezone.now())
        return shown(request)


class ProfileSecret(APIView):
    @extend_schema(
        operation_id="profile_secret_rotate", request=None, responses={201: SecretSerializer}
    )
    def post(self, request: Request) -> Response:
        """Open a new secret link; the one before it closes."""
        secret = profile_operations.rotate_secret(owner=actor(request))
        return Response({"secret": secret}, status=201, headers={"Cache-Control": "no-store"})

    @operation("profile_secret_revoke", code=204, by="owner")
    def delete(self, request: Request) -> Operation:
        """Close the secret link."""
        return undated(profile_operations.revoke_secret)


class ProfileAdoption(APIView):
    @extend_schema(operation_id="profile_adopt", request=AdoptInput, responses=ProfileSerializer)
    def post(self, request: Request) -> Response:
        """Make a profile that a secret keeps the account's own."""
        profile_operations.adopt(
            user=actor(request), at=timezone.now(), **read(AdoptInput, request)
        )
        return shown(request)


class Resumes(APIView):
    parser_classes = [MultiPartParser]

    @paged("resumes_list", ResumeSerializer, order=("-uploaded_at", "-id"))
    def get(self, request: Request) -> QuerySet[Any]:
        """List the reader's resumes, newest first."""
        return own_resumes(actor(request))

    @operation("resumes_keep", takes=ResumeInput, gives=ResumeSerializer, code=201, by="candidate")
    def post(self, request: Request) -> Operation:
        """Keep a resume; the same file again is the same resume."""
        return uploads.keep_resume


class ResumeDetail(APIView):
    @extend_schema(
        operation_id="resumes_download",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, resume_id: int) -> FileResponse:
        """Download one of the reader's own resumes."""
        return uploads.attachment(get_object_or_404(own_resumes(actor(request)), pk=resume_id))

    @operation("resumes_delete", code=204, by="candidate")
    def delete(self, request: Request, resume_id: int) -> Operation:
        """Delete one of the reader's own resumes and its file."""
        return undated(uploads.delete_resume, resume_id=resume_id)


def own_resumes(person: User) -> QuerySet[Resume]:
    """Return the resumes of an account's own profile."""
    return Resume.objects.filter(profile__user=person)
