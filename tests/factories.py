"""Rows for tests: each factory builds the least that satisfies the constraints.

Situations are traits (``in_review=True``, ``verified=True``), never subclasses. Every factory with
dates takes ``at``: the moment around which its dates lie, now unless the test says otherwise.
"""

from datetime import date, datetime, timedelta

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.utils import timezone
from factory import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory
from knox.models import AuthToken

from opportunities import models
from opportunities.fields import Field
from opportunities.formats import FormatName, Kind
from opportunities.lifecycle import ApplicationStatus, RoleStatus
from opportunities.models.applications import RejectionReason
from opportunities.models.candidates import EVIDENCE, MODES
from opportunities.models.employers import EmployerStatus, MemberRole, VerifiedBy
from opportunities.models.listings import ClosedBecause
from opportunities.models.moderation import DecisionAction, ReportReason, SanctionLevel, Verdict
from opportunities.pay import PayKind

PASSWORD = "correct horse battery staple"
"""What every account of the tests signs in with."""


def days(count: float) -> LazyAttribute:
    """Return a moment some days away from ``at``."""
    return LazyAttribute(lambda row: row.at + timedelta(days=count))


def on(count: int) -> LazyAttribute:
    """Return a date some days away from ``at``."""
    return LazyAttribute(lambda row: row.at.date() + timedelta(days=count))


class UserFactory(DjangoModelFactory):
    class Meta:
        model = models.User
        skip_postgeneration_save = True

    class Params:
        admin = Trait(is_staff=True, is_superuser=True)
        suspended = Trait(suspended_until=LazyFunction(lambda: timezone.now() + timedelta(30)))

    email = Sequence(lambda n: f"person{n}@example.org")
    name = Sequence(lambda n: f"Person {n}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def moderator(self, create: bool, extracted: bool | None, **_: object) -> None:
        """Let the account moderate."""
        if create and extracted:
            self.user_permissions.add(Permission.objects.get(codename="moderate_opportunity"))

    @factory.post_generation
    def confirmed(self, create: bool, extracted: bool | None, **_: object) -> None:
        """Confirm the account's e-mail address, as signing up does."""
        if create and extracted:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class EmployerFactory(DjangoModelFactory):
    class Meta:
        model = models.Employer

    class Params:
        at = LazyFunction(timezone.now)
        verified = Trait(verified_at=SelfAttribute("at"), verified_by=VerifiedBy.DOMAIN)
        suspended = Trait(status=EmployerStatus.SUSPENDED, suspended_until=days(30))
        blocked = Trait(status=EmployerStatus.BLOCKED)

    name = Sequence(lambda n: f"Harbour Studio {n}")
    slug = Sequence(lambda n: f"harbour-studio-{n}")
    domain = Sequence(lambda n: f"harbour{n}.example")
    website = LazyAttribute(lambda row: f"https://{row.domain}/")
    country = "GB"
    created_at = SelfAttribute("at")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = models.Membership

    class Params:
        at = LazyFunction(timezone.now)
        owner = Trait(role=MemberRole.OWNER)

    employer = SubFactory(EmployerFactory)
    user = SubFactory(UserFactory)
    role = MemberRole.MEMBER
    joined_at = SelfAttribute("at")


class TeamInvitationFactory(DjangoModelFactory):
    class Meta:
        model = models.TeamInvitation

    class Params:
        at = LazyFunction(timezone.now)

    employer = SubFactory(EmployerFactory)
    email = Sequence(lambda n: f"invited{n}@example.org")
    secret_digest = Sequence(lambda n: f"{n:064x}")
    created_at = SelfAttribute("at")
    expires_at = days(7)


class EmailVerificationFactory(DjangoModelFactory):
    class Meta:
        model = models.EmailVerification

    class Params:
        at = LazyFunction(timezone.now)

    employer = SubFactory(EmployerFactory)
    user = SubFactory(UserFactory)
    email = LazyAttribute(lambda row: f"office@{row.employer.domain}")
    secret_digest = Sequence(lambda n: f"{n:064x}")
    created_at = SelfAttribute("at")
    expires_at = days(1)


class SkillFactory(DjangoModelFactory):
    class Meta:
        model = models.Skill

    slug = Sequence(lambda n: f"skill-{n}")
    name = Sequence(lambda n: f"Skill {n}")


class SkillAliasFactory(DjangoModelFactory):
    class Meta:
        model = models.SkillAlias

    skill = SubFactory(SkillFactory)
    text = Sequence(lambda n: f"Other name {n}")
    normalized = LazyAttribute(lambda row: row.text.lower())


class SkillBroaderFactory(DjangoModelFactory):
    class Meta:
        model = models.SkillBroader

    child = SubFactory(SkillFactory)
    parent = SubFactory(SkillFactory)


class OpportunityFactory(DjangoModelFactory):
    """A draft micro-internship of 20 hours in two weeks for 400 pounds, complete to submit."""

    class Meta:
        model = models.Opportunity

    class Params:
        at = LazyFunction(timezone.now)
        internship = Trait(
            format=FormatName.INTERNSHIP,
            kind=Kind.INTERNSHIP,
            hours_total=400,
            weeks=10,
            hours_per_week=40,
            schedule="fixed",
            pay_kind=PayKind.HOURLY,
            pay_amount_minor=1500,
            hourly_minor=1500,
            response_days=15,
            steps=["resume", "cover_letter", "interview"],
        )
        micro = Trait()
        in_review = Trait(status=RoleStatus.IN_REVIEW, submitted_at=SelfAttribute("at"))
        changes_asked = Trait(status=RoleStatus.CHANGES_ASKED, submitted_at=SelfAttribute("at"))
        rejected = Trait(status=RoleStatus.REJECTED, submitted_at=SelfAttribute("at"))
        open = Trait(
            status=RoleStatus.OPEN,
            submitted_at=SelfAttribute("at"),
            opened_at=SelfAttribute("at"),
            confirmed_at=SelfAttribute("at"),
        )
        paused = Trait(
            status=RoleStatus.PAUSED,
            submitted_at=SelfAttribute("at"),
            opened_at=SelfAttribute("at"),
            confirmed_at=SelfAttribute("at"),
            paused_at=SelfAttribute("at"),
        )
        closed = Trait(
            status=RoleStatus.CLOSED,
            submitted_at=SelfAttribute("at"),
            opened_at=SelfAttribute("at"),
            confirmed_at=SelfAttribute("at"),
            closed_at=SelfAttribute("at"),
            closed_because=ClosedBecause.EMPLOYER,
        )
        removed = Trait(
            status=RoleStatus.REMOVED,
            submitted_at=SelfAttribute("at"),
            opened_at=SelfAttribute("at"),
            removed_at=SelfAttribute("at"),
        )
        past = Trait(apply_by=on(-1))

    employer = SubFactory(EmployerFactory, verified=True, at=SelfAttribute("..at"))
    format = FormatName.MICRO_INTERNSHIP
    kind = Kind.MICRO
    title = Sequence(lambda n: f"Survey analyst {n}")
    summary = "Turn a survey of visitors into a short report."
    description = "You clean the answers of our survey, count them and write four pages."
    field = Field.DATA
    hours_total = 20
    weeks = 2
    hours_per_week = 10
    start_earliest = on(30)
    start_latest = on(60)
    apply_by = on(28)
    schedule = "flexible"
    mode = "remote"
    country = "GB"
    pay_kind = PayKind.FIXED_FEE
    pay_amount_minor = 40_000
    pay_currency = "GBP"
    pay_days = 14
    hourly_minor = 2000
    response_days = 5
    created_at = SelfAttribute("at")
    changed_at = SelfAttribute("at")


class DeliverableFactory(DjangoModelFactory):
    class Meta:
        model = models.Deliverable

    opportunity = SubFactory(OpportunityFactory)
    position = LazyAttribute(lambda row: row.opportunity.deliverables.count())
    title = "A report of four pages"
    done_means = "Every question of the survey is answered in one table."


class OpportunitySkillFactory(DjangoModelFactory):
    class Meta:
        model = models.OpportunitySkill

    opportunity = SubFactory(OpportunityFactory)
    skill = SubFactory(SkillFactory)


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = models.Question

    opportunity = SubFactory(OpportunityFactory)
    position = LazyAttribute(lambda row: row.opportunity.questions.count())
    text = "Which table would you make first, and why?"


class RolePostFactory(DjangoModelFactory):
    class Meta:
        model = models.RolePost

    class Params:
        at = LazyFunction(timezone.now)
        answered = Trait(
            answer="Yes, from the second week.",
            answered_by=SubFactory(UserFactory),
            answered_at=SelfAttribute("at"),
        )

    opportunity = SubFactory(OpportunityFactory, open=True)
    author = SubFactory(UserFactory)
    question = "May I start a week later?"
    asked_at = SelfAttribute("at")


class CandidateProfileFactory(DjangoModelFactory):
    class Meta:
        model = models.CandidateProfile

    class Params:
        at = LazyFunction(timezone.now)
        anonymous = Trait(user=None, secret_digest=Sequence(lambda n: f"{n:064x}"))
        pseudonym = Trait(visibility=models.Visibility.PSEUDONYM)

    user = SubFactory(UserFactory)
    headline = "Second year, statistics"
    available_from = on(14)
    hours_per_week = 20
    interests = LazyFunction(lambda: {"data": 1})
    modes = LazyFunction(lambda: list(MODES))
    evidence_wanted = LazyFunction(lambda: list(EVIDENCE))
    rights = LazyFunction(lambda: ["GB"])
    created_at = SelfAttribute("at")
    changed_at = SelfAttribute("at")
    seen_at = SelfAttribute("at")


class CandidateSkillFactory(DjangoModelFactory):
    class Meta:
        model = models.CandidateSkill

    profile = SubFactory(CandidateProfileFactory)
    skill = SubFactory(SkillFactory)
    level = 2


class TargetSkillFactory(DjangoModelFactory):
    class Meta:
        model = models.TargetSkill

    profile = SubFactory(CandidateProfileFactory)
    skill = SubFactory(SkillFactory)


class BlockedEmployerFactory(DjangoModelFactory):
    class Meta:
        model = models.BlockedEmployer

    class Params:
        at = LazyFunction(timezone.now)

    profile = SubFactory(CandidateProfileFactory)
    employer = SubFactory(EmployerFactory)
    blocked_at = SelfAttribute("at")


class ProfileSightFactory(DjangoModelFactory):
    class Meta:
        model = models.ProfileSight

    class Params:
        at = LazyFunction(timezone.now)

    employer = SubFactory(EmployerFactory)
    profile = SubFactory(CandidateProfileFactory, pseudonym=True)
    handle = Sequence("{:012d}".format)
    seen_on = on(0)


class ResumeFactory(DjangoModelFactory):
    class Meta:
        model = models.Resume

    class Params:
        at = LazyFunction(timezone.now)

    profile = SubFactory(CandidateProfileFactory)
    file = Sequence(lambda n: f"resumes/{n}.pdf")
    name = "resume.pdf"
    sha256 = "0" * 64
    size = 1000
    uploaded_at = SelfAttribute("at")


class ApplicationFactory(DjangoModelFactory):
    """A waiting application whose answer is due in a week."""

    class Meta:
        model = models.Application

    class Params:
        at = LazyFunction(timezone.now)
        shortlisted = Trait(
            status=ApplicationStatus.SHORTLISTED,
            shortlisted_at=SelfAttribute("at"),
            answered_at=SelfAttribute("at"),
        )
        interviewing = Trait(
            status=ApplicationStatus.INTERVIEWING,
            shortlisted_at=SelfAttribute("at"),
            answered_at=SelfAttribute("at"),
        )
        offered = Trait(
            status=ApplicationStatus.OFFERED,
            answered_at=SelfAttribute("at"),
            offered_at=SelfAttribute("at"),
            offer_lapses_at=days(7),
        )
        accepted = Trait(
            status=ApplicationStatus.ACCEPTED,
            answered_at=SelfAttribute("at"),
            offered_at=SelfAttribute("at"),
            accepted_at=SelfAttribute("at"),
        )
        completed = Trait(
            status=ApplicationStatus.COMPLETED,
            answered_at=SelfAttribute("at"),
            offered_at=SelfAttribute("at"),
            accepted_at=SelfAttribute("at"),
            ended_at=SelfAttribute("at"),
        )
        rejected = Trait(
            status=ApplicationStatus.REJECTED,
            answered_at=SelfAttribute("at"),
            ended_at=SelfAttribute("at"),
            rejection_reason=RejectionReason.SKILLS,
        )
        withdrawn = Trait(status=ApplicationStatus.WITHDRAWN, ended_at=SelfAttribute("at"))
        declined = Trait(
            status=ApplicationStatus.DECLINED,
            offered_at=SelfAttribute("at"),
            ended_at=SelfAttribute("at"),
        )
        lapsed = Trait(
            status=ApplicationStatus.LAPSED,
            offered_at=SelfAttribute("at"),
            ended_at=SelfAttribute("at"),
        )
        released = Trait(status=ApplicationStatus.RELEASED, ended_at=SelfAttribute("at"))
        no_show = Trait(
            status=ApplicationStatus.NO_SHOW,
            accepted_at=SelfAttribute("at"),
            ended_at=SelfAttribute("at"),
        )

    opportunity = SubFactory(OpportunityFactory, open=True, at=SelfAttribute("..at"))
    profile = SubFactory(CandidateProfileFactory, at=SelfAttribute("..at"))
    name = "Ada Example"
    submitted_at = SelfAttribute("at")
    answer_due_on = on(7)
    release_on = on(14)


class AnswerFactory(DjangoModelFactory):
    class Meta:
        model = models.Answer

    application = SubFactory(ApplicationFactory)
    position = LazyAttribute(lambda row: row.application.answers.count())
    question = "Which table would you make first, and why?"
    text = "The one that counts visitors by month."


class ApplicationEventFactory(DjangoModelFactory):
    class Meta:
        model = models.ApplicationEvent

    application = SubFactory(ApplicationFactory)
    action = "submit"
    status = ApplicationStatus.SUBMITTED
    at = LazyFunction(timezone.now)


class ApplicationNoteFactory(DjangoModelFactory):
    class Meta:
        model = models.ApplicationNote

    application = SubFactory(ApplicationFactory)
    author = SubFactory(UserFactory)
    text = "Wrote clearly about her own survey."
    at = LazyFunction(timezone.now)


class InterviewSlotFactory(DjangoModelFactory):
    class Meta:
        model = models.InterviewSlot

    class Params:
        at = LazyFunction(timezone.now)

    application = SubFactory(ApplicationFactory, interviewing=True)
    starts_at = days(3)
    proposed_at = SelfAttribute("at")


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = models.Message

    application = SubFactory(ApplicationFactory)
    sender = SelfAttribute("application.profile.user")
    from_employer = False
    text = "When would the work begin?"
    at = LazyFunction(timezone.now)


class RoleInvitationFactory(DjangoModelFactory):
    class Meta:
        model = models.RoleInvitation

    class Params:
        at = LazyFunction(timezone.now)

    opportunity = SubFactory(OpportunityFactory, open=True)
    profile = SubFactory(CandidateProfileFactory, pseudonym=True)
    invited_by = SubFactory(UserFactory)
    invited_at = SelfAttribute("at")


class CompletionFactory(DjangoModelFactory):
    class Meta:
        model = models.Completion

    class Params:
        at = LazyFunction(timezone.now)
        signed = Trait(
            employer_signed_at=SelfAttribute("at"), candidate_signed_at=SelfAttribute("at")
        )

    application = SubFactory(ApplicationFactory, completed=True)
    hours = 20
    summary = "A report of four pages on the survey."
    paid_minor = 40_000
    paid_currency = "GBP"
    proposed_at = SelfAttribute("at")


class CompletionSkillFactory(DjangoModelFactory):
    class Meta:
        model = models.CompletionSkill

    completion = SubFactory(CompletionFactory)
    skill = SubFactory(SkillFactory)
    level = 2


class ReviewFactory(DjangoModelFactory):
    class Meta:
        model = models.Review

    completion = SubFactory(CompletionFactory)
    by_employer = True
    stars = 4
    at = LazyFunction(timezone.now)


class FindingFactory(DjangoModelFactory):
    class Meta:
        model = models.Finding

    class Params:
        at = LazyFunction(timezone.now)

    opportunity = SubFactory(OpportunityFactory, in_review=True)
    check_name = "pay_is_stated"
    rule = "3.2"
    verdict = Verdict.CLEAR
    detail = "Pay is stated."
    role_version = 1
    found_at = SelfAttribute("at")


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = models.Decision

    class Params:
        at = LazyFunction(timezone.now)

    action = DecisionAction.REJECT
    opportunity = SubFactory(OpportunityFactory, rejected=True)
    employer = SelfAttribute("opportunity.employer")
    moderator = SubFactory(UserFactory, moderator=True)
    rules = LazyFunction(lambda: ["5.3"])
    reason = "The vacancy does not exist."
    decided_at = SelfAttribute("at")


class ReportFactory(DjangoModelFactory):
    class Meta:
        model = models.Report

    class Params:
        at = LazyFunction(timezone.now)

    opportunity = SubFactory(OpportunityFactory, open=True)
    reason = ReportReason.MISLEADING
    text = "The hours are longer than stated."
    reported_at = SelfAttribute("at")


class AppealFactory(DjangoModelFactory):
    class Meta:
        model = models.Appeal

    class Params:
        at = LazyFunction(timezone.now)

    decision = SubFactory(DecisionFactory)
    author = SubFactory(UserFactory)
    text = "The vacancy exists; here is the page that announces it."
    made_at = SelfAttribute("at")


class SanctionFactory(DjangoModelFactory):
    class Meta:
        model = models.Sanction

    class Params:
        at = LazyFunction(timezone.now)
        in_force = Trait(in_force_at=SelfAttribute("at"))
        on_account = Trait(employer=None, account=SubFactory(UserFactory))

    employer = SubFactory(EmployerFactory)
    level = SanctionLevel.WARNING
    reason = "Applicants waited for months."
    proposed_by = SubFactory(UserFactory, moderator=True)
    proposed_at = SelfAttribute("at")


class FingerprintFactory(DjangoModelFactory):
    class Meta:
        model = models.Fingerprint

    opportunity = SubFactory(OpportunityFactory)
    bands = LazyFunction(lambda: [1, 2, 3])
    shingles = LazyFunction(lambda: [1, 2, 3])


class NoticeFactory(DjangoModelFactory):
    class Meta:
        model = models.Notice

    class Params:
        at = LazyFunction(timezone.now)

    recipient = SubFactory(UserFactory)
    kind = "opportunity_approved"
    key = Sequence(lambda n: f"opportunity_approved:{n}")
    subject = "Your role is open"
    body = "People can apply from now on."
    created_at = SelfAttribute("at")


class DeliveryFactory(DjangoModelFactory):
    class Meta:
        model = models.Delivery

    class Params:
        at = LazyFunction(timezone.now)

    notice = SubFactory(NoticeFactory)
    due_at = SelfAttribute("at")


class NoticePreferenceFactory(DjangoModelFactory):
    class Meta:
        model = models.NoticePreference

    user = SubFactory(UserFactory)


class LetterFactory(DjangoModelFactory):
    class Meta:
        model = models.Letter

    class Params:
        at = LazyFunction(timezone.now)

    address = "someone@example.org"
    subject = "You are invited"
    body = "Follow the link."
    written_at = SelfAttribute("at")
    due_at = SelfAttribute("at")


class SavedRoleFactory(DjangoModelFactory):
    class Meta:
        model = models.SavedRole

    class Params:
        at = LazyFunction(timezone.now)

    profile = SubFactory(CandidateProfileFactory)
    opportunity = SubFactory(OpportunityFactory, open=True)
    saved_at = SelfAttribute("at")


class SavedSearchFactory(DjangoModelFactory):
    class Meta:
        model = models.SavedSearch

    class Params:
        at = LazyFunction(timezone.now)

    profile = SubFactory(CandidateProfileFactory)
    name = "Remote data work"
    query = Sequence(lambda n: f"field=data&mode=remote&hours_total_max={20 + n}")
    created_at = SelfAttribute("at")
    looked_at = SelfAttribute("at")


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = models.Site
        django_get_or_create = ("id",)

    id = 1


class PayFloorFactory(DjangoModelFactory):
    class Meta:
        model = models.PayFloor
        django_get_or_create = ("country",)

    country = "GB"
    currency = "GBP"
    hourly_minor = 1300


class ExchangeRateFactory(DjangoModelFactory):
    class Meta:
        model = models.ExchangeRate
        django_get_or_create = ("currency",)

    currency = "EUR"
    rate = "0.85"


class AutoApprovalFactory(DjangoModelFactory):
    class Meta:
        model = models.AutoApproval
        django_get_or_create = ("id",)

    id = 1
    is_on = True


class ReservedWordFactory(DjangoModelFactory):
    class Meta:
        model = models.ReservedWord
        django_get_or_create = ("text",)

    text = "rockstar"
    rule = "2.1"


class StoredAnswerFactory(DjangoModelFactory):
    class Meta:
        model = models.StoredAnswer

    asker = "account:1"
    key = Sequence(lambda n: f"key-{n}")
    request_digest = "0" * 64
    status = 201
    body = b"{}"
    at = LazyFunction(timezone.now)


class TokenGrantFactory(DjangoModelFactory):
    """A grant on a new token; ``secret`` is what its bearer sends."""

    class Meta:
        model = models.TokenGrant
        exclude = ["user", "pair"]

    user = SubFactory(UserFactory)
    pair = LazyAttribute(lambda row: AuthToken.objects.create(user=row.user))
    token = LazyAttribute(lambda row: row.pair[0])
    name = "Our own system"
    scopes = LazyFunction(lambda: ["opportunities:read", "opportunities:write"])
    made_at = LazyFunction(timezone.now)


class EventFactory(DjangoModelFactory):
    class Meta:
        model = models.Event

    type = "opportunity.published"
    subject = Sequence(lambda n: f"opp_{n}")
    url = LazyAttribute(lambda row: f"/api/v1/opportunities/{row.subject}")
    employer = SubFactory(EmployerFactory)
    at = LazyFunction(timezone.now)


class WebhookEndpointFactory(DjangoModelFactory):
    class Meta:
        model = models.WebhookEndpoint

    employer = SubFactory(EmployerFactory)
    url = "https://hooks.example/foothold"
    types = LazyFunction(lambda: ["opportunity.published"])
    secret = "whsec_" + "QUJD" * 8
    created_at = LazyFunction(timezone.now)


class WebhookDeliveryFactory(DjangoModelFactory):
    class Meta:
        model = models.WebhookDelivery

    endpoint = SubFactory(WebhookEndpointFactory)
    event = SubFactory(EventFactory)
    body = "{}"
    created_at = LazyFunction(timezone.now)
    due_at = LazyFunction(timezone.now)


def employer_with_owner(**employer: object) -> tuple[models.Employer, models.User]:
    """Return an employer (verified unless said otherwise) and the person who owns it."""
    membership = MembershipFactory(
        owner=True, employer=EmployerFactory(**{"verified": True, **employer})
    )
    return membership.employer, membership.user


def moment(day: date, hour: int = 9) -> datetime:
    """Return an hour of a day, as a moment."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_default_timezone())
