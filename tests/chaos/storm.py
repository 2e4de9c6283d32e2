"""The storm: edits, faults and readers at once; then the reckoning."""

import itertools
import random
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from matching import tasks
from matching.introductions import tasks as introductions
from matching.jobs.owed_work import OWED
from matching.jobs.runs import ranking, steps
from matching.models import (
    Introduction,
    IntroductionPreference,
    IntroductionQuerySet,
    Market,
    OwedWork,
    PackedCandidate,
    PackedRole,
    RoleList,
    Run,
    RunState,
)
from matching.shortlists import queries
from matching.store import live
from matching.store.profiles import read_person
from opportunities.candidates.models import CandidateProfile
from opportunities.core import nudge
from opportunities.messaging import delivery
from opportunities.messaging.models import Delivery, Notice, NoticePreference
from opportunities.messaging.notify import notify
from opportunities.roles.models import Opportunity
from tests.chaos import web
from tests.chaos.arena import Arena
from tests.factories import UserFactory
from tests.matching.markets import (
    Rows,
    build_market,
    drawn,
    fresh_lists,
    live_rankings,
    random_edit,
    role_lists,
)

PATIENCE_SECONDS = 30.0
KIND = "chaos"
"""The kind of the notices whose mails are counted."""
CLOCK_JUMP = 20.0
"""By how many seconds a clock goes wrong; what a wrong clock leases may wait that much longer."""

ASKED = 20
"""Candidates for whom a web server is asked in the end."""
SHOWN = 20
"""Roles of each that are compared."""


@dataclass
class Plan:
    """How much is to be broken, over how long."""

    seconds: float
    worker_kills: int
    broker_wipes: int
    database_kills: int
    clock_jumps: int
    rebuilds: int = 2
    roles: int = 100
    candidates: int = 250
    edits: int = 0
    """How many there are at least, if a busy machine needs more seconds for them."""
    edit_pause: float = 0.05
    patience: float = PATIENCE_SECONDS
    """Seconds within which all must be quiet; it is waited for no longer."""


@dataclass
class Reckoning:
    """What became of it."""

    edits: int = 0
    refused: int = 0
    reads: int = 0
    torn: int = 0
    owed: int = 0
    parked: int = 0
    stale: int = 0
    """Subjects whose features are not those of their last version."""
    wrong_rankings: int = 0
    """Candidates whose live ranking differs from a fresh computation."""
    wrong_lists: int = 0
    """Roles whose list differs from one, after it was looked at."""
    pages: int = 0
    """Answers of the web servers to readers."""
    broken: int = 0
    """Answers of theirs with a fault other than 503, which asks to come again."""
    wrong_answers: int = 0
    """Candidates to whom a web server gives another ranking in the end."""
    told: int = 0
    """Notices that were committed."""
    untold: int = 0
    """Those of them that nobody was sent."""
    introduced: int = 0
    """Roles introduced to candidates."""
    introduced_by_mail: int = 0
    """Those of them that a mail told of: what closed or was seen meanwhile is left out."""
    unexplained: int = 0
    """Introductions that were left without their reasons, or due and not told."""
    told_twice: int = 0
    """Roles of which two mails told the same person."""
    mailed_again: int = 0
    """Mails that went out once more, as happens where the sender is killed after sending."""
    unfinished_runs: int = 0
    settled_after: float = 0.0
    patience: float = PATIENCE_SECONDS
    published: bool = False
    faults: dict[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Say whether nothing was lost, stale, torn or left over."""
        return (
            self.published
            and not (self.torn or self.owed or self.parked or self.stale or self.unfinished_runs)
            and not (self.wrong_rankings or self.wrong_lists or self.wrong_answers)
            and not (self.untold or self.broken or self.unexplained or self.told_twice)
            and self.settled_after < self.patience
        )


def prepare(plan: Plan, seed: int) -> None:
    """Fill the market and run the first full computation here."""
    live.forget()
    build_market(seed, roles=plan.roles, candidates=plan.candidates, at=timezone.now())
    run = steps.request_run(at=timezone.now())
    while parts := steps.advance(run.pk, clock=timezone.now):
        for part in parts:
            ranking.rank_part(part, clock=timezone.now)
    live.forget()
    OwedWork.objects.all().delete()
    # Everybody is told of everything at once, at any hour.
    for profile in CandidateProfile.objects.filter(user__isnull=False):
        IntroductionPreference.objects.create(profile=profile, rhythm="at_once", at_once_from=0)
        NoticePreference.objects.create(user=profile.user, quiet_from=0, quiet_until=0)


def rage(arena: Arena, plan: Plan, seed: int) -> Reckoning:
    """Edit, read and break for the plan's time, then wait for quiet and compare."""
    found = Reckoning(patience=plan.patience)
    for port in arena.ports:
        web.wait_for(port)
    done = threading.Event()
    threads = [
        threading.Thread(target=_edit, args=(plan, seed, found, done)),
        threading.Thread(target=_read, args=(seed, found, done)),
        *(threading.Thread(target=_browse, args=(port, found, done)) for port in arena.ports),
    ]
    for thread in threads:
        thread.start()
    try:
        _break(arena, plan, found)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    found.told = Notice.objects.filter(kind=KIND).count()
    settle(arena, found, patience=plan.patience)
    found.faults = dict(arena.counts)
    return found


def _edit(plan: Plan, seed: int, found: Reckoning, done: threading.Event) -> None:
    draw = random.Random(seed)
    reader = UserFactory()
    while not done.is_set():
        try:
            with transaction.atomic():
                random_edit(draw, at=timezone.now())
                notify(
                    recipients=[reader], kind=KIND, key=f"{KIND}:{found.edits}",
                    subject="Something changed", body="Have a look.", at=timezone.now(),
                )  # fmt: skip
            found.edits += 1
        except DatabaseError:
            found.refused += 1
            connection.close()
        time.sleep(plan.edit_pause)
    connection.close()


def _read(seed: int, found: Reckoning, done: threading.Event) -> None:
    """Read lists of roles, and rankings of candidates, all the while."""
    draw = random.Random(seed)
    while not done.is_set():
        try:
            now = timezone.now()
            lists = RoleList.objects.order_by("?").values_list("pk", "ids", "scores")[:20]
            profile = drawn(draw, CandidateProfile.objects.filter(erased_at__isnull=True))
            ranking = live.rank_roles(read_person(profile, at=now), at=now)
            shown = (profile.pk, ranking.ids.tolist(), ranking.ranks.tolist())
            for _, ids, scores in (*lists, shown):
                found.reads += 1
                keys = [(-score, other) for other, score in zip(ids, scores, strict=False)]
                whole = len(ids) == len(scores) and len(set(ids)) == len(ids)
                found.torn += not (whole and keys == sorted(keys))
        except (DatabaseError, KeyError, CandidateProfile.DoesNotExist):
            # A person erased between the two looks is no longer found.
            connection.close()
        time.sleep(0.02)
    connection.close()


def _browse(port: int, found: Reckoning, done: threading.Event) -> None:
    """Read pages of one web server all the while."""
    for path in itertools.cycle(("/", "/opportunities/", "/api/v1/opportunities", "/healthz")):
        if done.is_set():
            return
        try:
            status, _ = web.ask(port, path)
        except OSError:
            pass  # it is not there yet
        else:
            found.pages += 1
            found.broken += status >= 500 and status != HTTPStatus.SERVICE_UNAVAILABLE
        time.sleep(0.05)


def _break(arena: Arena, plan: Plan, found: Reckoning) -> None:
    faults = (
        ["worker"] * plan.worker_kills
        + ["broker"] * plan.broker_wipes
        + ["database"] * plan.database_kills
        + ["clock"] * plan.clock_jumps
        + ["rebuild"] * plan.rebuilds
    )
    arena.draw.shuffle(faults)
    began = time.monotonic()
    for number, fault in enumerate(faults):
        due = began + plan.seconds * number / max(1, len(faults))
        while time.monotonic() < due:
            arena.tend()
            time.sleep(0.05)
        arena.tend()
        _commit(arena, fault)
    while time.monotonic() < began + plan.seconds or found.edits < plan.edits:
        arena.tend()
        time.sleep(0.05)


def _commit(arena: Arena, fault: str) -> None:
    match fault:
        case "worker":
            whole = arena.draw.random() < 0.3
            for _ in range(1000):
                if arena.kill_worker(whole=whole):
                    break
                arena.tend()
                time.sleep(0.05)
        case "broker":
            arena.wipe_broker()
        case "database":
            connection.close()
            arena.kill_database()
        case "clock":
            arena.jump_clock(arena.draw.choice([-CLOCK_JUMP, CLOCK_JUMP]))
        case _:
            # Two at once, as two impatient people ask for them.
            for _ in range(2):
                run = steps.request_run(at=timezone.now())
                nudge.send(tasks.advance_run, run_id=run.pk)
            arena.count("rebuilds")


def settle(arena: Arena, found: Reckoning, *, patience: float) -> None:
    """Wait until nothing is owed, then compare what people see with a fresh computation."""
    arena.set_clocks_right()
    found.settled_after = _wait_for_quiet(arena, patience)
    found.owed = OWED.rows().count()
    found.parked = OWED.buried_rows().count()
    found.unfinished_runs = Run.objects.unfinished().count()
    found.published = Market.objects.filter(run__state=RunState.PUBLISHED).exists()
    found.stale = _stale(PackedCandidate, CandidateProfile) + _stale(PackedRole, Opportunity)
    now = timezone.now()
    rankings, lists = fresh_lists(at=now)
    found.wrong_rankings = _differing(live_rankings(at=now), rankings)
    found.wrong_answers = sum(_wrong_answers(port, rankings) for port in arena.ports)
    _look_at_every_list(arena, patience)
    found.wrong_lists = _differing(role_lists(), lists)
    arena.mail.pause = 0
    _tell_the_rest()
    _deliver_the_rest()
    found.mailed_again = sum(count - 1 for count in arena.mail.taken.values())
    sent = Delivery.objects.filter(notice__kind=KIND, sent_at__isnull=False)
    found.untold = found.told - sent.count()
    _count_introductions(arena, found)


def _left_untold() -> IntroductionQuerySet:
    left = Q(explained_at__isnull=True) | Q(due_at__lte=timezone.now())
    rows = Introduction.objects.to_candidates()
    return rows.filter(left, candidate__erased_at__isnull=True)


def _tell_the_rest() -> None:
    """Tell what is due while the one worker that sends is still busy with slow mails."""
    for _ in range(20):
        if not _left_untold().exists():
            break
        introductions.tell()


def _count_introductions(arena: Arena, found: Reckoning) -> None:
    """Compare what was introduced with what was mailed of it."""
    found.introduced = Introduction.objects.to_candidates().count()
    found.unexplained = _left_untold().count()
    found.introduced_by_mail = len(arena.mail.introduced)
    found.told_twice = sum(len(mails) > 1 for mails in arena.mail.introduced.values())


def _wait_for_quiet(arena: Arena, patience: float) -> float:
    """Wait until nothing is owed and no run is on its way; return the seconds it took."""
    began = time.monotonic()
    while time.monotonic() - began < patience:
        arena.tend()
        if not (OwedWork.objects.outstanding().exists() or Run.objects.unfinished().exists()):
            break
        time.sleep(0.1)
    return round(time.monotonic() - began, 1)


def _stale(
    packed: type[PackedCandidate | PackedRole], source: type[CandidateProfile | Opportunity]
) -> int:
    """Count the subjects whose features are not of their last version."""
    versions = dict(source.objects.values_list("pk", "version"))
    here = packed.objects.filter(fixed__isnull=False)
    return sum(
        versions.get(subject) != version
        for subject, version in here.values_list("subject_id", "source_version")
    )


def _differing(found: Rows, fresh: Rows) -> int:
    """Count the owners for whom the two differ."""
    return sum(found.get(owner) != fresh.get(owner) for owner in found.keys() | fresh.keys())


def _wrong_answers(port: int, rankings: Rows) -> int:
    """Ask a web server for the matches of some candidates; count those that differ."""
    names = dict(Opportunity.objects.values_list("pk", "public_id"))
    people = CandidateProfile.objects.filter(erased_at__isnull=True, user__isnull=False)
    wrong = 0
    for profile in people.select_related("user").order_by("pk")[:ASKED]:
        expected = [names[role] for role in rankings[profile.pk][0][:SHOWN]]
        given = web.best_roles(port, web.token_of(profile.user), limit=SHOWN)
        wrong += given != expected
    return wrong


def _look_at_every_list(arena: Arena, patience: float) -> None:
    """Look at each role's list as its employer does, which asks for those that are old."""
    now = timezone.now()
    for role in Opportunity.objects.listed(at=now):
        queries.on_list(role, at=now)
    _wait_for_quiet(arena, patience)


def _deliver_the_rest() -> None:
    """Send the mails whose sender was killed: their claims lapse in a while."""
    later = timezone.now() + delivery.LEASE + timedelta(seconds=CLOCK_JUMP)
    for _ in range(100):
        if not delivery.NOTICES.ready(at=later).exists():
            break
        # A worker may hold the turn; then nothing is sent here, and what it leaves comes next.
        if not delivery.deliver(at=later):
            time.sleep(0.1)
