"""Rows for tests: each factory builds the least that satisfies the constraints.

Situations are traits (``in_review=True``, ``verified=True``), never subclasses. Every factory with
dates takes ``at``: the moment around which its dates lie, now unless the test says otherwise.
"""

from factory import Factory, Trait

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
    PromisedProfileFactory,
    ResumeFactory,
    TargetSkillFactory,
)
from tests.factories.integrations import (
    DoubtFactory,
    EventFactory,
    ImportJobFactory,
    ReadRowFactory,
    SourceFactory,
    SourceReadingFactory,
    StoredAnswerFactory,
    TokenGrantFactory,
    WebhookDeliveryFactory,
    WebhookEndpointFactory,
)
from tests.factories.oversight import (
    AppealFactory,
    DecisionFactory,
    FindingFactory,
    FingerprintBandFactory,
    FingerprintFactory,
    HeldDecisionFactory,
    ReportFactory,
    SanctionFactory,
)
from tests.factories.people import (
    DraftFactory,
    EmailVerificationFactory,
    EmployerFactory,
    MembershipFactory,
    TeamInvitationFactory,
    UserFactory,
    employer_with_owner,
)
from tests.factories.planning import CandidatePlanFactory, PlannedRoleFactory
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
    PolicyReportFactory,
    ReservedWordFactory,
    SentFormFactory,
    SiteFactory,
)
from tests.factories.situations import PASSWORD, days, moment, on
from tests.factories.telling import (
    DeliveryFactory,
    ExternalApplicationFactory,
    ExternalClicksFactory,
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
    "CandidatePlanFactory",
    "CandidateProfileFactory",
    "CandidateSkillFactory",
    "CompletionFactory",
    "CompletionSkillFactory",
    "DecisionFactory",
    "DeliverableFactory",
    "DeliveryFactory",
    "DoubtFactory",
    "DraftFactory",
    "EmailVerificationFactory",
    "EmployerFactory",
    "EventFactory",
    "ExchangeRateFactory",
    "ExternalApplicationFactory",
    "ExternalClicksFactory",
    "FindingFactory",
    "FingerprintBandFactory",
    "FingerprintFactory",
    "HeldDecisionFactory",
    "ImportJobFactory",
    "InterviewSlotFactory",
    "LetterFactory",
    "MembershipFactory",
    "MessageFactory",
    "NoticeFactory",
    "NoticePreferenceFactory",
    "OpportunityFactory",
    "OpportunitySkillFactory",
    "PayFloorFactory",
    "PlannedRoleFactory",
    "PolicyReportFactory",
    "ProfileSightFactory",
    "PromisedProfileFactory",
    "QuestionFactory",
    "ReadRowFactory",
    "ReportFactory",
    "ReservedWordFactory",
    "ResumeFactory",
    "ReviewFactory",
    "RoleInvitationFactory",
    "RolePostFactory",
    "SanctionFactory",
    "SavedRoleFactory",
    "SavedSearchFactory",
    "SentFormFactory",
    "SiteFactory",
    "SkillAliasFactory",
    "SkillBroaderFactory",
    "SkillFactory",
    "SourceFactory",
    "SourceReadingFactory",
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


def say_no_to_traits(factory: type[Factory]) -> None:
    """Let a trait that nobody asks for be False rather than missing.

    The library asks for it once for each of its fields, and writes all that it knows into an error
    each time that it is missing.
    """
    traits = [name for name, made in factory._meta.parameters.items() if isinstance(made, Trait)]
    factory._meta.pre_declarations.update(dict.fromkeys(traits, False))


for made in [*vars().values()]:
    if isinstance(made, type) and issubclass(made, Factory):
        say_no_to_traits(made)
