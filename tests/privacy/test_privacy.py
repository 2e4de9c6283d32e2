"""A person's data: all of it comes out, none of it stays, nobody else's is touched."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction, utils
from django.db.models import SET_NULL, CharField, EmailField, JSONField, TextField
from django.test import Client
from django.utils import translation
from knox.models import AuthToken

from opportunities import ROOMS
from opportunities.accounts.models import StoredAnswer, User
from opportunities.applications import tracking
from opportunities.applications.models import Application
from opportunities.candidates import blocking, profiles
from opportunities.candidates.models import BlockedEmployer, CandidateProfile, Resume
from opportunities.core.errors import Conflict, NotFound
from opportunities.core.lifecycle import ApplicationStatus
from opportunities.core.retention import RULES
from opportunities.messaging.models import Delivery, Letter, Notice
from opportunities.messaging.notify import notify
from opportunities.moderation.models import Decision
from opportunities.privacy.erase import erase
from opportunities.privacy.export import archive
from opportunities.privacy.inventory import INVENTORY, Fate, entries
from opportunities.privacy.retention import sweep
from opportunities.promises import answers
from opportunities.roles.models import Opportunity
from tests import factories
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    EventFactory,
    MembershipFactory,
    NoticeFactory,
    OpportunityFactory,
    UserFactory,
    employer_with_owner,
)
from tests.privacy.without_a_person import WITHOUT_A_PERSON

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
CANARY = "canary7f3a"

PERSONAL = {
    "User": ["email", "name", "time_zone", "browser_zone", "language", "browser_language"],
    "CandidateProfile": [
        "headline", "about", "school", "weekly_hours", "areas", "interests", "importance",
        "secret_digest",
    ],
    "SavedSearch": ["name", "query"],
    "RoleInvitation": ["message"],
    "Resume": ["name"],
    "Application": [
        "name", "cover_letter", "work_sample_url", "offer_message", "rejection_message",
    ],
    "Answer": ["question", "text"],
    "ApplicationNote": ["text"],
    "InterviewSlot": ["where", "time_zone"],
    "Message": ["text"],
    "Completion": ["summary", "deliverables", "revoked_because"],
    "Review": ["text"],
    "Notice": ["subject", "body", "translations", "url"],
    "Report": ["text", "answer"],
    "RolePost": ["question"],
    "Appeal": ["text", "answer"],
    "Sanction": ["reason"],
    "Decision": ["reason"],
    "HeldDecision": ["said"],
    "EmailVerification": ["email"],
    "StoredAnswer": ["headers"],
    "Draft": ["title", "text"],
    "PlannedRole": ["letter"],
    "Letter": ["subject", "body", "address"],
    "TeamInvitation": ["email"],
    "TokenGrant": ["name"],
}  # fmt: skip
"""Every column that can hold words about a person."""

NO_WORDS_ABOUT_THEM = {
    "CandidateProfile": ["public_id", "visibility", "currency", "credit", "field_rule"],
    "SavedSearch": ["public_id", "rhythm"],
    "ProfileSight": ["handle"],
    "PromisedProfile": ["proof"],
    "Draft": ["page", "form", "name", "box"],
    "Resume": ["sha256"],
    "Application": ["public_id", "status", "rejection_reason"],
    "ApplicationEvent": ["action", "status", "detail"],
    "Completion": ["public_id", "paid_currency"],
    "Notice": ["public_id", "kind", "key"],
    "NoticePreference": ["rhythm"],
    "Membership": ["role"],
    "Report": ["public_id", "reason"],
    "RolePost": ["answer"],
    "Appeal": ["public_id"],
    "Sanction": ["level"],
    "Decision": ["action", "overruled", "overrule_reason"],
    "HeldDecision": ["action", "last_error"],
    "EmailVerification": ["secret_digest"],
    "StoredAnswer": ["asker", "key", "request_digest"],
    "StoredSession": ["session_key", "session_data", "whose"],
    "User": ["password"],
    "Letter": ["last_error", "button", "language"],
    "TeamInvitation": ["role", "secret_digest"],
    "Event": ["public_id", "type", "subject", "url"],
}
"""Columns of choices, identifiers and digests, and what somebody else said to everybody."""


LET_GO = {"reports", "questions_on_roles", "events"}
"""Tables whose rows stay and name the person no more."""


def text_columns(model):
    return {
        column.name
        for column in model._meta.concrete_fields
        if isinstance(column, CharField | TextField | JSONField) and not column.is_relation
    }


def person_with_everything(reason=f"{CANARY} did it"):
    """Return an account with at least one row in every table that speaks of a person."""
    profile = CandidateProfileFactory(at=AT)
    user = profile.user
    application = ApplicationFactory(profile=profile, completed=True, at=AT)
    ApplicationFactory(profile=profile, at=AT)
    completion = factories.CompletionFactory(application=application, at=AT)
    resume = Resume(profile=profile, name="x", sha256="0" * 64, size=9, uploaded_at=AT)
    resume.file.save("canary-test.pdf", ContentFile(b"%PDF resume"), save=True)
    Application.objects.update(resume=resume)
    for factory, options in (
        (factories.CandidateSkillFactory, {"profile": profile}),
        (factories.TargetSkillFactory, {"profile": profile}),
        (factories.BlockedEmployerFactory, {"profile": profile}),
        (factories.ProfileSightFactory, {"profile": profile}),
        (factories.ExternalApplicationFactory, {"profile": profile}),
        (factories.SavedRoleFactory, {"profile": profile}),
        (factories.PlannedRoleFactory, {"plan__profile": profile}),
        (factories.SavedSearchFactory, {"profile": profile}),
        (factories.RoleInvitationFactory, {"profile": profile}),
        (factories.AnswerFactory, {"application": application}),
        (factories.ApplicationEventFactory, {"application": application, "actor": user}),
        (factories.ApplicationNoteFactory, {"application": application}),
        (factories.InterviewSlotFactory, {"application": application}),
        (factories.MessageFactory, {"application": application}),
        (factories.MessageFactory, {"application": application, "from_employer": True}),
        (factories.CompletionSkillFactory, {"completion": completion}),
        (factories.ReviewFactory, {"completion": completion}),
        (factories.ReviewFactory, {"completion": completion, "by_employer": False}),
        (factories.DraftFactory, {"writer": user}),
        (factories.PromisedProfileFactory, {"user": user}),
        (factories.NoticeFactory, {"recipient": user}),
        (factories.NoticePreferenceFactory, {"user": user}),
        (MembershipFactory, {"user": user}),
        (factories.EmailVerificationFactory, {"user": user}),
        (factories.HeldDecisionFactory, {"moderator": user}),
        (factories.ReportFactory, {"reporter": user}),
        (factories.RolePostFactory, {"author": user, "answered": True}),
        (factories.SanctionFactory, {"on_account": True, "account": user}),
        (factories.LetterFactory, {"address": user.email.upper()}),
        (factories.TeamInvitationFactory, {"email": user.email}),
        (factories.TokenGrantFactory, {"user": user}),
        (factories.EventFactory, {"person": user}),
        (factories.StoredAnswerFactory, {"asker": f"account:{user.pk}", "body": b"an answer"}),
        (
            factories.StoredAnswerFactory,
            {"asker": f"token:{AuthToken.objects.create(user=user)[0].pk[:64]}"},
        ),
    ):
        factory(**options)
    decision = factories.DecisionFactory(
        account=user, opportunity=None, employer=None, reason=reason
    )
    factories.AppealFactory(decision=decision, author=user)
    Client().force_login(user)
    return user, profile


def poison(user, profile):
    """Write a canary into every personal column."""
    models = {entry.model: entry.rows(user=user, profile=profile) for entry in entries()}
    models[CandidateProfile] = CandidateProfile.objects.filter(pk=profile.pk)
    models[User] = User.objects.filter(pk=user.pk)
    for model, rows in models.items():
        if model is Decision:
            continue  # written with its canary: the table is append-only
        for name in PERSONAL.get(model.__name__, []):
            column = model._meta.get_field(name)
            value = CANARY
            if isinstance(column, JSONField):
                value = [{"title": CANARY}] if name == "deliverables" else {CANARY: 1}
            elif isinstance(column, EmailField):
                value = f"{CANARY}@example.org"
            rows.order_by().update(**{name: value})
    return User.objects.get(pk=user.pk)


def rows_with(text):
    """Return the tables of the whole database in which some row holds the text."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s',  # noqa: S608
                [f"%{text}%"],
            )
            if count := cursor.fetchone()[0]:
                found[table] = count
    return found


class TestInventory:
    def test_every_text_column_about_a_person_is_listed(self):
        for model in {entry.model for entry in INVENTORY} | {User, CandidateProfile}:
            listed = set(PERSONAL.get(model.__name__, []))
            other = set(NO_WORDS_ABOUT_THEM.get(model.__name__, []))

            assert text_columns(model) == listed | other, model

    def test_every_table_that_hangs_on_a_person_is_listed(self):
        listed = {entry.model for entry in INVENTORY} | {User, CandidateProfile}
        owners = (User, CandidateProfile, Application)
        for owner in owners:
            for relation in owner._meta.related_objects:
                model = relation.related_model
                if model._meta.app_label not in ROOMS or model in listed:
                    continue
                # What is left only names who acted for an employer or the site, and lets go.
                assert relation.field.null, (model, relation.field.name)

    def test_every_table_of_the_database_is_spoken_for(self):
        personal = {entry.model for entry in entries()} | {User, CandidateProfile}
        others = {
            model._meta.label
            for model in apps.get_models(include_auto_created=True)
            if model not in personal
        }

        assert others == set(WITHOUT_A_PERSON)
        assert all(len(reason) > 10 for reason in WITHOUT_A_PERSON.values())

    def test_a_table_without_a_person_lets_go_of_who_acted_and_holds_no_address(self):
        kept = {"admin.LogEntry.user"}  # what staff did, by the number of an emptied account
        kept |= {"accounts.User_groups.user", "accounts.User_user_permissions.user"}  # cleared
        for label in WITHOUT_A_PERSON:
            for column in apps.get_model(label)._meta.concrete_fields:
                name = f"{label}.{column.name}"
                assert not isinstance(column, EmailField), name
                if column.related_model in {User, CandidateProfile} and name not in kept:
                    assert column.remote_field.on_delete is SET_NULL, name

    def test_what_is_blanked_is_every_personal_column_that_stays(self):
        for entry in INVENTORY:
            if entry.fate == Fate.BLANK:
                assert set(PERSONAL.get(entry.model.__name__, [])) <= set(entry.blank), entry.name


class TestRepeatedAnswers:
    def test_those_to_the_account_and_to_its_tokens_are_given_out_and_deleted(self):
        user, _ = person_with_everything()
        factories.StoredAnswerFactory(asker="account:0", body=b"somebody else")

        with archive(owner=user, at=AT) as file, zipfile.ZipFile(file) as archived:
            given = json.loads(archived.read("repeated_answers.json"))
        erase(owner=user, at=AT)

        assert sorted(row["body"] for row in given) == ["an answer", "{}"]
        assert [bytes(row.body) for row in StoredAnswer.objects.all()] == [b"somebody else"]


class TestErase:
    def test_leaves_no_canary_in_the_whole_database(self, django_capture_on_commit_callbacks):
        user, profile = person_with_everything()
        user = poison(user, profile)
        Letter.objects.create(address=user.email, subject="x", written_at=AT, due_at=AT)
        file = profile.resumes.get().file.name
        assert len(rows_with(CANARY)) >= len(PERSONAL)
        assert default_storage.exists(file)

        with django_capture_on_commit_callbacks(execute=True):
            erase(owner=user, at=AT)

        assert rows_with(CANARY) == {}
        assert not default_storage.exists(file)

    def test_keeps_what_others_rely_on(self):
        user, profile = person_with_everything()
        kept = {
            entry.name: entry.rows(user=user, profile=profile).count()
            for entry in INVENTORY
            if entry.fate != Fate.DELETE and entry.name not in LET_GO
        }

        erase(owner=user, at=AT)

        user.refresh_from_db()
        profile.refresh_from_db()
        assert (user.is_active, user.erased_at) == (False, AT)
        assert not user.has_usable_password()
        assert (profile.user, profile.erased_at) == (None, AT)
        application = profile.applications.get(status=ApplicationStatus.COMPLETED)
        assert (application.name, application.cover_letter) == ("Erased candidate", "")
        assert application.completion.hours == 20
        for entry in INVENTORY:
            if entry.name in kept:
                rows = entry.model._meta.default_manager.filter(
                    **{entry.by_profile: profile} if entry.by_profile else {entry.by_user: user}
                )
                # Withdrawing what was under way adds one event.
                added = 1 if entry.name == "application_events" else 0
                assert rows.count() == kept[entry.name] + added, entry.name

    def test_withdraws_what_is_under_way_and_frees_the_place(self):
        role = OpportunityFactory(open=True, seats_held=1)
        application = ApplicationFactory(opportunity=role, offered=True)

        erase(owner=application.profile.user, at=AT)

        role.refresh_from_db()
        application.refresh_from_db()
        assert application.status == ApplicationStatus.WITHDRAWN
        assert role.seats_held == 0

    def test_empties_what_the_employer_was_told_of_the_person(self):
        employer, owner = employer_with_owner()
        application = ApplicationFactory(
            opportunity=OpportunityFactory(open=True, employer=employer), name=CANARY, at=AT
        )
        notify(
            recipients=[owner], kind="application_apply", at=AT, body=f"{CANARY} applied.",
            key=f"application_apply:{application.public_id}:1", subject=f"From {CANARY}",
        )  # fmt: skip

        erase(owner=application.profile.user, at=AT)

        assert rows_with(CANARY) == {}
        notice = Notice.objects.get(recipient=owner, kind="application_apply")
        assert notice.body == "This person has erased their data."
        assert not hasattr(notice, "delivery")

    def test_touches_nobody_else(self):
        user, _ = person_with_everything()
        other, other_profile = person_with_everything()
        before = [
            list(entry.rows(user=other, profile=other_profile).values()) for entry in entries()
        ]

        erase(owner=user, at=AT)

        after = [
            list(entry.rows(user=other, profile=other_profile).values()) for entry in entries()
        ]
        assert after == before
        assert User.objects.get(pk=other.pk).is_active

    def test_a_profile_without_applications_is_gone(self):
        profile = CandidateProfileFactory()

        erase(owner=profile.user, at=AT)

        assert not CandidateProfile.objects.exists()

    def test_a_profile_on_a_secret_link_is_erased_by_its_owner(self):
        kept = profiles.create(facts={"headline": CANARY}, at=AT)

        with pytest.raises(NotFound):
            erase(owner="somebody's guess", at=AT)
        erase(owner=kept.secret, at=AT)

        assert not CandidateProfile.objects.exists()

    def test_happens_once(self):
        user = CandidateProfileFactory().user
        erase(owner=user, at=AT)

        with pytest.raises(NotFound):
            erase(owner=user, at=AT)

    def test_an_employer_is_not_left_without_an_owner(self):
        employer, owner = employer_with_owner()
        MembershipFactory(employer=employer)

        with pytest.raises(Conflict, match="owner"):
            erase(owner=owner, at=AT)

    def test_open_roles_are_closed_first(self):
        employer, owner = employer_with_owner()
        OpportunityFactory(open=True, employer=employer)

        with pytest.raises(Conflict, match="Close the roles"):
            erase(owner=owner, at=AT)

        Opportunity.objects.all().delete()
        erase(owner=owner, at=AT)
        assert not User.objects.filter(pk=owner.pk, is_active=True).exists()

    def test_the_response_clock_goes_on_without_the_person(self):
        application = ApplicationFactory(at=AT)
        erase(owner=application.profile.user, at=AT)

        assert answers.release(at=AT + timedelta(days=60)) == 0


class TestAppendOnly:
    def test_only_words_about_an_erased_person_can_be_emptied(self):
        decision = factories.DecisionFactory(reason="Because")
        changes = [{"reason": ""}, {"reason": "Other"}, {"action": "approve"}]

        for change in changes:
            with pytest.raises(utils.IntegrityError), transaction.atomic():
                Decision.objects.filter(pk=decision.pk).update(**change)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('foothold.erasing', 'on', true)")
        for change in changes[1:]:
            with pytest.raises(utils.IntegrityError), transaction.atomic():
                Decision.objects.filter(pk=decision.pk).update(**change)
        with pytest.raises(utils.IntegrityError), transaction.atomic():
            Decision.objects.filter(pk=decision.pk).delete()

        assert Decision.objects.filter(pk=decision.pk).update(reason="") == 1


class TestArchive:
    def opened(self, owner):
        with archive(owner=owner, at=AT) as file:
            return zipfile.ZipFile(io.BytesIO(file.read()))

    def test_holds_every_table_and_file(self):
        user, profile = person_with_everything()
        user = poison(user, profile)

        archived = self.opened(user)

        names = set(archived.namelist())
        assert {f"{entry.name}.json" for entry in entries()} <= names
        assert {"README.txt", "account.json", "profile.json", "files/resume-1.pdf"} <= names
        assert archived.read("files/resume-1.pdf") == b"%PDF resume"
        for entry in INVENTORY:
            assert json.loads(archived.read(f"{entry.name}.json")), entry.name

    def test_every_personal_column_is_in_it(self):
        user, profile = person_with_everything()
        user = poison(user, profile)
        archived = self.opened(user)
        names = {entry.model.__name__: entry.name for entry in entries()}
        names |= {"User": "account", "CandidateProfile": "profile"}

        for model, columns in PERSONAL.items():
            rows = json.loads(archived.read(f"{names[model]}.json"))
            sealed = {"secret_digest"} | ({"body"} if model == "Letter" else set())
            for column in set(columns) - sealed:
                assert any(CANARY in json.dumps(row[column]) for row in rows), (model, column)

    def test_holds_no_secret_and_nobody_elses_data(self):
        user, _ = person_with_everything(reason="One of two")
        other, other_profile = person_with_everything()
        poison(other, other_profile)
        user.set_password("a password of their own")
        user.save()

        archived = self.opened(user)

        text = b"".join(archived.read(name) for name in archived.namelist()).decode()
        assert CANARY not in text
        assert user.password not in text
        assert all("body" not in row for row in json.loads(archived.read("letters.json")))

    def test_names_the_rows_that_others_lead_to(self):
        user, _ = person_with_everything()
        archived = self.opened(user)

        def first(name):
            return json.loads(archived.read(f"{name}.json"))[0]

        role = Opportunity.objects.get(public_id=first("saved_roles")["opportunity_public_id"])
        assert first("saved_roles")["opportunity_title"] == role.title
        assert first("saved_roles")["opportunity_employer"] == role.employer.name
        assert first("memberships")["employer_name"]
        assert first("skills")["skill_name"]
        assert "token_id" not in first("tokens")

    def test_a_profile_on_a_secret_link_comes_out_too(self):
        kept = profiles.create(facts={"headline": CANARY}, at=AT)

        archived = self.opened(kept.secret)

        assert json.loads(archived.read("profile.json"))[0]["headline"] == CANARY
        assert "account.json" not in archived.namelist()


class TestBlockedEmployers:
    def test_blocks_and_lets_back(self):
        user = CandidateProfileFactory().user
        employer, _ = employer_with_owner()

        one = blocking.block_employer(owner=user, employer=employer.slug, at=AT)
        two = blocking.block_employer(owner=user, employer=employer.public_id, at=AT)
        assert one == two

        blocking.unblock_employer(owner=user, employer=employer.slug)
        assert not BlockedEmployer.objects.exists()

    def test_an_employer_that_does_not_exist_cannot_be_blocked(self):
        with pytest.raises(NotFound):
            blocking.block_employer(owner=CandidateProfileFactory().user, employer="x", at=AT)


class TestRetention:
    def swept(self, days):
        return sweep(at=AT + timedelta(days=days))

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.sweep)
    def test_says_each_rule_in_the_language_of_the_reader(self, rule):
        english = str(rule.what), str(rule.since)

        with translation.override("de"):
            assert str(rule.what) != english[0]
            assert str(rule.since) != english[1]

    def test_lets_go_of_profiles_that_nobody_keeps(self):
        profiles.create(facts={}, at=AT)

        assert self.swept(14)["unkept_profiles"] == 0
        assert self.swept(15)["unkept_profiles"] == 1
        assert self.swept(15)["unkept_profiles"] == 0

    def test_warns_before_it_erases_an_unused_account(self):
        user = CandidateProfileFactory(at=AT).user

        assert self.swept(690)["warned_accounts"] == 0
        assert self.swept(701)["warned_accounts"] == 1
        assert self.swept(702)["warned_accounts"] == 0
        assert self.swept(730)["unused_accounts"] == 0
        assert self.swept(732)["unused_accounts"] == 1
        user.refresh_from_db()
        assert user.erased_at is not None

    def test_who_signed_in_meanwhile_stays(self):
        user = CandidateProfileFactory(at=AT).user
        self.swept(701)
        User.objects.update(last_login=AT + timedelta(days=710))

        assert self.swept(740)["unused_accounts"] == 0
        user.refresh_from_db()
        assert user.is_active

    def test_who_acts_for_an_employer_is_left_alone(self):
        MembershipFactory(user=CandidateProfileFactory(at=AT).user)

        assert self.swept(800)["warned_accounts"] == 0

    def test_empties_the_papers_of_applications_that_ended_long_ago(self):
        application = ApplicationFactory(rejected=True, at=AT, cover_letter=CANARY)
        factories.AnswerFactory(application=application, text=CANARY)
        running = ApplicationFactory(at=AT, cover_letter="Still needed")

        assert self.swept(730)["papers"] == 0
        assert self.swept(731)["papers"] == 1
        assert self.swept(732)["papers"] == 0

        assert rows_with(CANARY) == {}
        running.refresh_from_db()
        assert running.cover_letter == "Still needed"

    def test_lets_old_notices_go(self):
        NoticeFactory(at=AT)

        assert self.swept(365)["notices"] == 0
        assert self.swept(366)["notices"] == 1

    def test_lets_old_events_go(self):
        EventFactory(at=AT)

        assert self.swept(30)["events"] == 0
        assert self.swept(31)["events"] == 1


def test_an_erased_account_cannot_sign_in(client):
    user = UserFactory()
    client.force_login(user)
    erase(owner=user, at=AT)

    assert client.get("/notices/").status_code == 302


class TestAnEmployerHearsOfAnErasure:
    def test_and_reads_in_their_language_whose_words_are_gone(self, client):
        application = ApplicationFactory(name="Ada Byron")
        factories.MessageFactory(application=application, text="From Ada")
        erase(owner=application.profile.user, at=AT)
        member = MembershipFactory(employer=application.opportunity.employer).user
        client.force_login(member)
        there = f"/employer/applications/{application.public_id}/"

        page = client.get(there, headers={"Accept-Language": "de"}).text

        assert '<h1 dir="auto">Gelöschte Person</h1>' in page
        assert "Mit dem Konto gelöscht." in page

    @pytest.mark.parametrize(
        ("state", "subject", "is_decision"),
        [
            ("accepted", "A place is free again: Sort the tide tables", True),
            ("offered", "A place is free again: Sort the tide tables", True),
            ("shortlisted", "An application was withdrawn: Sort the tide tables", False),
            ("submitted", "An application was withdrawn: Sort the tide tables", False),
        ],
    )
    def test_at_once_with_the_role_and_without_the_name(self, state, subject, is_decision):
        employer, owner = employer_with_owner()
        role = OpportunityFactory(
            open=True, employer=employer, title="Sort the tide tables", capacity=2
        )
        traits = {} if state == "submitted" else {state: True}
        profile = CandidateProfileFactory(user__name="Ana Baker", at=AT)
        ApplicationFactory(profile=profile, opportunity=role, name="Ana Baker", **traits)

        erase(owner=profile.user, at=AT)

        notices = Notice.objects.filter(recipient=owner)
        [told] = [notice for notice in notices if notice.subject == subject]
        assert told.is_decision == is_decision
        assert told.delivery.sent_at is None
        assert told.url == f"/employer/roles/{role.public_id}/"
        words = [f"{one.subject} {one.body} {one.translations}" for one in notices]
        assert "Ana" not in "".join(words)
        if is_decision:
            assert "2 of 2 places are free now." in told.body
        assert not Delivery.objects.filter(notice__subject="About a candidate").exists()

    def test_notices_that_name_them_are_emptied_in_every_language(self):
        employer, owner = employer_with_owner()
        owner.language = "de"
        owner.save(update_fields=["language"])
        application = ApplicationFactory(
            opportunity=OpportunityFactory(open=True, employer=employer), name="Ana Baker"
        )
        tracking.tell(application, "apply", at=AT, due=AT.date(), release=AT.date())
        [before] = Notice.objects.filter(recipient=owner)
        assert all("Ana" in words for words in (before.body, before.translations["en-gb"][1]))

        erase(owner=application.profile.user, at=AT)

        before.refresh_from_db()
        assert "Ana" not in f"{before.subject} {before.body} {before.translations}"
        assert before.subject == "Über eine Bewerbung"
        with translation.override("en-gb"):
            assert before.told.subject == "About a candidate"

    def test_an_ended_application_is_not_spoken_of_again(self):
        employer, owner = employer_with_owner()
        role = OpportunityFactory(open=True, employer=employer)
        application = ApplicationFactory(opportunity=role, withdrawn=True)

        erase(owner=application.profile.user, at=AT)

        assert not Notice.objects.filter(recipient=owner).exists()
