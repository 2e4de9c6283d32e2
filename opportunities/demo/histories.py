"""Applications in every state, with their dates, and completed work with feedback."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Model

from opportunities.accounts.models import User
from opportunities.applications.models import (
    Answer,
    Application,
    ApplicationEvent,
    InterviewSlot,
    Message,
    RejectionReason,
)
from opportunities.core.calendar import add_working_days
from opportunities.core.lifecycle import (
    APPLICATION_STEPS,
    LIVE,
    SEATED,
    ApplicationStatus,
    RoleStatus,
)
from opportunities.core.models import Site
from opportunities.demo.accounts import SHOWN_EMPLOYER, Accounts
from opportunities.demo.candidates import Person
from opportunities.demo.chance import dice, public_id
from opportunities.demo.postings import Draft
from opportunities.demo.reading import phrases
from opportunities.employers.models import Employer
from opportunities.engagements.models import Completion, CompletionSkill, Review
from opportunities.roles.formats import Kind
from opportunities.roles.response_times import response_days
from opportunities.skills.models import Skill

A = ApplicationStatus
STEPS: Final[dict[str, tuple[str, ...]]] = {
    A.SUBMITTED: (),
    A.SHORTLISTED: ("shortlist",),
    A.INTERVIEWING: ("shortlist", "interview"),
    A.OFFERED: ("shortlist", "interview", "offer"),
    A.ACCEPTED: ("shortlist", "offer", "accept"),
    A.COMPLETED: ("shortlist", "offer", "accept", "propose", "complete"),
    A.REJECTED: ("reject",),
    A.WITHDRAWN: ("withdraw",),
    A.DECLINED: ("shortlist", "offer", "decline"),
    A.LAPSED: ("offer", "lapse"),
    A.RELEASED: ("release",),
    A.NO_SHOW: ("offer", "accept", "no_show"),
}
"""What happened to an application that has come to a state."""

AFTER: Final[dict[str, str]] = {"apply": A.SUBMITTED, "propose": A.ACCEPTED} | {
    action: step.target for action, step in APPLICATION_STEPS.items()
}
BY_CANDIDATE: Final = frozenset({"apply", "accept", "withdraw", "decline", "complete"})
BY_CALENDAR: Final = frozenset({"lapse", "release"})
OPEN_STATES: Final = (
    (A.SUBMITTED, 30), (A.SHORTLISTED, 14), (A.INTERVIEWING, 10), (A.OFFERED, 7), (A.ACCEPTED, 7),
    (A.REJECTED, 16), (A.WITHDRAWN, 6), (A.DECLINED, 4), (A.LAPSED, 3), (A.RELEASED, 3),
)  # fmt: skip
CLOSED_STATES: Final = (
    A.COMPLETED, A.COMPLETED, A.COMPLETED, A.NO_SHOW, A.REJECTED, A.REJECTED, A.RELEASED,
)  # fmt: skip
EARLIER_STATES: Final = (A.REJECTED,) * 7 + (A.RELEASED, A.WITHDRAWN, A.DECLINED)
"""What became of those who applied to an earlier round, beside one who did the work."""
SHOWN: Final = (
    ("Connect Our Rota Tool to Calendars", A.INTERVIEWING),
    ("Build a Contract Notice Importer", A.OFFERED),
    ("Software Engineering Intern, Volunteer Rotas", A.SHORTLISTED),
    ("Write Down How We Start Projects", A.SUBMITTED),
    ("Trace Buildings from the Air", A.REJECTED),
)
"""Where the candidate stands that visitors sign in as."""


TABLES: Final[tuple[type[Model], ...]] = (
    Application, Answer, ApplicationEvent, InterviewSlot, Message, Completion, CompletionSkill,
    Review,
)  # fmt: skip
"""The tables that tell of applications, in the order in which they are stored."""

type History = dict[type[Model], list[Any]]
"""Everything that belongs to applications by its table, before it is stored."""


@dataclass(frozen=True, slots=True)
class Case:
    """One application, who made it to which role, and when what happened to it."""

    application: Application
    draft: Draft
    person: Person
    moments: dict[str, datetime]
    chance: random.Random


def plan_histories(
    drafts: list[Draft], people: list[Person], accounts: Accounts, *, at: datetime
) -> History:
    """Let candidates apply; fill in the places held and what employers answered."""
    teller = _Teller(accounts, at=at)
    by_title = {draft.role.title: draft for draft in drafts}
    shown, others = people[0], people[1:]
    for title, state in SHOWN:
        teller.tell(by_title[title], shown, state)
    closed = [
        draft for draft in drafts if draft.role.status == RoleStatus.CLOSED and not draft.is_earlier
    ]
    for number, draft in enumerate(closed):
        crowd = _crowd(draft, others, len(CLOSED_STATES))
        if number == 0:
            crowd[0] = shown
        for person, state in zip(crowd, CLOSED_STATES, strict=True):
            teller.tell(draft, person, state)
    for draft in drafts:
        if draft.is_earlier:
            chance = dice("earlier applicants", draft.role.title)
            states = (A.COMPLETED, *chance.choices(EARLIER_STATES, k=chance.randint(4, 8)))
            for person, state in zip(_crowd(draft, others, len(states)), states, strict=True):
                teller.tell(draft, person, state)
        if draft.role.status == RoleStatus.OPEN:
            chance = dice("applicants", draft.role.title)
            busy = draft.key == SHOWN_EMPLOYER
            size = chance.randint(7, 11) if busy else chance.choice((0, 1, 1, 2, 2, 3, 3, 4, 6))
            for person in _crowd(draft, others, size):
                teller.tell(draft, person, teller.likely_state(draft, chance))
    _count(teller.history, accounts, at=at)
    return teller.history


def store_histories(history: History) -> None:
    """Store applications and all that belongs to them."""
    for model, rows in history.items():
        model._default_manager.bulk_create(rows)  # noqa: SLF001  (Django documents it)


def _crowd(draft: Draft, people: list[Person], size: int) -> list[Person]:
    """Choose applicants who could do the work and would be glad of it."""
    role, chance = draft.role, dice("crowd", draft.role.title)
    near = [
        person
        for person in people
        if role.field in person.profile.interests
        and role.mode in person.profile.modes
        and (role.mode == "remote" or role.place in person.profile.regions)
    ]
    willing = [person for person in people if role.field in person.profile.interests]
    chosen = chance.sample(near, min(size, len(near)))
    spare = [person for person in willing if person not in chosen]
    return chosen + chance.sample(spare, size - len(chosen))


class _Teller:
    """Writes down, application by application, what happened and when."""

    def __init__(self, accounts: Accounts, *, at: datetime) -> None:
        self.accounts = accounts
        self.at = at
        self.site = Site.load()
        self.skills = dict(Skill.objects.values_list("slug", "id"))
        self.history: History = {model: [] for model in TABLES}

    def likely_state(self, draft: Draft, chance: random.Random) -> str:
        """Choose a state that the age of the role and its free places allow."""
        role = draft.role
        states = [state for state, _ in OPEN_STATES]
        state = chance.choices(states, [weight for _, weight in OPEN_STATES])[0]
        age = (self.at - role.opened_at).days if role.opened_at else 0
        if state in SEATED and role.seats_held >= role.capacity:
            state = A.SHORTLISTED
        if age < 4 or (age < 12 and state in {A.LAPSED, A.RELEASED}):
            state = A.SUBMITTED
        if state == A.RELEASED and self._promise(draft, role.opened_at)[1] >= self.at.date():
            state = A.SUBMITTED
        return state

    def tell(self, draft: Draft, person: Person, state: str) -> None:
        """Write one application with its dates, events, answers and messages."""
        role = draft.role
        chance = dice("application", role.title, person.profile.public_id)
        moments = self._moments(draft, state, chance)
        application = Application(
            public_id=public_id("app", (role.title, person.user.email), at=moments["apply"]),
            opportunity=role,
            profile=person.profile,
            status=state,
            name=person.user.name,
            submitted_at=moments["apply"],
            version=len(moments),
        )
        if role.kind == Kind.INTERNSHIP:
            application.cover_letter = _letter(role.title, draft, person, chance)
        case = Case(application, draft, person, moments, chance)
        self._set_dates(case)
        if state == A.REJECTED:
            application.rejection_reason = chance.choice(
                (RejectionReason.SKILLS, RejectionReason.AVAILABILITY, RejectionReason.APPLICATION)
            )
            application.rejection_message = chance.choice(phrases()["rejections"])
        if "offer" in moments:
            application.offer_message = chance.choice(phrases()["offers"])
        if state in SEATED:
            role.seats_held += 1
        self.history[Application].append(application)
        self._add_track(case)
        if state == A.COMPLETED:
            self._complete(case)

    def _moments(self, draft: Draft, state: str, chance: random.Random) -> dict[str, datetime]:
        """Spread what happened between opening and now, oldest first."""
        actions = ("apply", *STEPS[state])
        start = draft.role.opened_at or self.at
        if draft.role.status == RoleStatus.CLOSED:
            worked = max(30, round(7 * (draft.role.weeks or 0)))
            gaps = {"apply": 3, "shortlist": 5, "offer": 4, "accept": 2, "propose": worked}
            moment, moments = start, {}
            for action in actions:
                if action == "release":
                    moment = _midnight(self._promise(draft, moment)[1], moment) + timedelta(days=1)
                else:
                    moment += timedelta(days=gaps.get(action, 3), minutes=chance.randint(1, 500))
                moments[action] = moment
            return moments
        if state == A.RELEASED:
            submitted = start + timedelta(minutes=chance.randint(5, 300))
            return {"apply": submitted, "release": self.at - timedelta(hours=3)}
        span = self.at - start
        latest = self.at - span * 0.02
        earliest = start + span * 0.05
        if state in LIVE:
            earliest = max(earliest, self.at - timedelta(days=3))
        points = sorted(chance.random() for _ in actions)
        return {
            action: earliest + (latest - earliest) * point
            for action, point in zip(actions, points, strict=True)
        }

    def _promise(self, draft: Draft, since: datetime | None) -> tuple[Any, Any]:
        country = draft.role.employer.country
        day = (since or self.at).date()
        due = add_working_days(day, response_days(draft.role, self.site), country=country)
        return due, add_working_days(due, self.site.grace_days, country=country)

    def _set_dates(self, case: Case) -> None:
        application, moments = case.application, case.moments
        answers = [moments[name] for name in ("shortlist", "reject", "offer") if name in moments]
        application.answered_at = min(answers, default=None)
        latest = moments.get("interview") or moments.get("shortlist") or moments["apply"]
        application.answer_due_on, application.release_on = self._promise(case.draft, latest)
        application.shortlisted_at = moments.get("shortlist")
        application.offered_at = moments.get("offer")
        application.accepted_at = moments.get("accept")
        if application.offered_at:
            since = self.at if application.status == A.OFFERED else application.offered_at
            application.offer_lapses_at = moments.get("lapse") or since + timedelta(days=4)
        if application.status not in LIVE | {A.OFFERED, A.ACCEPTED}:
            application.ended_at = max(moments.values())

    def _add_track(self, case: Case) -> None:
        application, owner = case.application, self.accounts.owners[case.draft.key]
        for action, moment in case.moments.items():
            actor = case.person.user if action in BY_CANDIDATE else owner
            self.history[ApplicationEvent].append(
                ApplicationEvent(
                    application=application,
                    action=action,
                    status=AFTER[action],
                    actor=None if action in BY_CALENDAR else actor,
                    at=moment,
                )
            )
        questions = case.draft.parts["questions"]
        texts = case.chance.sample(phrases()["answers"], len(questions))
        self.history[Answer] += [
            Answer(application=application, position=position, question=question["text"], text=text)
            for position, (question, text) in enumerate(zip(questions, texts, strict=True))
        ]
        if "interview" in case.moments:
            self._add_talk(case, owner)

    def _add_talk(self, case: Case, owner: User) -> None:
        application, chance, proposed = case.application, case.chance, case.moments["interview"]
        chosen = chance.choice((None, 0, 1)) if application.status == A.INTERVIEWING else 0
        noon = self.at.replace(hour=12, minute=0, second=0, microsecond=0)
        for position in range(2):
            starts = noon + timedelta(days=2 + position, hours=chance.randint(-2, 4))
            self.history[InterviewSlot].append(
                InterviewSlot(
                    application=application,
                    starts_at=starts,
                    minutes=chance.choice((20, 30, 45)),
                    where="Video call; the link is sent in the morning",
                    proposed_at=proposed,
                    chosen_at=self.at - timedelta(hours=1) if chosen == position else None,
                )
            )
        for sender, stock, hours in ((owner, "chats", 1), (case.person.user, "replies", 5)):
            self.history[Message].append(
                Message(
                    application=application,
                    sender=sender,
                    from_employer=sender is owner,
                    text=chance.choice(phrases()[stock]),
                    at=min(proposed + timedelta(hours=hours), self.at),
                )
            )

    def _complete(self, case: Case) -> None:
        application, draft, person = case.application, case.draft, case.person
        moments, chance, role, history = case.moments, case.chance, draft.role, self.history
        completion = Completion(
            public_id=public_id("cmp", application.public_id, at=moments["complete"]),
            application=application,
            hours=round((role.hours_total or 20) * chance.choice((0.9, 1, 1, 1.1)), 1),
            started_on=moments["accept"].date(),
            ended_on=moments["propose"].date(),
            summary=f"{role.title}: {role.summary}"[:1000],
            deliverables=[
                {"title": part["title"], "url": ""} for part in draft.parts["deliverables"]
            ],
            paid_minor=role.pay_amount_minor if role.pay_kind == "fixed_fee" else None,
            paid_currency=role.pay_currency if role.pay_kind == "fixed_fee" else "",
            converted=chance.random() < 0.25,
            proposed_at=moments["propose"],
            employer_signed_at=moments["propose"],
            candidate_signed_at=moments["complete"],
            is_public=chance.random() < 0.6 or person.profile.portfolio_is_public,
        )
        history[Completion].append(completion)
        proposal = next(
            event for event in reversed(history[ApplicationEvent]) if event.action == "propose"
        )
        proposal.detail = f"{completion.hours:g} hours written down"
        for part in draft.parts["skills"][:3]:
            level = min(4, max(1, part["level"] + chance.choice((0, 1))))
            history[CompletionSkill].append(
                CompletionSkill(
                    completion=completion, skill_id=self.skills[part["name"]], level=level
                )
            )
            person.skills[part["name"]] = max(level, person.skills.get(part["name"], 0))
            person.verified.add(part["name"])
        for by_employer, stock in ((True, "reviews_of_candidate"), (False, "reviews_of_employer")):
            history[Review].append(
                Review(
                    completion=completion,
                    by_employer=by_employer,
                    stars=chance.choice((4, 4, 5, 5, 5, 3)),
                    text=chance.choice(phrases()[stock]),
                    at=moments["complete"] + timedelta(days=chance.randint(0, 4)),
                )
            )


def _midnight(day: Any, like: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, 6, tzinfo=like.tzinfo)


def _letter(title: str, draft: Draft, person: Person, chance: random.Random) -> str:
    stock = phrases()
    why = chance.choice(stock["why"])
    skill = next(iter(person.skills), "patience").replace("-", " ")
    return str(
        chance.choice(stock["letters"]).format(
            employer=draft.role.employer.name,
            title=title,
            why=why,
            why_cap=why[:1].upper() + why[1:],
            did=chance.choice(stock["did"]),
            skill=skill,
            name=person.user.name,
        )
    )


def _count(history: History, accounts: Accounts, *, at: datetime) -> None:
    """Give each employer its record of answers, as the sweeps would count it."""
    due: Counter[int] = Counter()
    answered: Counter[int] = Counter()
    for application in history[Application]:
        employer_id = application.opportunity.employer_id
        if application.answered_at or application.status == A.RELEASED:
            due[employer_id] += 1
            answered[employer_id] += application.answered_at is not None
    for employer in accounts.employers.values():
        employer.due_count, employer.answered_count = due[employer.pk], answered[employer.pk]
    Employer.objects.bulk_update(list(accounts.employers.values()), ["due_count", "answered_count"])
