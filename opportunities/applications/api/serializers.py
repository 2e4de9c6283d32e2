"""The JSON of applications: what each side reads, and what each operation takes. No rule here."""

from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from opportunities.accounts.models import User
from opportunities.applications.models import (
    Application,
    ApplicationEvent,
    ApplicationNote,
    InterviewSlot,
    Message,
    RejectionReason,
    RoleInvitation,
)
from opportunities.applications.possible import possible, possible_from
from opportunities.applications.pseudonyms import Dossier, dossier, shown_name
from opportunities.core.api import OneOf
from opportunities.core.lifecycle import SEATED

CANDIDATES_ACTS = frozenset({"withdraw", "accept", "decline"})
EMPLOYERS_ACTS = frozenset({"shortlist", "interview", "offer", "reject", "no_show"})


class RoleRefSerializer(serializers.Serializer[Any]):
    """The role, as an application names it."""

    id = serializers.CharField(source="public_id")
    title = serializers.CharField()
    kind = serializers.CharField()
    employer = serializers.CharField(source="employer.name")


class SlotSerializer(serializers.ModelSerializer[InterviewSlot]):
    """A time to talk that the employer proposed."""

    class Meta:
        model = InterviewSlot
        fields = ["id", "starts_at", "minutes", "where", "time_zone", "chosen_at"]


class EventSerializer(serializers.ModelSerializer[ApplicationEvent]):
    """One dated step."""

    class Meta:
        model = ApplicationEvent
        fields = ["action", "status", "at", "detail"]


class AnswerSerializer(serializers.Serializer[dict[str, str]]):
    question = serializers.CharField()
    text = serializers.CharField()


class ApplicantSerializer(serializers.Serializer[Dossier]):
    """Who applied and with what; blind until shortlisted if the role says so."""

    name = serializers.CharField()
    school = serializers.CharField()
    email = serializers.CharField()
    is_blind = serializers.BooleanField()
    cover_letter = serializers.CharField()
    work_sample_url = serializers.CharField()
    has_resume = serializers.BooleanField()
    answers = AnswerSerializer(many=True)


class ApplicationBriefSerializer(serializers.ModelSerializer[Application]):
    """An application as lists show it."""

    id = serializers.CharField(source="public_id")
    side = serializers.SerializerMethodField()
    opportunity = RoleRefSerializer()
    name = serializers.SerializerMethodField()

    class Meta:
        model = Application
        fields = [
            "id", "side", "opportunity", "name", "status", "submitted_at", "answer_due_on",
            "release_on", "offer_lapses_at", "ended_at", "version",
        ]  # fmt: skip

    def get_side(self, application: Application) -> str:
        """Say on whose side the reader stands: candidate or employer."""
        return "candidate" if self._is_own(application) else "employer"

    def get_name(self, application: Application) -> str:
        """Return the applicant's name as the reader may see it."""
        return application.name if self._is_own(application) else shown_name(application)

    def _is_own(self, application: Application) -> bool:
        reader: User = self.context["reader"]
        return application.profile.user_id == reader.pk


class ApplicationSerializer(ApplicationBriefSerializer):
    """An application whole: what was sent, the dated track, and what the reader may do now."""

    applicant = serializers.SerializerMethodField()
    slots = SlotSerializer(many=True)
    track = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()
    possible_from = serializers.SerializerMethodField(
        help_text="The day from which the work can be completed or a no-show recorded, while it "
        "lies ahead; else null."
    )
    completion = serializers.SerializerMethodField()

    class Meta(ApplicationBriefSerializer.Meta):
        fields = [
            *ApplicationBriefSerializer.Meta.fields,
            "applicant", "answered_at", "shortlisted_at", "offered_at", "offer_message",
            "accepted_at", "rejection_reason", "rejection_message", "slots", "track", "actions",
            "possible_from", "completion",
        ]  # fmt: skip

    @extend_schema_field(ApplicantSerializer)
    def get_applicant(self, application: Application) -> Any:
        """Return what the reader may know of who applied."""
        seen = dossier(application, for_applicant=self._is_own(application))
        return {
            "name": seen.name,
            "school": seen.school,
            "email": seen.email,
            "is_blind": seen.is_blind,
            "cover_letter": seen.cover_letter,
            "work_sample_url": seen.work_sample_url,
            "has_resume": seen.resume is not None,
            "answers": [{"question": asked, "text": text} for asked, text in seen.answers],
        }

    @extend_schema_field(EventSerializer(many=True))
    def get_track(self, application: Application) -> Any:
        """Return the steps in the order in which they were taken."""
        events = sorted(application.events.all(), key=lambda event: event.pk)
        return EventSerializer(events, many=True).data

    def get_actions(self, application: Application) -> list[str]:
        """Return the operations that the reader may call in this state."""
        own = CANDIDATES_ACTS if self._is_own(application) else EMPLOYERS_ACTS
        now_possible = possible(application, at=timezone.now())
        actions = [act for act in now_possible if act in own]
        if "complete" in now_possible:
            actions.append("complete")
        if application.status in SEATED or actions:
            actions.append("message")
        return actions

    def get_possible_from(self, application: Application) -> date | None:
        """Return the day on which the work may begin, while it lies ahead."""
        return possible_from(application, at=timezone.now())

    def get_completion(self, application: Application) -> str | None:
        """Return the id of the completed work, once one side has written it down."""
        completion = getattr(application, "completion", None)
        return completion.public_id if completion else None


class ApplyInput(serializers.Serializer[dict[str, Any]]):
    """What an applicant hands in."""

    opportunity = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=120)
    answers = serializers.ListField(
        child=serializers.CharField(max_length=3000, allow_blank=True), max_length=6, default=list
    )
    cover_letter = serializers.CharField(max_length=6000, allow_blank=True, default="")
    work_sample_url = serializers.CharField(max_length=300, allow_blank=True, default="")
    resume = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, allow_null=True, default=None
    )


class ProposalInput(serializers.Serializer[dict[str, Any]]):
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(min_value=10, max_value=480, default=30)
    where = serializers.CharField(max_length=300, allow_blank=True, default="")
    time_zone = serializers.CharField(max_length=64, allow_blank=True, default="")


class InterviewInput(serializers.Serializer[dict[str, Any]]):
    """Times to talk, of which the candidate chooses one."""

    slots = ProposalInput(many=True, allow_empty=False, max_length=6)  # type: ignore[call-arg]


class OfferInput(serializers.Serializer[dict[str, Any]]):
    """Until when the offer stands; left out, the site's default."""

    lapses_at = serializers.DateTimeField(allow_null=True, default=None)
    message = serializers.CharField(max_length=2000, allow_blank=True, default="")


class RejectInput(serializers.Serializer[dict[str, Any]]):
    """Why the applicant was not selected."""

    reason = OneOf(
        choices=RejectionReason.choices,
        default=RejectionReason.UNSTATED,
        help_text="It may be left out; the employer's page says how often one is given.",
    )
    message = serializers.CharField(max_length=2000, allow_blank=True, default="")


class NoShowInput(serializers.Serializer[dict[str, Any]]):
    message = serializers.CharField(max_length=2000, allow_blank=True, default="")


class BulkInput(serializers.Serializer[dict[str, Any]]):
    """One act on many applications."""

    action = OneOf(choices=["shortlist", "reject"])
    applications = serializers.ListField(
        child=serializers.CharField(max_length=40), allow_empty=False, max_length=100
    )
    reason = OneOf(choices=RejectionReason.choices, default=RejectionReason.UNSTATED)
    message = serializers.CharField(max_length=2000, allow_blank=True, default="")


class BulkOutcomeSerializer(serializers.Serializer[dict[str, Any]]):
    """What became of one application: no code means that it was done."""

    id = serializers.CharField()
    code = serializers.CharField(allow_null=True)
    detail = serializers.CharField(allow_null=True)


class TextInput(serializers.Serializer[dict[str, Any]]):
    text = serializers.CharField(max_length=4000)


class MessageSerializer(serializers.ModelSerializer[Message]):
    """A message inside an application; a hidden one keeps its place and loses its words."""

    text = serializers.SerializerMethodField()

    class Meta:
        model = Message
        fields = ["id", "from_employer", "text", "at"]

    def get_text(self, message: Message) -> str:
        """Return the words, unless a moderator hid them."""
        return "" if message.hidden_at else message.text


class NoteSerializer(serializers.ModelSerializer[ApplicationNote]):
    """A note of the employer's own."""

    class Meta:
        model = ApplicationNote
        fields = ["id", "text", "at"]


class InvitationSerializer(serializers.ModelSerializer[RoleInvitation]):
    """An employer's invitation to apply."""

    opportunity = RoleRefSerializer()

    class Meta:
        model = RoleInvitation
        fields = ["id", "opportunity", "message", "invited_at", "declined_at"]


class InviteInput(serializers.Serializer[dict[str, Any]]):
    """Whom to invite, by the handle under which the employer knows them."""

    candidate = serializers.CharField(max_length=20)
    message = serializers.CharField(max_length=1000, allow_blank=True, default="")
