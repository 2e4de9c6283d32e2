"""Rows for tests: each factory builds the least that satisfies the constraints.

Situations are traits (``in_review=True``, ``verified=True``), never subclasses. Every factory with
dates takes ``at``: the moment around which its dates lie, now unless the test says otherwise.
"""

from tests.factories.applications import (
    AnswerFactory,
    ApplicationEventFactory,
    ApplicationFactory,
    ApplicationNoteFactory,
    CompletionFactory,
    CompletionSkillFactory,
    InterviewSlotFactory,
    MessageFactory,
    ReviewFactory,
    RoleInvitationFactory,
)
from tests.factories.candidates import (
    BlockedEmployerFactory,
    CandidateProfileFactory,
    CandidateSkillFactory,
    ProfileSightFactory,
    ResumeFactory,
    TargetSkillFactory,
)
from tests.factories.integrations import (
    EventFactory,
    StoredAnswerFactory,
    TokenGrantFactory,
    WebhookDeliveryFactory,
    WebhookEndpointFactory,
)
from tests.factories.oversight import (
    AppealFactory,
    DecisionFactory,
    FindingFactory,
    FingerprintFactory,
    ReportFactory,
    SanctionFactory,
)
from tests.factories.people import (
    EmailVerificationFactory,
    EmployerFactory,
    MembershipFactory,
    TeamInvitationFactory,
    UserFactory,
    employer_with_owner,
)
from tests.factories.roles import (
    DeliverableFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    QuestionFactory,
    RolePostFactory,
    SkillAliasFactory,
    SkillBroaderFactory,
    SkillFactory,
)
from tests.factories.site import (
    AutoApprovalFactory,
    ExchangeRateFactory,
    PayFloorFactory,
    ReservedWordFactory,
    SiteFactory,
)
from tests.factories.situations import (
    PASSWORD,
    days,
    moment,
    on,
)
from tests.factories.telling import (
    DeliveryFactory,
    LetterFactory,
    NoticeFactory,
    NoticePreferenceFactory,
    SavedRoleFactory,
    SavedSearchFactory,
)

__all__ = [
    "PASSWORD",
    "AnswerFactory",
    "AppealFactory",
    "ApplicationEventFactory",
    "ApplicationFactory",
    "ApplicationNoteFactory",
    "AutoApprovalFactory",
    "BlockedEmployerFactory",
    "CandidateProfileFactory",
    "CandidateSkillFactory",
    "CompletionFactory",
    "CompletionSkillFactory",
    "DecisionFactory",
    "DeliverableFactory",
    "DeliveryFactory",
    "EmailVerificationFactory",
    "EmployerFactory",
    "EventFactory",
    "ExchangeRateFactory",
    "FindingFactory",
    "FingerprintFactory",
    "InterviewSlotFactory",
    "LetterFactory",
    "MembershipFactory",
    "MessageFactory",
    "NoticeFactory",
    "NoticePreferenceFactory",
    "OpportunityFactory",
    "OpportunitySkillFactory",
    "PayFloorFactory",
    "ProfileSightFactory",
    "QuestionFactory",
    "ReportFactory",
    "ReservedWordFactory",
    "ResumeFactory",
    "ReviewFactory",
    "RoleInvitationFactory",
    "RolePostFactory",
    "SanctionFactory",
    "SavedRoleFactory",
    "SavedSearchFactory",
    "SiteFactory",
    "SkillAliasFactory",
    "SkillBroaderFactory",
    "SkillFactory",
    "StoredAnswerFactory",
    "TargetSkillFactory",
    "TeamInvitationFactory",
    "TokenGrantFactory",
    "UserFactory",
    "WebhookDeliveryFactory",
    "WebhookEndpointFactory",
    "days",
    "employer_with_owner",
    "moment",
    "on",
]
