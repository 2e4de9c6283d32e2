"""One market in every state, and everybody who may come to look."""

from datetime import UTC, datetime
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core import signing
from django.core.files.base import ContentFile

from matching.models import Run
from opportunities.accounts import second_factor
from opportunities.accounts.models import User
from opportunities.candidates.models import Visibility
from opportunities.core.lifecycle import ApplicationStatus, RoleStatus
from opportunities.employers.models import Employer, EmployerStatus, Membership
from opportunities.employers.operations import digest
from opportunities.engagements import credentials
from opportunities.messaging.delivery import UNSUBSCRIBE_SALT
from opportunities.moderation.models import SanctionLevel
from tests import factories as make
from tests.permissions.routes import PARAMETER, STATES, Route

NOW: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)

POWERFUL: Final = ("moderator", "own moderator", "admin")
"""Whom the site asks for a second factor; they have used it in the session they ask in."""


class World:
    """One employer with roles and applications, its likes under sanction, and the people."""

    def __init__(self) -> None:
        users = {
            "candidate": make.CandidateProfileFactory(
                visibility=Visibility.PSEUDONYM, portfolio_is_public=True, at=NOW
            ).user,
            "candidate 2": make.CandidateProfileFactory(at=NOW).user,
            "member": make.UserFactory(),
            "owner": make.UserFactory(),
            "employer 2": make.employer_with_owner(at=NOW)[1],
            "moderator": make.UserFactory(moderator=True),
            "own moderator": make.UserFactory(moderator=True),
            "admin": make.UserFactory(admin=True),
        }
        for who in POWERFUL:
            Authenticator.objects.create(
                user=users[who], type=Authenticator.Type.TOTP, data={}, last_used_at=NOW
            )
        self.people: dict[str, User | None] = {"anonymous": None} | users
        self.profile = users["candidate"].profile
        self.employers = {state: self._employer(state) for state in EmployerStatus.values}
        self.employer = self.employers[EmployerStatus.ACTIVE]
        self.silent = self._staffed(make.EmployerFactory(verified=True, at=NOW))
        self.roles = {state: self._role(state) for state in STATES["role"]}
        self.resume = self._resume()
        self.applications = {state: self._application(state) for state in STATES["application"]}
        make.ApplicationFactory(opportunity=self.roles[RoleStatus.OPEN], at=NOW)
        self.row: dict[str, dict[str, Any]] = {
            "employer": self.employers,
            "role": self.roles,
            "application": self.applications,
            "completion": self._completions(),
            "sanction": {
                "proposed": self._block(EmployerStatus.SUSPENDED),
                "in force": self._block(
                    EmployerStatus.BLOCKED,
                    in_force=True,
                    confirmed_by=make.UserFactory(moderator=True),
                ),
            },
            **self._complaints(),
        }
        self._letters_and_keys()
        self._rungs()
        everybody = User.objects.filter(pk__in=[user.pk for user in users.values()])
        fresh = {user.pk: user for user in second_factor.with_demand(everybody)}
        for user in fresh.values():
            user.get_all_permissions()  # kept with the account, which every request copies
        self.people |= {who: fresh[user.pk] for who, user in users.items()}

    def _employer(self, status: str) -> Employer:
        """Return an employer in this state, with the same three people acting for it."""
        is_active = status == EmployerStatus.ACTIVE
        employer = self._staffed(
            make.EmployerFactory(
                at=NOW, verified=is_active, **_trait(status, EmployerStatus.ACTIVE)
            )
        )
        invited = make.TeamInvitationFactory(
            employer=employer,
            email=self.people["candidate 2"].email,
            secret_digest=digest(f"join {status}"),
            at=NOW,
        )
        membership = employer.memberships.get(user=self.people["member"])
        self.parts: dict[tuple[str, str], Any] = getattr(self, "parts", {}) | {
            ("member", status): membership.pk,
            ("invitation", status): invited.pk,
        }
        return employer

    def _staffed(self, employer: Employer) -> Employer:
        """Let the same three people act for an employer."""
        for who, role in (("member", "member"), ("owner", "owner"), ("own moderator", "member")):
            Membership.objects.create(
                employer=employer, user=self.people[who], role=role, joined_at=NOW
            )
        return employer

    def _role(self, status: str) -> Any:
        # Who has not said what became of a closed role posts no other one.
        employer = self.silent if status == RoleStatus.CLOSED else self.employer
        role = make.OpportunityFactory(
            employer=employer, at=NOW, **_trait(status, RoleStatus.DRAFT)
        )
        author = self.people["candidate"]
        post = make.RolePostFactory(opportunity=role, author=author, at=NOW)
        self.parts["post", status] = post.pk
        return role

    def _application(self, status: str) -> Any:
        application = make.ApplicationFactory(
            opportunity=make.OpportunityFactory(
                employer=self.employer, open=True, at=NOW, start_earliest=NOW.date()
            ),
            profile=self.profile,
            at=NOW,
            **_trait(status, ApplicationStatus.SUBMITTED),
        )
        application.resume = self.resume
        application.save(update_fields=["resume"])
        slot = make.InterviewSlotFactory(application=application, at=NOW)
        self.parts["slot", status] = slot.pk
        return application

    def _resume(self) -> Any:
        resume = make.ResumeFactory(profile=self.profile, at=NOW)
        resume.file.save("resume.pdf", ContentFile(b"%PDF-1.7 nothing"))
        return resume

    def _completions(self) -> dict[str, Any]:
        signed = self.applications[ApplicationStatus.COMPLETED]
        proposed = self.applications[ApplicationStatus.ACCEPTED]
        return {
            "signed": make.CompletionFactory(
                application=signed, signed=True, is_public=True, at=NOW
            ),
            "proposed": make.CompletionFactory(application=proposed, at=NOW),
        }

    def _block(self, status: str, **traits: Any) -> Any:
        return make.SanctionFactory(
            employer=self.employers[status], level=SanctionLevel.BLOCK, at=NOW, **traits
        )

    def _rungs(self) -> None:
        """Let an employer and a person stand on each rung of the ladder but the last."""
        for whom in (
            {"employer": self.employer},
            {"employer": None, "account": self.people["candidate"]},
        ):
            for level in (SanctionLevel.WARNING, SanctionLevel.SUSPENSION):
                ends = NOW if level == SanctionLevel.SUSPENSION else None
                make.SanctionFactory(level=level, in_force=True, ends_at=ends, at=NOW, **whom)

    def _complaints(self) -> dict[str, dict[str, Any]]:
        told, heard = [
            make.DecisionFactory(
                opportunity=make.OpportunityFactory(employer=self.employer, rejected=True, at=NOW),
                at=NOW,
            )
            for _ in range(2)
        ]
        self.decision = told
        refused = make.DecisionFactory(opportunity=heard.opportunity, at=NOW)
        other = make.UserFactory(moderator=True)
        role = self.roles[RoleStatus.OPEN]
        return {
            "report": {
                "waiting": make.ReportFactory(opportunity=role, at=NOW),
                "answered": make.ReportFactory(
                    opportunity=role, at=NOW, upheld=True, answered_at=NOW
                ),
            },
            "appeal": {
                "waiting": make.AppealFactory(decision=heard, at=NOW),
                "heard": make.AppealFactory(
                    decision=refused, at=NOW, granted=False, heard_by=other, heard_at=NOW
                ),
            },
        }

    def _letters_and_keys(self) -> None:
        """Make what an address can name beside what has states."""
        candidate, owner = self.people["candidate"], self.people["owner"]
        make.EmailVerificationFactory(
            employer=self.employer, secret_digest=digest("verify"), user=owner, at=NOW
        )
        make.CandidateProfileFactory(anonymous=True, secret_digest=digest("k"), at=NOW)
        invited_to = make.OpportunityFactory(employer=self.employer, open=True, at=NOW)
        delivery = make.WebhookDeliveryFactory(
            endpoint=make.WebhookEndpointFactory(employer=self.employer)
        )
        reading = make.SourceReadingFactory(
            source=make.SourceFactory(employer=self.employer, at=NOW), finished=True, at=NOW
        )
        submitted = self.applications[ApplicationStatus.SUBMITTED]
        self.credential = credentials.issue(self.row["completion"]["signed"])
        self.handle = make.ProfileSightFactory(profile=self.profile, employer=self.employer).handle
        self.new_role = make.OpportunityFactory(employer=self.employer, open=True, at=NOW)
        self.ids = {
            "profile": self.profile.public_id,
            "search": make.SavedSearchFactory(profile=self.profile, at=NOW).public_id,
            "notice": make.NoticeFactory(recipient=candidate, at=NOW).public_id,
            "plan": make.PlannedRoleFactory(plan__profile=self.profile, at=NOW).plan.public_id,
            "run": Run.objects.create(created_at=NOW).public_id,
            "webhook": delivery.endpoint.public_id,
            "import": make.ImportJobFactory(employer=self.employer, at=NOW).public_id,
            "source": reading.source.public_id,
        }
        self.values = {
            "reading_id": reading.public_id,
            "doubt": make.DoubtFactory(source=reading.source, at=NOW).pk,
            "delivery_id": delivery.public_id,
            "grant": make.TokenGrantFactory(user=candidate).pk,
            "decision": self.decision.pk,
            "resume_id": self._resume().pk,
            "message": make.MessageFactory(application=submitted).pk,
            "token": signing.dumps(candidate.pk, salt=UNSUBSCRIBE_SALT),
            "search_id": self.ids["search"],
            "notice_id": self.ids["notice"],
            "group": "opportunities",
            "source": "source", "external_id": "1", "pk": 1, "url": "nowhere/",
            "app_label": "roles", "content_type_id": 1, "object_id": 1,
            "uidb36": "1", "key": "1-2", "slug": make.SkillFactory().slug,
        }  # fmt: skip
        wish = make.RoleInvitationFactory(
            opportunity=invited_to, profile=self.profile, invited_by=owner, at=NOW
        )
        self.values |= {
            "invitation_id": wish.pk,
            "invitation": wish.pk,
            "resume": self.values["resume_id"],
            "draft": make.DraftFactory(writer=candidate).pk,
            "statement": make.ExternalApplicationFactory(profile=self.profile, at=NOW).pk,
        }

    def address(self, route: Route, state: str) -> str:
        """Fill in every parameter of an address."""
        path = route.path.replace("<record>", state.replace(".", "/"))
        kind = route.kind
        return "/" + PARAMETER.sub(
            lambda found: str(self._value(found[1] or found[2], route, kind, state)), path
        )

    def button_row(self, route: Route) -> Any:
        """Return the key of the row that a button of the admin is pressed for."""
        label = route.path.removeprefix("admin/").rstrip("/").replace("/", ".")
        if label == "accounts.user":
            return self.profile.user_id
        first = apps.get_model(label)._default_manager.order_by("pk").first()
        return 0 if first is None else first.pk

    def _value(self, name: str, route: Route, kind: str, state: str) -> Any:
        if kind == "record":
            first = apps.get_model(state)._default_manager.order_by("pk").first()
            return 0 if first is None else first.pk
        if kind in self.row and name in {"public_id", "slug", "sanction", "sanction_id"}:
            row = self.row[kind][state]
            return {"slug": getattr(row, "slug", "role")}.get(name) or (
                row.pk if name.startswith("sanction") else row.public_id
            )
        if name == "public_id":
            return self.ids[kind]
        if (part := (name.removesuffix("_id"), state)) in self.parts:
            return self.parts[part]
        if name == "secret":
            first = route.path.split("/")[-3]
            return {"join": "join active"}.get(first, first)
        return self.values[name]


def _trait(status: str, plain: str) -> dict[str, bool]:
    """Return the trait of a factory that makes a row of this state."""
    return {} if status == plain else {status: True}
