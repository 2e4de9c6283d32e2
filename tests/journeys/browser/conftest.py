"""Chromium, a small market, and people who are already signed in."""

import os
import time
from datetime import timedelta
from functools import cached_property

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import sync_playwright

from matching.store import live
from opportunities.applications import applying
from opportunities.applications.applying import Papers
from opportunities.candidates import profiles
from opportunities.importing.models import SourceReading
from opportunities.messaging import delivery
from opportunities.roles.publishing import submitting
from tests.chromium import FLAGS, chromium
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    CandidateSkillFactory,
    CompletionFactory,
    CompletionSkillFactory,
    DeliverableFactory,
    DoubtFactory,
    EmployerFactory,
    ImportJobFactory,
    MembershipFactory,
    MessageFactory,
    OpportunityFactory,
    OpportunitySkillFactory,
    PlannedRoleFactory,
    ReadRowFactory,
    SanctionFactory,
    SkillFactory,
    SourceFactory,
    SourceReadingFactory,
    UserFactory,
)


@pytest.fixture(scope="session")
def browser():
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright runs an event loop of its own
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium(), chromium_sandbox=False, args=FLAGS
        )
        yield running
        running.close()


class Market:
    """Rows that every page has something to say about."""

    def __init__(self):
        live.forget()
        now = timezone.now()
        self.moderator = UserFactory(moderator=True, name="Mona Derate")
        self.profile = CandidateProfileFactory(hours_per_week=40, portfolio_is_public=True)
        self.candidate = self.profile.user
        member = MembershipFactory(owner=True, employer=EmployerFactory(verified=True))
        self.member, self.employer = member.user, member.employer
        skill = SkillFactory(name="Spreadsheets")
        CandidateSkillFactory(profile=self.profile, skill=skill)
        self.roles = [
            OpportunityFactory(
                open=True,
                employer=self.employer,
                title=title,
                description=f"{title}, week by week, with somebody to ask. " * 3,
                hours_total=hours,
                weeks=weeks,
                hours_per_week=None,
            )
            for title, hours, weeks in (
                ("Chart a donor survey", 20, 2),
                ("Edit a harbour podcast", 12, 1),
                ("Sort museum letters", 30, 4),
            )
        ]
        self.roles.append(
            OpportunityFactory(
                open=True, internship=True, employer=self.employer, title="Data intern"
            )
        )
        for role in self.roles:
            DeliverableFactory(opportunity=role)
            OpportunitySkillFactory(opportunity=role, skill=skill)
        waiting = OpportunityFactory(
            employer=self.employer,
            title="Growth helper",
            description="You pay a £35 registration fee before you start on our accounts.",
        )
        submitting.submit(opportunity_id=waiting.pk, actor=self.member, at=now)
        self.waiting = waiting
        SanctionFactory(in_force=True, employer__name="Late Answers Ltd")
        SanctionFactory(in_force=True, on_account=True)
        self.draft = OpportunityFactory(employer=self.employer, title="Count the harbour birds")
        OpportunitySkillFactory(opportunity=self.draft, skill=skill)
        fault = {"row": 3, "line": 4, "field": "weeks", "code": "out_of_range"}
        fault |= {"reason": "1e+09 is above 520."}
        self.imported = ImportJobFactory(
            employer=self.employer, finished=True, total=3, done=3, added=2, left_out=1,
            faults=[fault],
        )  # fmt: skip
        self.read = self._source()
        self.application = applying.apply(
            opportunity_id=self.roles[0].pk,
            candidate=self.candidate,
            papers=Papers(name="Ana Baker"),
            at=now - timedelta(hours=1),
        )
        self.taken, *self.worked = [
            ApplicationFactory(
                profile=self.profile,
                opportunity=OpportunityFactory(
                    open=True, employer=self.employer, title=title, start_earliest=None
                ),
                **{status: True},
            )
            for title, status in (
                ("Film a lock", "accepted"),
                ("Draw a tide table", "accepted"),
                ("Sort sea charts", "completed"),
            )
        ]
        OpportunitySkillFactory(opportunity=self.taken.opportunity, skill=skill)
        for work in self.worked:
            done = CompletionFactory(
                application=work,
                deliverables=[{"title": "The table", "url": "https://example.org/table"}],
                employer_signed_at=now,
                candidate_signed_at=now if work.status == "completed" else None,
                is_public=work.status == "completed",
            )
            CompletionSkillFactory(completion=done, skill=skill)

        planned = PlannedRoleFactory(plan__profile=self.profile, role=self.roles[1])
        PlannedRoleFactory(plan=planned.plan, role=self.roles[2], stands_in_for=planned)
        self.plan = planned.plan

    anybody = None

    @cached_property
    def secured(self):
        """Return somebody with an app, recovery codes and a key."""
        person = UserFactory(confirmed=True)
        TOTP.activate(person, generate_totp_secret())
        RecoveryCodes.activate(person)
        Authenticator.objects.create(
            user=person,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "My laptop", "credential": {}},
        )
        return person

    @cached_property
    def message(self):
        """Return what the employer wrote to the candidate."""
        return MessageFactory(application=self.application, sender=self.member, from_employer=True)

    @cached_property
    def secret(self):
        """Return the secret of a profile without an account."""
        guest = CandidateProfileFactory(user=None, secret_digest="of no secret")
        return profiles.rotate_secret(owner=profiles.Link(guest.secret_digest))

    def _source(self):
        """Return the reading of a source that asks two things and has roles that left."""
        source = SourceFactory(
            employer=self.employer, on=True, name="boards.example jobs.json", shape="Greenhouse"
        )
        DoubtFactory(source=source, title="Chart the donor survey", opportunity=self.roles[0])
        reading = SourceReadingFactory(
            source=source, kind="read", finished=True, total=4, done=4, added=2, left_out=1,
            asked=1, gone=1,
        )  # fmt: skip
        SourceReading.objects.filter(pk=reading.pk).update(state="held")
        for position, (fate, detail) in enumerate(
            [
                ("new", "It is in review."), ("new", "It is in review."),
                ("refused", "title: is missing."),
                ("asked", "It looks like “Chart a donor survey”. Say whether it is the same role."),
            ],
            1,
        ):  # fmt: skip
            ReadRowFactory(
                reading=reading, position=position, line=position, fate=fate, detail=detail
            )
        ReadRowFactory(reading=reading, position=5, fate="held", opportunity=self.roles[3])
        return reading

    def pages(self):
        """Return the pages to look at, by who asks for them."""
        role, application = self.roles[1], self.application.public_id
        worked = [each.public_id for each in (self.taken, *self.worked)]
        draft, open_role = self.draft.public_id, self.roles[0].public_id
        done = self.worked[-1].completion.public_id
        key = self.secured.authenticator_set.get(type=Authenticator.Type.WEBAUTHN)
        return {
            "anybody": [
                "/", "/opportunities/", f"/opportunities/{role.slug}-{role.public_id}/",
                f"/employers/{self.employer.slug}/", "/employers/", "/rules/", "/privacy/",
                "/terms/", "/contact/", "/accessibility/", "/how-matching-works/", "/start/skills/",
                "/start/field/", "/start/check/", "/accounts/login/", "/accounts/signup/",
                "/api/docs/", "/nowhere/", "/problems/validation/",
                f"/opportunities/{role.slug}-{role.public_id}/report/", "/alerts/new/?field=data",
                "/settings/keys/", "/keep/", "/employer/roles/new/", "/formats/",
                "/formats/sprint-internship/", "/credentials/verify/", "/accounts/password/reset/",
                "/accounts/login/code/", "/accounts/signup/passkey/", f"/credentials/{done}/",
                f"/people/{self.profile.public_id}/", f"/employers/{self.employer.slug}/report/",
                f"/k/{self.secret}/", delivery.unsubscribe_path(self.candidate),
                "/accounts/password/reset/done/", "/accounts/inactive/",
            ],
            "member": [
                "/employer/", f"/employer/roles/{open_role}/",
                f"/employer/roles/{open_role}/applicants/",
                f"/employer/applications/{application}/",
                *(f"/employer/applications/{each}/" for each in worked),
                f"/employer/roles/{open_role}/candidates/",
                f"/employer/roles/{open_role}/edit/?open=pay", f"/employer/roles/{draft}/edit/",
                f"/employer/roles/{draft}/edit/?open=questions",
                f"/employer/roles/{draft}/", f"/employer/roles/{self.waiting.public_id}/",
                f"/employer/profile/{self.employer.slug}/",
                f"/employer/team/{self.employer.slug}/",
                f"/employer/webhooks/{self.employer.slug}/",
                "/employer/new/", "/employer/paste/", "/employer/verify/some-secret/",
                "/employer/imports/", "/employer/join/some-secret/",
                f"/employer/applications/{self.worked[-1].public_id}/revoke/",
                f"/employer/imports/{self.imported.public_id}/", "/employer/sources/",
                f"/employer/sources/{self.read.source.public_id}/",
                f"/employer/sources/{self.read.source.public_id}/columns/",
                f"/employer/sources/{self.read.source.public_id}/readings/{self.read.public_id}/",
            ],
            "candidate": [
                "/matches/", "/matches/?view=one", "/paths/", f"/matches/{role.public_id}/why/",
                f"/matches/{role.public_id}/not-for-me/",
                f"/compare/?ids={self.roles[0].public_id}&ids={role.public_id}",
                f"/opportunities/{role.slug}-{role.public_id}/apply/", "/applications/",
                f"/applications/{application}/", *(f"/applications/{each}/" for each in worked),
                "/plans/", f"/plans/{self.plan.public_id}/", "/notices/", "/matches/new/",
                "/notices/kinds/",
                "/me/", "/me/drafts/", "/me/erase/", "/me/seen/", "/me/time-zone/", "/me/tokens/",
                "/accounts/email/", "/accounts/password/change/", "/accounts/reauthenticate/",
                "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/",
                "/accounts/2fa/webauthn/add/", "/me/profile/", "/saved/", "/keep/", "/employer/",
                "/moderate/", "/accounts/logout/",
                f"/messages/{self.message.pk}/report/",
                f"/opportunities/{role.slug}-{role.public_id}/", "/",
            ],
            "secured": [
                "/accounts/2fa/", "/accounts/2fa/recovery-codes/",
                "/accounts/2fa/recovery-codes/generate/", "/accounts/2fa/totp/deactivate/",
                "/accounts/2fa/webauthn/", "/accounts/2fa/reauthenticate/",
                f"/accounts/2fa/webauthn/keys/{key.pk}/edit/",
                f"/accounts/2fa/webauthn/keys/{key.pk}/remove/",
            ],
            "moderator": [
                f"/moderate/roles/{self.waiting.public_id}/", "/moderate/reports/",
                "/moderate/appeals/", "/moderate/log/", "/moderate/employers/",
                "/moderate/sanctions/",
            ],
        }  # fmt: skip


@pytest.fixture
def market(transactional_db):
    yield Market()
    live.forget()


@pytest.fixture(autouse=True)
def _plain_cookies(settings):
    """Let cookies pass over plain HTTP: the browser drives a server without TLS."""
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "sessionid", False
    settings.CSRF_COOKIE_NAME, settings.CSRF_COOKIE_SECURE = "csrftoken", False


@pytest.fixture
def visit(browser, live_server):
    """Open a window: width, scheme, script, motion, and who is signed in.

    Without motion no page fades into the next: that draws sixty pictures a second of each.
    """
    opened = []

    def window(*, width=1280, scheme="light", script=True, motion=False, user=None):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="no-preference" if motion else "reduce",
            java_script_enabled=script,
            base_url=live_server.url,
        )
        opened.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            session = client.session  # as a sign-in leaves it: nobody is asked for a password again
            session.setdefault(
                "account_authentication_methods", [{"method": "password", "at": time.time()}]
            )
            session["account_authentication_methods_user"] = str(user.pk)
            session.save()
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies(
                [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
            )
        return context.new_page()

    yield window
    for context in opened:
        context.close()
