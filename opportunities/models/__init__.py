"""The marketplace tables. Import models from here, never from the modules inside."""

from opportunities.models.accounts import User
from opportunities.models.applications import (
    Answer,
    Application,
    ApplicationEvent,
    ApplicationNote,
    InterviewSlot,
    Message,
    RoleInvitation,
)
from opportunities.models.candidates import (
    BlockedEmployer,
    CandidateProfile,
    CandidateProfileQuerySet,
    CandidateSkill,
    ProfileSight,
    Resume,
    TargetSkill,
    Visibility,
)
from opportunities.models.completions import Completion, CompletionSkill, Review
from opportunities.models.employers import (
    EmailVerification,
    Employer,
    EmployerQuerySet,
    Membership,
    TeamInvitation,
)
from opportunities.models.imports import ImportJob, ImportState
from opportunities.models.integrations import (
    Event,
    StoredAnswer,
    TokenGrant,
    WebhookDelivery,
    WebhookEndpoint,
)
from opportunities.models.listings import Mode, Opportunity, OpportunityQuerySet, Outcome, Schedule
from opportunities.models.moderation import (
    Appeal,
    Decision,
    Finding,
    Fingerprint,
    FingerprintBand,
    Report,
    Sanction,
)
from opportunities.models.outbox import Delivery, Letter, Notice, NoticePreference
from opportunities.models.role_parts import Deliverable, OpportunitySkill, Question, RolePost
from opportunities.models.saved import SavedRole, SavedSearch
from opportunities.models.sessions import StoredSession
from opportunities.models.site import AutoApproval, ExchangeRate, PayFloor, ReservedWord, Site
from opportunities.models.skills import Skill, SkillAlias, SkillBroader, SkillKind

__all__ = [
    "Answer",
    "Appeal",
    "Application",
    "ApplicationEvent",
    "ApplicationNote",
    "AutoApproval",
    "BlockedEmployer",
    "CandidateProfile",
    "CandidateProfileQuerySet",
    "CandidateSkill",
    "Completion",
    "CompletionSkill",
    "Decision",
    "Deliverable",
    "Delivery",
    "EmailVerification",
    "Employer",
    "EmployerQuerySet",
    "Event",
    "ExchangeRate",
    "Finding",
    "Fingerprint",
    "FingerprintBand",
    "ImportJob",
    "ImportState",
    "InterviewSlot",
    "Letter",
    "Membership",
    "Message",
    "Mode",
    "Notice",
    "NoticePreference",
    "Opportunity",
    "OpportunityQuerySet",
    "OpportunitySkill",
    "Outcome",
    "PayFloor",
    "ProfileSight",
    "Question",
    "Report",
    "ReservedWord",
    "Resume",
    "Review",
    "RoleInvitation",
    "RolePost",
    "Sanction",
    "SavedRole",
    "SavedSearch",
    "Schedule",
    "Site",
    "Skill",
    "SkillAlias",
    "SkillBroader",
    "SkillKind",
    "StoredAnswer",
    "StoredSession",
    "TargetSkill",
    "TeamInvitation",
    "TokenGrant",
    "User",
    "Visibility",
    "WebhookDelivery",
    "WebhookEndpoint",
]
