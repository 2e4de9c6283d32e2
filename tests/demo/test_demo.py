"""The demo market: its content, its rows, and that it is the same every time."""

import html
from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

import numpy as np
import pytest
import time_machine
from django.db import transaction
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import translation

from matching.recommending.paths import compare_paths
from matching.store import live
from matching.store.profiles import read_person
from opportunities.accounts.models import User
from opportunities.applications.models import Application
from opportunities.candidates.models import CandidateProfile, CandidateSkill
from opportunities.core.fields_of_work import Field
from opportunities.core.lifecycle import SEATED, ApplicationStatus, RoleStatus
from opportunities.demo.accounts import PASSWORD, SIGN_INS
from opportunities.demo.reading import employers, families, problems
from opportunities.demo.seeding import Seeded, seed
from opportunities.employers.models import Employer
from opportunities.employers.operations import invite
from opportunities.engagements.models import Completion, Review
from opportunities.messaging.delivery import deliver
from opportunities.messaging.letters import send_letters
from opportunities.messaging.models import Delivery, Notice
from opportunities.moderation.models import Appeal, Decision, Finding, Report, Verdict
from opportunities.roles import checks, drafts
from opportunities.roles.checks import duplicates
from opportunities.roles.formats import FORMATS, broken, stated_by
from opportunities.roles.job_posting import address_of
from opportunities.roles.models import Opportunity
from opportunities.skills import loading
from opportunities.skills.vocabulary.files import read_vocabulary
from tests.catalogue import job_posting_checker
from tests.catalogue.link_checker import dead, links_of, own_links
from tests.demo.market import AT, demo_market
from tests.desk import deciding
from tests.shared_rows import shared_rows


class TestContent:
    def test_it_covers_every_format_and_field_with_known_skills_and_employers(self):
        skills = {skill.id for skill in read_vocabulary(loading.OWN_SKILLS).skills}
        keys = {employer.key for employer in employers()}
        posts = [post for family in families() for post in family.posts]

        assert len(keys) == len(employers()) >= 45
        assert {family.format for family in families()} == set(FORMATS)
        assert {family.field for family in families()} == set(Field.values)
        assert {text.split()[0] for family in families() for text in family.skills} <= skills
        assert {post.employer for post in posts} == keys
        assert len({post.title for post in posts}) == len(posts) >= 300
        assert len({post.summary for post in posts}) == len(posts)
        assert len(problems()) >= 12


@pytest.fixture(scope="module")
def market(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker, demo_market) as seeded:
        yield seeded


def open_roles() -> list[Opportunity]:
    roles = Opportunity.objects.filter(status=RoleStatus.OPEN).order_by("id")
    return list(
        roles.select_related("employer").prefetch_related("deliverables", "questions", "skills")
    )


def page(role: Opportunity) -> str:
    return reverse("opportunities:role", args=[role.slug, role.public_id])


@pytest.fixture(scope="module")
def open_pages(market, django_db_blocker):
    """Every open role with the answer of its page."""
    client = Client()
    with django_db_blocker.unblock(), time_machine.travel(AT, tick=False):
        return [(role, client.get(page(role))) for role in open_roles()]


def parts_of(role: Opportunity) -> dict[str, list[dict[str, object]]]:
    values = drafts.values_of(role)
    return {name: values[name] for name in ("deliverables", "questions", "skills")}


@pytest.mark.django_db
@pytest.mark.xdist_group("demo")
class TestMarket:
    def test_it_is_large_enough(self, market):
        assert market.employers >= 45
        assert market.open_roles >= 300
        assert market.candidates == 600
        assert market.waiting >= 12
        assert Opportunity.objects.open(at=AT).count() == market.open_roles

    def test_a_second_seeding_changes_nothing(self, market):
        before = Opportunity.objects.count(), User.objects.count(), Application.objects.count()

        assert seed(at=AT) == Seeded()

        assert before == (
            Opportunity.objects.count(), User.objects.count(), Application.objects.count()
        )  # fmt: skip

    def test_applications_are_in_every_state_and_hold_only_the_places_there_are(self, market):
        assert set(Application.objects.values_list("status", flat=True)) == set(ApplicationStatus)
        held = dict(
            Application.objects.filter(status__in=SEATED)
            .values_list("opportunity")
            .annotate(count=Count("id"))
        )
        for role in Opportunity.objects.all():
            assert role.seats_held == held.get(role.pk, 0)

    def test_dates_of_applications_are_in_order_and_no_promise_is_broken_unnoticed(self, market):
        for application in Application.objects.select_related("opportunity"):
            opened = application.opportunity.opened_at
            moments = [
                application.shortlisted_at, application.offered_at, application.accepted_at,
            ]  # fmt: skip
            assert opened <= application.submitted_at <= AT
            assert all(application.submitted_at <= m <= AT for m in moments if m)
        assert not Application.objects.live().filter(release_on__lt=AT.date()).exists()
        assert not Application.objects.filter(
            status=ApplicationStatus.OFFERED, offer_lapses_at__lte=AT
        ).exists()

    def test_a_role_is_likely_to_come_for_who_looks_around(self, market):
        with time_machine.travel(AT, tick=False):
            profile = CandidateProfile.objects.get(user__email="candidate@example.org")
            found = live.rank_roles(read_person(profile, at=AT), at=AT)
            likely = compare_paths(found, at=AT, profile=profile).likely

        assert likely.name == "Data and analysis: a short role of about 11 hours"
        assert likely.evidence == "likely: 7 like it opened in February 2026"

    def test_the_track_of_every_application_ends_in_its_state(self, market):
        for application in Application.objects.prefetch_related("events"):
            events = sorted(application.events.all(), key=lambda event: event.id)
            assert events[0].action == "apply"
            assert events[-1].status == application.status
            assert [event.at for event in events] == sorted(event.at for event in events)

    def test_completed_work_is_signed_reviewed_and_verifies_skills(self, market):
        assert market.completions >= 30
        assert all(completion.is_signed for completion in Completion.objects.all())
        assert Review.objects.count() == 2 * market.completions
        assert CandidateSkill.objects.filter(verified=True).count() >= market.completions

    def test_no_open_role_is_stopped_by_a_check(self, market):
        copied = {problem.copies for problem in problems()}
        stopped = [
            (role.title, result.name, result.detail)
            for role in open_roles()[::6]
            for result in checks.examine(role, parts_of(role), employer=role.employer, at=AT)
            if result.verdict == Verdict.STOP and role.title not in copied
        ]
        assert stopped == []

    def test_every_role_states_what_its_format_asks(self, market):
        roles = Opportunity.objects.exclude(status=RoleStatus.DRAFT)
        faulty = {
            role.title: broken(role.format, stated_by(vars(role), parts_of(role))) for role in roles
        }

        assert {title: codes for title, codes in faulty.items() if codes} == {}

    def test_no_text_of_an_open_role_would_be_stopped(self, market):
        for role in open_roles():
            texts = checks.texts_of(vars(role), parts_of(role)).values()
            assert checks.wording_stops("\n".join(texts)) == [], role.title

    def test_every_open_role_is_described_to_search_engines_as_its_page_shows_it(self, open_pages):
        wrong = {}
        with time_machine.travel(AT, tick=False):
            for role, answer in open_pages:
                posting = job_posting_checker.posting_in(answer.text)
                found = job_posting_checker.problems(posting)
                shown = html.unescape(answer.text)
                found += [
                    f"{part} is not shown"
                    for part in (posting["title"], posting["hiringOrganization"]["name"])
                    if part not in shown
                ]
                if posting["identifier"]["value"] != role.public_id:
                    found.append("another role's identifier")
                if not posting["validThrough"].startswith(role.apply_by.isoformat()):
                    found.append("another last day")
                if found:
                    wrong[role.title] = found
        assert wrong == {}

    def test_every_address_that_programs_read_answers(self, open_pages, client):
        with time_machine.travel(AT, tick=False):
            index = client.get("/sitemap.xml", secure=True).text
            sections = [
                client.get(urlsplit(link).path, secure=True).text for link in own_links(index)
            ]
            pages = {address_of(role): answer for role, answer in open_pages}
            postings = [job_posting_checker.posting_in(each.text) for each in pages.values()]
            answered = {address for address, each in pages.items() if each.status_code == 200}
            feeds = [
                client.get(f"/feeds/{name}").content.decode()
                for name in ("opportunities.atom", "opportunities.json", "deadlines.ics")
            ]
            links = own_links(index, *sections, *feeds) | links_of(postings)
            links |= own_links(client.get("/robots.txt").text)

            assert own_links(*sections) > answered
            assert len(answered) == len(open_pages) > 100
            assert dead(client, links - answered) == {}

    @pytest.mark.parametrize(
        ("email", "said"),
        [
            ("candidate@example.org", {
                "en-gb": {"Choose a time to talk", "You have an offer", "Not selected"},
                "de": {
                    "Wähle einen Termin für ein Gespräch", "Du hast ein Angebot",
                    "Nicht ausgewählt",
                },
            }),
            ("employer@example.org", {"en-gb": {"New application"}, "de": {"Neue Bewerbung"}}),
        ],
    )  # fmt: skip
    def test_notices_are_told_as_the_product_tells_them_in_each_language(self, market, email, said):
        notices = list(Notice.objects.filter(recipient__email=email))

        assert len({notice.key for notice in notices}) == len(notices) > 4
        for language, subjects in said.items():
            with translation.override(language):
                told = {notice.told.subject.split(":")[0] for notice in notices}
                bodies = "".join(notice.told.body for notice in notices)
            assert subjects <= told, told
            assert "{" not in bodies

    def test_every_address_in_a_mail_answers_to_whom_it_was_sent(self, market, client, mailoutbox):
        later = AT + timedelta(days=2)
        moderator = User.objects.get(email="moderator@example.org")
        with transaction.atomic(), time_machine.travel(later, tick=False):
            for role in Opportunity.objects.filter(status=RoleStatus.IN_REVIEW)[:6]:
                deciding.ask_changes(
                    opportunity_id=role.pk, moderator=moderator, rules=["2.1"],
                    reason="Say what there is to do, please.", at=later,
                )  # fmt: skip
            member = Employer.objects.filter(memberships__role="owner").first().memberships.first()
            invite(
                employer_id=member.employer_id, actor=member.user, email="new@example.org",
                role="member", at=later,
            )  # fmt: skip
            unsent = Notice.objects.filter(delivery__isnull=True)
            Delivery.objects.bulk_create(Delivery(notice=each, due_at=AT) for each in unsent)
            while deliver(at=later) + send_letters(at=later):
                pass
            links = {mail.to[0]: set() for mail in mailoutbox}
            for mail in mailoutbox:
                others = (text for text, _ in getattr(mail, "alternatives", ()))
                links[mail.to[0]] |= own_links(mail.body, *others)
            wrong = {}
            for address, some in links.items():
                if user := User.objects.filter(email=address).first():
                    client.force_login(user)
                else:
                    client.logout()
                wrong |= dead(client, some)
            transaction.set_rollback(True)

        assert all(links.values())
        assert len(links) > 5
        assert wrong == {}

    def test_no_closed_role_is_described_to_search_engines(self, market, client):
        closed = Opportunity.objects.filter(status=RoleStatus.CLOSED)
        assert closed.exists()
        with time_machine.travel(AT, tick=False):
            texts = [client.get(page(role)).text for role in closed]
        assert not any(map(job_posting_checker.posting_in, texts))

    def test_no_two_open_texts_are_nearly_the_same(self, market):
        roles = open_roles()
        table = np.array(
            [duplicates.signature(checks.texts_of(vars(role), parts_of(role))) for role in roles]
        )
        likeness = (table[:, None, :] == table[None, :, :]).mean(axis=2)
        np.fill_diagonal(likeness, 0)
        one, other = np.unravel_index(likeness.argmax(), likeness.shape)
        assert likeness.max() < 0.6, (roles[one].title, roles[other].title)

    def test_every_waiting_problem_is_found_by_the_check_it_is_meant_for(self, market):
        for problem in problems():
            if problem.status != "in_review":
                continue
            finding = Finding.objects.get(
                opportunity__title=problem.title, check_name=problem.check
            )
            assert finding.verdict != Verdict.CLEAR, (problem.title, problem.check)

    def test_open_roles_were_approved_and_known_employers_verified(self, market):
        approved = set(
            Decision.objects.filter(action="approve").values_list("opportunity", flat=True)
        )
        opened = set(Opportunity.objects.open(at=AT).values_list("pk", flat=True))
        assert opened <= approved
        assert Employer.objects.filter(verified_at__isnull=True).count() == 1
        assert Report.objects.filter(answered_at__isnull=True).count() >= 5
        assert Appeal.objects.filter(heard_at__isnull=True).count() == 1

    def test_the_warning_on_record_is_in_force(self, market):
        warned = Decision.objects.get(action="warn")

        assert (warned.sanction.employer, warned.sanction.level) == (warned.employer, "warning")
        assert warned.sanction.in_force_at == warned.decided_at

    def test_the_four_sign_ins_open_with_the_printed_password(self, market):
        for email in SIGN_INS:
            assert User.objects.get(email=email).check_password(PASSWORD)
        assert User.objects.get(email="moderator@example.org").has_perm(
            "roles.moderate_opportunity"
        )
        assert User.objects.get(email="admin@example.org").is_superuser
        assert (
            not User.objects.exclude(email__in=SIGN_INS).filter(password__startswith="md5").exists()
        )

    def test_candidates_are_varied(self, market):
        profiles = CandidateProfile.objects.all()
        headlines = Counter(profiles.values_list("headline", flat=True))
        assert len(headlines) > 300
        assert len(set(profiles.values_list("user__name", flat=True))) == 600
        assert {mode for modes in profiles.values_list("modes", flat=True) for mode in modes} == {
            "onsite", "hybrid", "remote",
        }  # fmt: skip
