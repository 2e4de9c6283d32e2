"""A guest is a person: what a browser has goes along to the account, by every way in."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from matching.models import Dismissal, Feedback
from opportunities.accounts.models import User
from opportunities.candidates import joining, moving, profiles
from opportunities.candidates.models import (
    BlockedEmployer,
    CandidateProfile,
    PromisedProfile,
    SavedRole,
    SavedSearch,
    Visibility,
)
from opportunities.candidates.saving import MAX_ROLES
from opportunities.core.errors import NotFound
from tests.factories import (
    ApplicationFactory,
    CandidateProfileFactory,
    CandidateSkillFactory,
    EmployerFactory,
    OpportunityFactory,
    SavedRoleFactory,
    SkillFactory,
    TargetSkillFactory,
    UserFactory,
)
from tests.journeys.signing_up import PASSWORD, sign_up

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db

NOBODYS = {
    "applications.Application": "who applies has an account",
    "applications.RoleInvitation": "only who has an account is invited",
    "candidates.ProfileSight": "only who has an account is shown to employers",
    "candidates.Resume": "only who has an account keeps a file",
    "candidates.PromisedProfile": "it ends with the guest's profile",
}
"""Tables about profiles of which no guest has a row."""


def kept(at=NOW, **facts):
    """Return a guest's profile and its secret."""
    return profiles.create(facts=facts, at=at)


def answered(client=None, hours="10"):
    """Return a browser with an answer in it and no profile yet."""
    client = client or Client()
    client.post("/start/time/", {"answer": hours})
    return client


def code_mailed_to(email):
    [letter] = [sent for sent in mail.outbox if email in sent.to]
    return re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", letter.body, re.MULTILINE)[1]


def with_password(**more):
    user = UserFactory(confirmed=True, **more)
    user.set_password(PASSWORD)
    user.save()
    return user


def of(user):
    return CandidateProfile.objects.of(user).get()


def test_every_table_about_profiles_goes_along_or_is_nobodys():
    about = {
        relation.related_model._meta.label
        for relation in CandidateProfile._meta.related_objects
        if relation.field.concrete
    }

    assert about - moving.tables() == set(NOBODYS)
    assert moving.tables() <= {model._meta.label for model in apps.get_models()}


class TestJoining:
    def test_an_account_without_a_profile_takes_the_guests_as_it_is(self):
        guest, secret = kept(goal=0.9, importance={"pay": 4}, top3=["pay"])
        user = UserFactory()

        joined = joining.join(guest=secret, user=user, at=NOW)

        assert joined.profile.pk == guest.pk == of(user).pk
        assert joined.differing == {}
        assert of(user).importance == {"pay": 4}
        with pytest.raises(NotFound):
            profiles.find(owner=secret)

    def test_lists_become_one_and_the_guests_profile_is_gone(self):
        own = CandidateProfileFactory()
        guest, secret = kept()
        both, theirs = OpportunityFactory(open=True), OpportunityFactory(open=True)
        mine = SavedRoleFactory(profile=own, opportunity=both)
        SavedRoleFactory(profile=guest, opportunity=both)
        SavedRoleFactory(profile=guest, opportunity=theirs)
        SavedSearch.objects.create(
            profile=guest, name="Data", query="field=data", created_at=NOW, looked_at=NOW
        )
        employer = EmployerFactory()
        BlockedEmployer.objects.create(profile=guest, employer=employer, blocked_at=NOW)
        Dismissal.objects.create(profile=guest, opportunity=theirs, reason="pay", at=NOW)
        Feedback.objects.create(profile=guest, opportunity=both, times_shown=0, first_shown_at=NOW)

        joining.join(guest=secret, user=own.user, at=NOW)

        assert set(own.saved_roles.values_list("opportunity", flat=True)) == {both.pk, theirs.pk}
        assert SavedRole.objects.get(opportunity=both) == mine
        assert own.saved_searches.get().name == "Data"
        assert own.blocked_employers.get().employer == employer
        assert own.dismissals.get().opportunity == theirs
        assert own.feedback.get().opportunity == both
        assert CandidateProfile.objects.get() == own

    def test_limits_hold_and_the_guests_newest_fill_the_room(self):
        own = CandidateProfileFactory()
        guest, _ = kept()
        employer = EmployerFactory()
        roles = OpportunityFactory.create_batch(4, open=True, employer=employer)
        SavedRole.objects.bulk_create(
            SavedRole(profile=own, opportunity=role, saved_at=NOW)
            for role in OpportunityFactory.create_batch(3, employer=employer)
        )
        for role in roles:
            SavedRoleFactory(profile=guest, opportunity=role)
        move = moving.rows_of(SavedRole, once="opportunity", most=5)

        move(guest, own)

        kept_now = set(own.saved_roles.values_list("opportunity", flat=True))
        assert {role.pk for role in roles} & kept_now == {roles[2].pk, roles[3].pk}
        assert MAX_ROLES > 5

    def test_skills_of_both_stay_and_what_was_verified_stays_verified(self):
        own = CandidateProfileFactory()
        both, theirs = SkillFactory(), SkillFactory()
        CandidateSkillFactory(profile=own, skill=both, level=3, verified=True)
        guest, secret = kept()
        CandidateSkillFactory(profile=guest, skill=both, level=1)
        CandidateSkillFactory(profile=guest, skill=theirs, level=2)
        TargetSkillFactory(profile=guest, skill=theirs)

        joining.join(guest=secret, user=own.user, at=NOW)

        assert set(own.skills.values_list("skill", "level", "verified")) == {
            (both.pk, 3, True),
            (theirs.pk, 2, False),
        }
        assert own.targets.get().skill == theirs

    def test_what_only_one_side_said_is_kept(self):
        own = CandidateProfileFactory(goal=0.1, importance={}, top3=[])
        _, secret = kept(importance={"pay": 4}, top3=["pay"])

        joined = joining.join(guest=secret, user=own.user, at=NOW)

        assert joined.differing == {}
        own.refresh_from_db()
        assert (own.goal, own.importance, own.top3) == (0.1, {"pay": 4}, ["pay"])

    def test_where_both_said_something_the_accounts_stands_and_the_other_is_handed_back(self):
        own = CandidateProfileFactory(goal=0.1, interests={"data": 1})
        _, secret = kept(goal=0.9, interests={"design": 1})

        joined = joining.join(guest=secret, user=own.user, at=NOW)

        assert joined.differing == {
            "goal": 0.9,
            "interests": {"design": 1},
            "field_rule": "open",
        }
        own.refresh_from_db()
        assert (own.goal, own.interests) == (0.1, {"data": 1})

    def test_amounts_go_with_their_currency(self):
        own = CandidateProfileFactory(rate_floor_minor=0, currency="GBP")
        _, secret = kept(currency="EUR", rate_floor_minor=1500)

        joining.join(guest=secret, user=own.user, at=NOW)

        own.refresh_from_db()
        assert (own.currency, own.rate_floor_minor) == ("EUR", 1500)

    def test_no_guest_widens_who_may_see_an_account(self):
        own = CandidateProfileFactory(visibility=Visibility.HIDDEN)
        _, secret = kept(visibility="open", portfolio_is_public=True)

        joined = joining.join(guest=secret, user=own.user, at=NOW)

        own.refresh_from_db()
        assert (own.visibility, own.portfolio_is_public) == (Visibility.HIDDEN, False)
        assert "visibility" not in joined.differing

    def test_applications_of_the_account_stay(self):
        application = ApplicationFactory()
        _, secret = kept(goal=0.9)

        joining.join(guest=secret, user=application.profile.user, at=NOW)

        application.refresh_from_db()
        assert application.profile == of(application.profile.user)

    def test_nobody_takes_what_another_account_has(self):
        theirs = CandidateProfileFactory()
        secret = profiles.rotate_secret(owner=theirs.user)

        with pytest.raises(NotFound):
            joining.join(guest=secret, user=UserFactory(), at=NOW)

    def test_of_two_accounts_the_first_has_it(self):
        _, secret = kept(goal=0.9)
        joining.join(guest=secret, user=UserFactory(), at=NOW)

        with pytest.raises(NotFound):
            joining.join(guest=secret, user=UserFactory(), at=NOW)


class TestWaysIn:
    """Each ends in the same: answers, saved and dismissed roles are the account's."""

    @pytest.fixture
    def role(self):
        return OpportunityFactory(open=True)

    @pytest.fixture
    def browser(self, role):
        client = answered()
        client.post(f"/saved/{role.public_id}/")
        return client

    def assert_carried(self, user, role):
        profile = of(user)
        assert profile.hours_per_week == 10
        assert profile.saved_roles.get().opportunity == role
        assert CandidateProfile.objects.count() == 1
        assert not PromisedProfile.objects.exists()

    def test_signing_up_by_password(self, browser, role):
        sign_up(browser, "ada@example.org")

        self.assert_carried(User.objects.get(email="ada@example.org"), role)
        assert "kept_by" not in browser.session
        assert "answers" not in browser.session

    def test_signing_up_before_anything_was_saved(self):
        client = answered()
        role = OpportunityFactory(open=True)
        client.post(f"/matches/{role.public_id}/not-for-me/", {"reason": "pay"})

        sign_up(client, "ada@example.org")

        profile = of(User.objects.get(email="ada@example.org"))
        assert profile.hours_per_week == 10
        assert profile.dismissals.get().opportunity == role
        assert client.get("/matches/").context["profile"] == profile

    def test_signing_in_by_password(self, browser, role):
        user = with_password()

        browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})

        self.assert_carried(user, role)

    def test_signing_in_by_a_mailed_code(self, browser, role):
        user = with_password()
        asked = browser.post("/accounts/login/code/", {"email": user.email})
        browser.post(asked.url, {"code": code_mailed_to(user.email)})

        self.assert_carried(user, role)

    def test_whatever_else_signs_in(self, browser, role):
        """A passkey, or a second factor after it: all call Django's one function."""
        user = UserFactory(confirmed=True)

        browser.force_login(user)

        self.assert_carried(user, role)

    def test_an_address_confirmed_in_another_browser(self, browser, role):
        mail.outbox.clear()
        browser.post("/accounts/signup/", {"email": "ada@example.org", "password1": PASSWORD})
        other = Client()
        mail.outbox.clear()
        cache.clear()  # one code in three minutes: they are over
        asked = other.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
        other.post(asked.url, {"code": code_mailed_to("ada@example.org")})

        self.assert_carried(User.objects.get(email="ada@example.org"), role)
        assert len(other.get("/saved/").context["kept"]) == 1
        browser.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
        self.assert_carried(User.objects.get(email="ada@example.org"), role)
        assert "answers_beside" not in browser.session

    def test_a_sign_up_by_passkey_that_is_finished_in_another_browser(self, browser, role):
        """No password proves who signed up: the profile stays here until they sign in here."""
        mail.outbox.clear()
        browser.post("/accounts/signup/passkey/", {"email": "ada@example.org"})
        ada = User.objects.get(email="ada@example.org")
        other = Client()
        other.force_login(ada)

        assert len(other.get("/saved/").context["kept"]) == 0
        assert len(browser.get("/saved/").context["kept"]) == 1
        browser.force_login(ada)
        self.assert_carried(ada, role)
        assert len(other.get("/saved/").context["kept"]) == 1

    def test_a_sign_up_by_passkey_in_a_browser_that_opened_the_secret_link(self, browser, role):
        link = browser.post("/keep/", {"action": "rotate"}).context["link"]
        other = Client()
        other.get(link.removeprefix("http://testserver"))
        other.post("/k/")
        other.post("/accounts/signup/passkey/", {"email": "ada@example.org"})
        ada = User.objects.get(email="ada@example.org")

        other.force_login(ada)

        self.assert_carried(ada, role)

    def test_the_owner_of_a_mistyped_mailbox_sees_nothing(self, browser, role):
        browser.post("/accounts/signup/", {"email": "eve@example.org", "password1": PASSWORD})
        eve = Client()
        mail.outbox.clear()
        asked = eve.post("/accounts/login/code/", {"email": "eve@example.org"})
        eve.post(asked.url, {"code": code_mailed_to("eve@example.org")})

        assert eve.session.get("_auth_user_id")
        assert not CandidateProfile.objects.exclude(user=None).exists()
        assert len(browser.get("/saved/").context["kept"]) == 1

    def test_another_password_does_not_open_what_was_promised(self, browser, role):
        browser.post("/accounts/signup/", {"email": "eve@example.org", "password1": PASSWORD})
        user = User.objects.get(email="eve@example.org")
        user.set_password("another one entirely")
        user.save()
        user.emailaddress_set.update(verified=True)

        eve = Client()
        eve.post("/accounts/login/", {"login": user.email, "password": "another one entirely"})

        assert eve.session.get("_auth_user_id")
        assert not CandidateProfile.objects.exclude(user=None).exists()

    def test_an_address_that_has_an_account_is_promised_nothing(self, browser):
        user = with_password()

        browser.post("/accounts/signup/", {"email": user.email, "password1": PASSWORD})

        assert not PromisedProfile.objects.exists()
        assert not CandidateProfile.objects.exclude(user=None).exists()

    def test_a_link_opened_in_a_second_browser(self, browser, role):
        link = browser.post("/keep/", {"action": "rotate"}).context["link"]
        secret = link.rstrip("/").rsplit("/", 1)[1]
        second = Client()
        second.get(f"/k/{secret}/")
        second.post("/k/")

        sign_up(second, "ada@example.org")

        self.assert_carried(User.objects.get(email="ada@example.org"), role)
        assert browser.get("/saved/").context["profile"] is None

    def test_guests_who_are_stopped_still_bring_their_answers(self, settings):
        settings.GUEST_PROFILES_IN_ALL = 0
        client = answered()

        sign_up(client, "ada@example.org")

        assert of(User.objects.get(email="ada@example.org")).hours_per_week == 10

    def test_a_browser_that_told_nothing_makes_no_profile(self, client):
        client.force_login(UserFactory(confirmed=True))

        assert not CandidateProfile.objects.exists()

    def test_the_link_of_one_account_brings_nothing_to_another(self):
        theirs = CandidateProfileFactory()
        secret = profiles.rotate_secret(owner=theirs.user)
        client = Client()
        client.get(f"/k/{secret}/")
        client.post("/k/")
        user = UserFactory(confirmed=True)

        client.force_login(user)

        assert not CandidateProfile.objects.of(user).exists()
        assert of(theirs.user) == theirs
        assert "kept_by" not in client.session

    def test_what_cannot_be_joined_keeps_nobody_from_signing_in(self, browser, monkeypatch):
        def broken(**_):
            raise NotFound("gone")

        monkeypatch.setattr(joining, "join", broken)
        user = UserFactory(confirmed=True)

        browser.force_login(user)

        assert browser.get("/me/").status_code == 200


class TestChoosing:
    @pytest.fixture
    def own(self):
        return CandidateProfileFactory(
            user=with_password(),
            interests={"design": 1},
            hours_per_week=40,
            at=NOW - timedelta(days=30),
        )

    @pytest.fixture
    def browser(self, own):
        client = answered(hours="10")
        client.post("/start/field/", {"answer": "data", "field-rule": "only"})
        client.post("/accounts/login/", {"login": own.user.email, "password": PASSWORD})
        return client

    def test_the_accounts_answers_stand_until_somebody_chooses(self, browser, own):
        own.refresh_from_db()
        assert (own.interests, own.hours_per_week) == ({"design": 1}, 40)
        assert 'href="/me/answers/"' in browser.get("/matches/").text

        page = browser.get("/me/answers/")

        assert {choice.title for choice in page.context["choices"]} >= {
            "Fields of work", "Hours a week"
        }  # fmt: skip
        assert "Data and analysis" in page.text
        assert "Only these" in page.text

    def test_each_answer_is_chosen_by_itself_and_then_it_is_done(self, browser, own):
        browser.post(
            "/me/answers/", {"answer-interests": "guest", "answer-hours_per_week": "account"}
        )

        own.refresh_from_db()
        assert (own.interests, own.field_rule) == ({"data": 1}, "only")
        assert own.hours_per_week == 40
        assert "answers_beside" not in browser.session
        assert "/me/answers/" not in browser.get("/matches/").text
        assert browser.get("/me/answers/").status_code == 302

    def test_sending_it_twice_changes_nothing_more(self, browser, own):
        for _ in range(2):
            browser.post("/me/answers/", {"answer-interests": "guest"})

        own.refresh_from_db()
        assert own.version == 2

    def test_it_is_no_page_for_guests(self, client):
        assert "/accounts/login/" in client.get("/me/answers/")["Location"]

    def test_same_answers_ask_nothing(self):
        own = CandidateProfileFactory(hours_per_week=10)
        client = answered(hours="10")

        client.force_login(own.user)

        assert "answers_beside" not in client.session

    def test_no_kept_page_shows_the_choice_to_who_has_made_it(self, browser):
        first = browser.get("/opportunities/")
        browser.post("/me/answers/", {})

        assert "/me/answers/" in first.text
        browser.get("/opportunities/")
        assert "/me/answers/" not in browser.get("/opportunities/").text


def test_a_promise_is_forgotten_with_the_guests_profile(client):
    answered(client).post("/accounts/signup/", {"email": "a@example.org", "password1": PASSWORD})
    assert PromisedProfile.objects.exists()

    CandidateProfile.objects.all().delete()

    assert not PromisedProfile.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def together(self, *calls):
        barrier = threading.Barrier(len(calls))

        def run(call):
            barrier.wait()
            try:
                return call()
            finally:
                connection.close()

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(run, calls))

    def test_two_accounts_that_join_the_same_guest_get_it_once(self):
        _, secret = kept(goal=0.9)
        users = [UserFactory(), CandidateProfileFactory().user]

        def take(user):
            try:
                return joining.join(guest=secret, user=user, at=NOW)
            except NotFound:
                return None

        taken = self.together(*(lambda user=user: take(user) for user in users))

        assert len([each for each in taken if each is not None]) == 1
        assert not CandidateProfile.objects.filter(user=None).exists()

    def test_two_tabs_that_sign_in_at_once_make_one_profile(self):
        browser = answered()
        role = OpportunityFactory(open=True)
        browser.post(f"/saved/{role.public_id}/")
        user = with_password()
        form = {"login": user.email, "password": PASSWORD}

        def sign_in():
            tab = Client()
            tab.cookies.load(browser.cookies.output(header="", sep=";"))
            return tab.post("/accounts/login/", form).status_code

        statuses = self.together(sign_in, sign_in)

        assert statuses == [302, 302]
        assert of(user).saved_roles.get().opportunity == role
        assert CandidateProfile.objects.count() == 1


@pytest.mark.django_db(transaction=True)  # the browser forgets what was kept for good
@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/saved/{role.public_id}/", {}),
        ("{role.path}apply/", {"name": "Ada Baker", "check": "1"}),
        ("/opportunities/{role.public_id}/applied/", {}),
        ("/me/resume/", {"action": "add", "skill": "{skill.slug}:2"}),
        ("/matches/weights/", {"weight-pay": "3"}),
    ],
    ids=["saving", "applying", "applying elsewhere", "skills of a CV", "sliders"],
)
def test_what_an_account_without_a_profile_answered_is_in_its_first_one(address, form):
    there = {"role": OpportunityFactory(open=True), "skill": SkillFactory()}
    unwanted = OpportunityFactory(open=True)
    user = UserFactory(confirmed=True)
    client = Client()
    client.force_login(user)
    answered(client)
    client.post(f"/matches/{unwanted.public_id}/not-for-me/", {"reason": "pay"})
    assert not CandidateProfile.objects.exists()

    client.post(
        address.format_map(there), {key: said.format_map(there) for key, said in form.items()}
    )

    assert of(user).hours_per_week == 10
    assert of(user).dismissals.get().opportunity == unwanted
    assert "answers" not in client.session


def test_the_form_of_a_first_profile_has_what_an_account_answered():
    client = Client()
    client.force_login(UserFactory(confirmed=True))
    answered(client, hours="10")

    page = client.get("/me/profile/")

    assert page.context["form"]["hours_per_week"].value() == "10"
