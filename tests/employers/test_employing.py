import io
import re
import struct
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from opportunities.accounts.models import User
from opportunities.core.errors import (
    Conflict,
    Invalid,
    LimitReached,
    NotAllowed,
    NotFound,
    WrongState,
)
from opportunities.employers import operations as employing
from opportunities.employers.logos import safe_logo
from opportunities.employers.models import Employer, Membership, TeamInvitation
from opportunities.messaging import letters
from opportunities.messaging.models import Letter, Notice
from tests.candidates.hostile_files import zeros
from tests.desk.test_moderating import at_once
from tests.factories import (
    EmailVerificationFactory,
    LetterFactory,
    MembershipFactory,
    UserFactory,
    employer_with_owner,
)

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def link_in(letter: Letter) -> str:
    match = re.search(r"/employer/\w+/([\w-]+)/", letter.body)
    assert match is not None
    return match[1]


class TestOrganizations:
    def test_whoever_founds_it_owns_it(self) -> None:
        actor = UserFactory()

        employer = employing.create_employer(
            actor=actor, values={"name": "Harbour Studio", "domain": "Harbour.example"}, at=NOW
        )

        assert (employer.slug, employer.domain, employer.is_verified) == (
            "harbour-studio", "harbour.example", False,
        )  # fmt: skip
        assert Membership.objects.get(employer=employer).role == "owner"

    def test_the_same_name_gets_another_address(self) -> None:
        first, second = (
            employing.create_employer(actor=UserFactory(), values={"name": "Same"}, at=NOW)
            for _ in range(2)
        )

        assert first.slug == "same"
        assert re.fullmatch(r"same-[0-9a-f]{8}", second.slug)

    @pytest.mark.parametrize(
        ("country", "slug"),
        [("DE", "muellers-baeckerei-in-strasse"), ("SE", "mullers-backerei-in-strasse")],
    )
    def test_the_address_spells_german_names_as_germans_do(self, country: str, slug: str) -> None:
        values = {"name": "Müllers Bäckerei in Straße", "country": country}

        made = employing.create_employer(actor=UserFactory(), values=values, at=NOW)

        assert made.slug == slug

    @pytest.mark.parametrize(
        ("values", "field", "code"),
        [
            ({}, "name", "required"),
            ({"name": " "}, "name", "required"),
            ({"name": "x" * 121}, "name", "too_long"),
            ({"name": "A", "status": "active"}, "status", "unknown_field"),
            ({"name": "A", "verified_by": "domain"}, "verified_by", "unknown_field"),
            ({"name": "A", "domain": "gmail.com"}, "domain", "not_an_employers"),
            ({"name": "A", "domain": "mailinator.com"}, "domain", "not_an_employers"),
            ({"name": "A", "domain": "localhost"}, "domain", "malformed"),
            ({"name": "A", "domain": "a b.example"}, "domain", "malformed"),
            ({"name": "A", "website": "http://a.example"}, "website", "not_an_address"),
            ({"name": "A", "country": "gb"}, "country", "malformed"),
            ({"name": "A", "field": "magic"}, "field", "unknown_choice"),
        ],
    )
    def test_refuses_an_answer_naming_field_and_rule(
        self, values: Any, field: str, code: str
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            employing.create_employer(actor=UserFactory(), values=values, at=NOW)

        assert [(f.field, f.code) for f in refusal.value.faults] == [(field, code)]

    def test_one_account_founds_only_so_many(self) -> None:
        actor = UserFactory()
        MembershipFactory.create_batch(10, user=actor)

        with pytest.raises(LimitReached):
            employing.create_employer(actor=actor, values={"name": "Eleventh"}, at=NOW)

    def test_members_describe_it_but_owners_alone_rename_it(self) -> None:
        employer, owner = employer_with_owner()
        member = MembershipFactory(employer=employer).user
        call = {"employer_id": employer.pk, "at": NOW}

        employing.update_employer(**call, actor=member, values={"about": "We draw maps."})
        with pytest.raises(NotAllowed):
            employing.update_employer(**call, actor=member, values={"name": "Other"})
        with pytest.raises(NotFound):
            employing.update_employer(**call, actor=UserFactory(), values={"about": "Ha."})

        employer.refresh_from_db()
        assert employer.about == "We draw maps."
        assert employer.is_verified
        employing.update_employer(**call, actor=owner, values={"name": "Other"})
        employer.refresh_from_db()
        assert not employer.is_verified

    def test_saying_the_same_name_again_keeps_the_verification(self) -> None:
        employer, owner = employer_with_owner()

        employing.update_employer(
            employer_id=employer.pk, actor=owner, values={"name": employer.name}, at=NOW
        )

        employer.refresh_from_db()
        assert employer.is_verified


def picture(size: tuple[int, int] = (900, 300), kind: str = "PNG", mode: str = "RGB") -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, 0).save(written, format=kind)
    return written.getvalue()


def png_bomb(side: int) -> bytes:
    """Return a small file that claims and unpacks to side x side pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zeros((side // 8 + 1) * min(side, 20_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


class TestLogo:
    @pytest.fixture(autouse=True)
    def _uploads(self, settings: Any, tmp_path: Path) -> None:
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": str(tmp_path)},
            },
        }

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
    def test_is_written_anew_as_a_small_png(self, kind: str) -> None:
        with Image.open(io.BytesIO(safe_logo(picture(kind=kind)))) as image:
            assert image.format == "PNG"
            assert image.size == (512, 171)

    def test_keeps_nothing_beside_the_pixels(self) -> None:
        content = picture(kind="JPEG") + b"<script>alert(1)</script>PK\x03\x04"

        assert b"script" not in safe_logo(content)

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "not_a_picture"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture"),
            (b"%PDF-1.7", "not_a_picture"),
            (picture()[:60], "not_a_picture"),
            (picture(kind="BMP"), "not_a_picture"),
            (picture(kind="TIFF"), "not_a_picture"),
            (b"\x89PNG\r\n\x1a\n" + b"\xff" * 400, "not_a_picture"),
            (b"x" * (2 * 1024 * 1024 + 1), "too_large"),
            (picture((4097, 1)), "too_many_pixels"),
            (png_bomb(16_000), "not_a_picture|too_many_pixels"),
            (png_bomb(60_000), "not_a_picture"),
        ],
    )
    def test_refuses_what_is_no_reasonable_picture(self, content: bytes, code: str) -> None:
        with pytest.raises(Invalid) as refusal:
            safe_logo(content)

        assert re.fullmatch(code, refusal.value.faults[0].code)

    def test_replaces_the_former_file(self, django_capture_on_commit_callbacks: Any) -> None:
        employer, owner = employer_with_owner()
        call = {"employer_id": employer.pk, "actor": owner, "at": NOW}
        first = employing.set_logo(**call, content=picture()).logo.name

        with django_capture_on_commit_callbacks(execute=True):
            second = employing.set_logo(**call, content=picture((10, 10))).logo.name

        assert not default_storage.exists(first)
        assert default_storage.exists(second)
        with django_capture_on_commit_callbacks(execute=True):
            employing.remove_logo(**call)
        assert not default_storage.exists(second)

    def test_is_a_members_alone_and_leaves_no_file_of_others(self) -> None:
        employer, _ = employer_with_owner()

        with pytest.raises(NotFound):
            employing.set_logo(
                employer_id=employer.pk, actor=UserFactory(), content=picture(), at=NOW
            )

        assert not default_storage.exists("logos") or default_storage.listdir("logos")[1] == []


class TestTeam:
    def invited(self, role: str = "member") -> tuple[TeamInvitation, str]:
        employer, owner = employer_with_owner()
        invitation = employing.invite(
            employer_id=employer.pk, actor=owner, email="New@Example.org", role=role, at=NOW
        )
        return invitation, link_in(Letter.objects.get())

    def test_the_invited_person_joins_by_the_link_once(self) -> None:
        invitation, secret = self.invited("owner")
        person = UserFactory(email="new@example.org")

        membership = employing.accept_invitation(secret=secret, actor=person, at=NOW)

        assert (membership.employer_id, membership.role) == (invitation.employer_id, "owner")
        assert Notice.objects.filter(kind="team_joined").count() == 1
        with pytest.raises(Conflict):
            employing.accept_invitation(secret=secret, actor=person, at=NOW)

    def test_an_invitation_without_a_name_says_whose_address_it_comes_from(self) -> None:
        owner = MembershipFactory(owner=True, user__name="", user__email="kim@harbour.example")

        employing.invite(
            employer_id=owner.employer_id, actor=owner.user, email="new@example.org",
            role="member", at=NOW,
        )  # fmt: skip

        assert Letter.objects.get().body.startswith("kim@harbour.example asks you")

    def test_only_the_invited_address_opens_the_link(self) -> None:
        _, secret = self.invited()

        with pytest.raises(NotAllowed):
            employing.accept_invitation(secret=secret, actor=UserFactory(), at=NOW)
        with pytest.raises(NotFound):
            employing.accept_invitation(secret="guess", actor=UserFactory(), at=NOW)

    def test_another_confirmed_address_of_the_account_serves_as_well(self) -> None:
        _, secret = self.invited()
        person = UserFactory()
        person.emailaddress_set.create(email="new@example.org", verified=False)

        with pytest.raises(NotAllowed):
            employing.accept_invitation(secret=secret, actor=person, at=NOW)
        person.emailaddress_set.update(verified=True)

        assert employing.accept_invitation(secret=secret, actor=person, at=NOW)

    def test_the_link_runs_out_after_a_week(self) -> None:
        _, secret = self.invited()
        person = UserFactory(email="new@example.org")

        with pytest.raises(WrongState):
            employing.accept_invitation(secret=secret, actor=person, at=NOW + timedelta(days=7))

    def test_inviting_again_replaces_the_link(self) -> None:
        invitation, secret = self.invited()
        employing.invite(
            employer_id=invitation.employer_id, actor=invitation.invited_by,
            email="new@example.org", role="member", at=NOW,
        )  # fmt: skip

        with pytest.raises(NotFound):
            employing.accept_invitation(
                secret=secret, actor=UserFactory(email="new@example.org"), at=NOW
            )
        assert TeamInvitation.objects.count() == 1

    def test_a_revoked_invitation_opens_nothing(self) -> None:
        invitation, secret = self.invited()

        employing.revoke_invitation(
            invitation_id=invitation.pk, actor=invitation.invited_by, at=NOW
        )

        with pytest.raises(NotFound):
            employing.accept_invitation(secret=secret, actor=UserFactory(), at=NOW)

    def test_owners_alone_invite_change_roles_and_remove(self) -> None:
        employer, owner = employer_with_owner()
        member = MembershipFactory(employer=employer)
        other = MembershipFactory(employer=employer)
        calls = [
            lambda by: employing.invite(
                employer_id=employer.pk, actor=by, email="a@example.org", role="member", at=NOW
            ),
            lambda by: employing.set_role(membership_id=other.pk, actor=by, role="owner", at=NOW),
            lambda by: employing.remove_member(membership_id=other.pk, actor=by, at=NOW),
        ]

        for call in calls:
            with pytest.raises(NotAllowed):
                call(member.user)
            with pytest.raises(NotFound):
                call(UserFactory())
            call(owner)

    def test_a_member_may_leave_but_the_last_owner_stays(self) -> None:
        employer, owner = employer_with_owner()
        mine = employer.memberships.get()
        member = MembershipFactory(employer=employer)

        with pytest.raises(Conflict):
            employing.remove_member(membership_id=mine.pk, actor=owner, at=NOW)
        with pytest.raises(Conflict):
            employing.set_role(membership_id=mine.pk, actor=owner, role="member", at=NOW)
        employing.remove_member(membership_id=member.pk, actor=member.user, at=NOW)

        assert list(employer.memberships.all()) == [mine]

    def test_whom_an_owner_removes_is_told_and_whoever_leaves_is_not(self) -> None:
        employer, owner = employer_with_owner()
        removed, leaving = (
            MembershipFactory(employer=employer),
            MembershipFactory(employer=employer),
        )

        employing.remove_member(membership_id=removed.pk, actor=owner, at=NOW)
        employing.remove_member(membership_id=leaving.pk, actor=leaving.user, at=NOW)

        notice = Notice.objects.get()
        assert (notice.recipient, notice.kind) == (removed.user, "team_removed")
        assert notice.subject == f"{employer.name}: you were removed from the team"
        assert notice.body.startswith(f"{owner.name} removed you from the team of {employer.name}.")
        assert "An owner can invite you back." in notice.body
        assert notice.delivery.due_at == NOW

    def test_whose_role_another_changed_is_told_what_they_may_do(self) -> None:
        employer, owner = employer_with_owner()
        other = MembershipFactory(employer=employer)

        for minute, role in enumerate(("member", "owner", "owner", "member")):
            at = NOW + timedelta(minutes=minute)
            employing.set_role(membership_id=other.pk, actor=owner, role=role, at=at)

        promoted, demoted = Notice.objects.filter(recipient=other.user).order_by("id")
        assert promoted.subject == f"{employer.name}: you are now an owner"
        assert promoted.body.startswith(f"{owner.name} made you an owner of {employer.name}.")
        assert demoted.subject == f"{employer.name}: you are now a member"
        assert "only owners change the team" in demoted.body

    def test_who_changes_their_own_role_is_told_nothing(self) -> None:
        employer, owner = employer_with_owner()
        MembershipFactory(employer=employer, owner=True)
        mine = employer.memberships.get(user=owner)

        employing.set_role(membership_id=mine.pk, actor=owner, role="member", at=NOW)

        assert not Notice.objects.exists()

    @pytest.mark.parametrize(
        ("email", "role", "field"),
        [("nobody", "member", "email"), ("a@example.org", "king", "role")],
    )
    def test_refuses_what_is_no_address_or_no_role(self, email: str, role: str, field: str) -> None:
        employer, owner = employer_with_owner()

        with pytest.raises(Invalid) as refusal:
            employing.invite(employer_id=employer.pk, actor=owner, email=email, role=role, at=NOW)

        assert refusal.value.faults[0].field == field


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_leave_one_behind() -> None:
    employer, owner = employer_with_owner()
    second = MembershipFactory(employer=employer, owner=True)
    first = employer.memberships.get(user=owner)

    outcomes = at_once(
        *(
            lambda row=row: employing.remove_member(
                membership_id=row.pk, actor=User.objects.get(pk=row.user_id), at=NOW
            )
            for row in (first, second)
        )
    )

    assert employer.memberships.filter(role="owner").count() == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1


class TestVerification:
    def ask(self, employer: Employer, owner: User, email: str = "", at: datetime = NOW) -> Any:
        return employing.ask_verification(
            employer_id=employer.pk, actor=owner, email=email or f"me@{employer.domain}", at=at
        )

    def test_following_the_link_verifies_the_organization(self) -> None:
        employer, owner = employer_with_owner(verified=False)

        self.ask(employer, owner)
        letter = Letter.objects.get()
        assert letter.address == f"me@{employer.domain}"
        employing.confirm_verification(secret=link_in(letter), actor=owner, at=NOW)

        employer.refresh_from_db()
        assert (employer.verified_by, employer.verified_at) == ("domain", NOW)
        assert Notice.objects.filter(recipient=owner, kind="employer_verified").count() == 1

    def test_a_confirmed_address_of_the_account_verifies_at_once(self) -> None:
        employer, owner = employer_with_owner(verified=False)
        owner.emailaddress_set.create(email=f"me@{employer.domain}", verified=True)

        self.ask(employer, owner)

        employer.refresh_from_db()
        assert employer.is_verified
        assert not Letter.objects.exists()

    @pytest.mark.parametrize(
        ("domain", "email", "code"),
        [
            ("", "me@harbour.example", "no_domain"),
            ("harbour.example", "me@other.example", "other_domain"),
            ("harbour.example", "me@notharbour.example", "other_domain"),
            ("harbour.example", "me@harbour.example.evil.example", "other_domain"),
            ("gmail.com", "me@gmail.com", "not_an_employers"),
            ("mailinator.com", "me@mailinator.com", "not_an_employers"),
        ],
    )
    def test_refuses_addresses_that_prove_nothing(self, domain: str, email: str, code: str) -> None:
        employer, owner = employer_with_owner(verified=False, domain=domain)

        with pytest.raises(Invalid) as refusal:
            self.ask(employer, owner, email)

        assert refusal.value.faults[0].code == code

    def found(self, founder: User, domain: str = "harbour.example") -> Employer:
        return employing.create_employer(
            actor=founder, values={"name": "Harbour Studio", "domain": domain}, at=NOW
        )

    def founder(self, email: str, *, verified: bool = True) -> User:
        founder = UserFactory()
        founder.emailaddress_set.create(email=email, verified=verified)
        return founder

    def test_a_confirmed_address_at_the_domain_verifies_what_is_founded(self) -> None:
        employer = self.found(self.founder("Me@Harbour.example"))

        employer.refresh_from_db()
        assert (employer.verified_by, employer.verified_at) == ("domain", NOW)
        assert employer.verifications.get().email == "me@harbour.example"
        assert not Letter.objects.exists()

    @pytest.mark.parametrize(
        "email",
        ["me@other.example", "me@office.harbour.example", "me@notharbour.example",
         "me@harbour.example.evil.example"],
    )  # fmt: skip
    def test_an_address_elsewhere_verifies_nothing_that_is_founded(self, email: str) -> None:
        assert not self.found(self.founder(email)).is_verified

    def test_an_address_that_is_not_confirmed_verifies_nothing_that_is_founded(self) -> None:
        assert not self.found(self.founder("me@harbour.example", verified=False)).is_verified

    def test_somebody_elses_confirmed_address_verifies_nothing_that_is_founded(self) -> None:
        self.founder("me@harbour.example")

        assert not self.found(UserFactory()).is_verified

    @pytest.mark.parametrize("state", [{"verified": True}, {"verified": False, "blocked": True}])
    def test_a_domain_of_another_organization_is_no_proof_by_itself(
        self, state: dict[str, bool]
    ) -> None:
        others, _ = employer_with_owner(domain="harbour.example", verified=state["verified"])
        if "blocked" in state:
            Employer.objects.filter(pk=others.pk).update(status="blocked")

        employer = self.found(self.founder("me@harbour.example"))

        assert not employer.is_verified
        assert others.memberships.count() == 1

    def test_an_unverified_namesake_keeps_nobody_from_proving_the_domain(self) -> None:
        employer_with_owner(domain="harbour.example", verified=False)

        assert self.found(self.founder("me@harbour.example")).is_verified

    def test_a_domain_that_is_stated_later_is_verified_then(self) -> None:
        founder = self.founder("me@harbour.example")
        employer = self.found(founder, domain="")
        assert not employer.is_verified

        changed = employing.update_employer(
            employer_id=employer.pk, actor=founder, values={"domain": "harbour.example"}, at=NOW
        )

        assert changed.is_verified

    def test_a_new_name_is_verified_anew_though_the_address_is_known(self) -> None:
        founder = self.founder("me@harbour.example")
        employer = self.found(founder)

        changed = employing.update_employer(
            employer_id=employer.pk, actor=founder, values={"name": "A Famous Bank"}, at=NOW
        )

        assert not changed.is_verified

    def test_an_address_at_a_part_of_the_domain_is_fine(self) -> None:
        employer, owner = employer_with_owner(verified=False)

        assert self.ask(employer, owner, f"me@office.{employer.domain}")

    def test_the_link_serves_members_for_a_day_and_while_the_domain_is_the_same(self) -> None:
        employer, owner = employer_with_owner(verified=False)
        self.ask(employer, owner)
        secret = link_in(Letter.objects.get())

        with pytest.raises(NotAllowed):
            employing.confirm_verification(secret=secret, actor=UserFactory(), at=NOW)
        with pytest.raises(WrongState):
            employing.confirm_verification(secret=secret, actor=owner, at=NOW + timedelta(days=1))
        Employer.objects.update(domain="other.example")
        with pytest.raises(Invalid):
            employing.confirm_verification(secret=secret, actor=owner, at=NOW)
        with pytest.raises(NotFound):
            employing.confirm_verification(secret="guess", actor=owner, at=NOW)

    def test_is_asked_only_so_often_and_only_once_needed(self) -> None:
        employer, owner = employer_with_owner(verified=False)
        EmailVerificationFactory.create_batch(5, employer=employer, at=NOW)

        with pytest.raises(LimitReached):
            self.ask(employer, owner)
        assert self.ask(employer, owner, at=NOW + timedelta(days=1))
        verified, its_owner = employer_with_owner()
        with pytest.raises(Conflict):
            self.ask(verified, its_owner)


class TestLetters:
    def test_are_sent_once_and_their_words_forgotten(self) -> None:
        letter = LetterFactory(at=NOW)

        assert letters.send_letters(at=NOW) == 1
        assert letters.send_letters(at=NOW + timedelta(days=1)) == 0

        assert [sent.to for sent in mail.outbox] == [[letter.address]]
        letter.refresh_from_db()
        assert (letter.body, letter.sent_at) == ("", NOW)

    def test_are_a_page_with_a_button_in_the_language_of_the_reader(self) -> None:
        employer, owner = employer_with_owner(name="Kelp & Sons")
        UserFactory(email="rosa@example.org", language="de")
        for address in ("rosa@example.org", "new@example.org"):
            employing.invite(
                employer_id=employer.pk, actor=owner, email=address, role="member", at=NOW
            )

        letters.send_letters(at=NOW)

        pages = {sent.to[0]: sent.alternatives[0].content for sent in mail.outbox}  # type: ignore[attr-defined]
        assert '<html lang="de"' in pages["rosa@example.org"]
        assert ">Dem Team beitreten</a>" in pages["rosa@example.org"]
        assert ">Join the team</a>" in pages["new@example.org"]
        for sent in mail.outbox:
            [link] = re.findall(r"https://testserver/employer/join/\S+", sent.body)
            assert f'<a class="go" href="{link}">' in pages[sent.to[0]]
            assert "Kelp &amp; Sons" in pages[sent.to[0]]
            assert sent.message()["Auto-Submitted"] == "auto-generated"

    def test_are_tried_again_with_growing_pauses_and_then_given_up(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        letter = LetterFactory(at=NOW)

        def fail(_: object) -> None:
            raise ConnectionRefusedError

        monkeypatch.setattr("opportunities.messaging.letters.EmailMultiAlternatives.send", fail)
        at, tries = NOW, 0
        while tries < 40 and letter.dead_at is None:
            letters.send_letters(at=at)
            letter.refresh_from_db()
            tries += 1
            if letter.dead_at is None:
                assert letter.due_at > at
                at = letter.due_at

        assert tries == letter.attempts == 20

    def test_a_letter_is_owed_only_if_the_decision_is(self) -> None:
        with transaction.atomic():
            letters.write_letter(
                address="a@example.org", sender=UserFactory(), subject="A", body="B", at=NOW
            )
            transaction.set_rollback(True)

        assert not Letter.objects.exists()
