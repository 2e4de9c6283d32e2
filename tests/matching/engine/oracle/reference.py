"""Reference implementation of the matching model (see model.md).  Stdlib only, pure functions, no clock, no I/O.

One model, four layers:
  1. facts(o)            posting -> complete, typed facts (+ which of them were imputed from the format's prior)
  2. plan_value(c, [o])  12 aspects in [0,1] of a *plan* (a set of engagements); a single opportunity is a plan of one
  3. fit(c, o)           additive value  S = 100 * sum_k w_k(c) v_k(c,o)      (candidate side, label-blind)
     suit(c, o)          additive value  E = 100 * sum_k u_k(o) x_k(c,o)      (employer side, task fit <-> potential)
     mutual(c, o)        M = sqrt(S*E);  rank = M - price(o)                   (price = congestion dual, >= 0)
  4. prices / deferred_acceptance / plan_best / impact_ratios                   (market level)
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field, replace
from datetime import date

# ----------------------------------------------------------------------------------------------- vocabulary
ASPECTS = (
    "skills",
    "depth",
    "speed",
    "schedule",
    "scope",
    "mentorship",
    "network",
    "pay",
    "effort",
    "evidence",
    "trajectory",
    "field",
)
FLEX = {"fixed": 0.0, "core_hours": 1 / 3, "flexible": 2 / 3, "asynchronous": 1.0}
MODE_CONTACT = {
    "onsite": 1.0,
    "hybrid": 0.78,
    "remote": 0.6,
}  # 0.78 = 56.2/71.9 (NACE offer rates); 0.6 assumed
STEP_HOURS = {
    "profile": 0.1,
    "resume": 0.25,
    "reference_check": 0.25,
    "questions": 0.5,
    "portfolio": 0.5,
    "phone_screen": 0.5,
    "cover_letter": 1.0,
    "interview": 1.0,
    "test": 1.5,
    "panel_interview": 2.0,
    "work_sample": 3.0,
}
EVIDENCE = ("reference", "certificate", "evaluation", "public_work")
RATE_REFERENCE = (
    20.0  # currency/hour at which pay is "fully adequate" unless the candidate says otherwise
)
TRAJECTORY_FULL = 0.60  # conversion share that earns full marks (employer surveys report ~0.5-0.6 for internships)
HISTORY_STRENGTH = 10  # pseudo-completions behind the prior of the conversion share (0.1 + 0.4*depth: facts, not label)
UNSEEN = 3 / 8  # competence of somebody who named none of the skills asked for
BETA, RESERVE, KAPPA = (
    4.0,
    50.0,
    8.0,
)  # congestion: taste noise and outside option (points); list places per place on offer
DOSE = {
    "depth": (8, 400),
    "speed": (1, 26),
    "mentorship": (1, 20),
    "network": (2, 60),
    "effort": (1, 12),
    "public_work": (1, 3),
    "novel_fields": (1, 3),
}

# Format table.  zones: which (hours, weeks) zones the label may claim; prior: conservative values for missing facts
# (monotone-good facts: lower quartile, selection steps: upper quartile) so that hiding a fact cannot pay.
_I = dict(
    hours=400.0,
    weeks=10.0,
    mentor_minutes_per_week=30.0,
    contacts=4,
    task_areas=3,
    hands_on=0.8,
    schedule="fixed",
    evidence=("evaluation",),
    public_works=0,
    steps=("resume", "cover_letter", "phone_screen", "interview", "interview"),
    rate=0.0,
)
_M = dict(
    hours=20.0,
    weeks=2.0,
    mentor_minutes_per_week=0.0,
    contacts=1,
    task_areas=1,
    hands_on=1.0,
    schedule="flexible",
    evidence=(),
    public_works=0,
    steps=("profile", "resume", "questions"),
    rate=15.0,
)
FORMATS = {
    "internship": dict(family="internship", zones="C", tol="BD", prior=_I, rules=()),
    "micro_internship": dict(family="micro", zones="A", tol="BD", prior=_M, rules=()),
    "micro_apprenticeship": dict(
        family="micro",
        zones="A",
        tol="BD",
        prior={**_M, "mentor_minutes_per_week": 30.0},
        rules=("mentor_named", "mentor", "skill"),
    ),
    "project_micro_internship": dict(
        family="micro", zones="A", tol="BD", prior=_M, rules=("deliverable",)
    ),
    "sprint_internship": dict(
        family="internship",
        zones="BC",
        tol="A",
        rules=("intensive", "short8", "mentor"),
        prior={**_I, "hours": 160.0, "weeks": 4.0},
    ),
    "virtual_job_shadowing": dict(
        family="micro",
        zones="A",
        tol="D",
        rules=("remote", "observing"),
        prior={
            **_M,
            "hours": 8.0,
            "weeks": 1.0,
            "hands_on": 0.1,
            "schedule": "core_hours",
            "rate": 0.0,
        },
    ),
    "gigternship": dict(
        family="micro", zones="A", tol="BD", prior=_M, rules=("per_task", "repeatable")
    ),
    "experiential_microlearning": dict(
        family="micro", zones="A", tol="D", prior={**_M, "hours": 10.0}, rules=("skill", "learning")
    ),
    "remote_micro_coop": dict(
        family="micro",
        zones="AB",
        tol="D",
        rules=("remote", "one_to_four", "credit"),
        prior={**_M, "hours": 40.0, "weeks": 4.0, "contacts": 2},
    ),
    "short_burst_internship": dict(
        family="micro",
        zones="AB",
        tol="D",
        prior={**_M, "hours": 80.0, "weeks": 2.0, "contacts": 2},
        rules=("concentrated",),
    ),
    "industry_micro_placement": dict(
        family="micro",
        zones="AB",
        tol="D",
        prior={**_M, "hours": 40.0, "contacts": 2},
        rules=("field",),
    ),
    "portfolio_micro_experience": dict(
        family="micro", zones="A", tol="BD", prior={**_M, "public_works": 1}, rules=("public",)
    ),
}
# What each pole of the seed document's choice values, on the same 0..4 scale a candidate may use (3 high, 2 normal, 1 low).
QUICK = dict(
    skills=3,
    depth=1,
    speed=3,
    schedule=3,
    scope=2,
    mentorship=1,
    network=1,
    pay=2,
    effort=2,
    evidence=3,
    trajectory=1,
    field=4,
)
DEEP = dict(
    skills=2,
    depth=3,
    speed=1,
    schedule=1,
    scope=2,
    mentorship=3,
    network=3,
    pay=2,
    effort=1,
    evidence=2,
    trajectory=3,
    field=4,
)
SAID = 2 / 3  # least share of the weights for what the candidate spoke of
WISHES_BEND, WISHES_FULL = 6, 10  # wishes covered at which `skills` bends, and at which it is 1
TOP3 = (4, 3, 2)  # multipliers of the (up to) three aspects named as mattering most


# ----------------------------------------------------------------------------------------------- records
@dataclass(frozen=True)
class Skill:
    name: str
    level: int = 1  # 0..4, level at which the work needs it (0 = taught on the job)
    importance: int = 1  # 1..3
    must: bool = False  # hard gate: candidate level >= level


@dataclass(frozen=True)
class Opportunity:
    id: str
    format: str = "micro_internship"
    org: str = ""
    field: str = ""
    hours_total: float | None = None
    weeks: float | None = None
    hours_per_week: float | None = None
    start_earliest: str | None = None  # ISO date; None = any time
    start_latest: str | None = None
    schedule: str | None = None  # FLEX
    mode: str = "remote"  # MODE_CONTACT
    region: str = ""
    places: tuple = ()  # (latitude, longitude, country, division) each; any of them suffices
    pay_kind: str | None = None  # hourly | fixed_fee | stipend_month | unpaid | None = undisclosed
    pay_amount: float = 0.0
    credit: bool = False
    skills: tuple[Skill, ...] = ()
    deliverables: int = 0
    publishable: int = 0  # deliverables that may be published
    mentor_name: str = ""
    learning: str = ""  # what is learnt, in words
    concentrated: bool = False
    repeatable: bool = False
    credit_possible: bool = False
    public_works: int | None = None  # deliverables the candidate may publish
    task_areas: int | None = None  # 1..5 distinct task areas / rotations
    hands_on: float | None = None  # share of the hours spent doing (not observing)
    mentor_minutes_per_week: float | None = None
    contacts: int | None = None  # people worked with regularly
    steps: tuple[str, ...] | None = None  # STEP_HOURS
    evidence: tuple[str, ...] | None = None  # subset of reference, certificate, evaluation
    completed: int = 0  # past interns of this employer in this format
    converted: int = 0  # of them, hired or offered a longer engagement
    capacity: int = 1
    holistic: float | None = None  # employer override of phi in [0,1]
    requires_enrolment: bool = False
    min_age: int = 0
    work_rights: str = ""  # country code whose right to work is needed; "" = none


@dataclass(frozen=True)
class Candidate:
    id: str
    goal: float = 0.5  # 0 quick skill acquisition .. 1 in-depth career exploration
    explore: float = 0.5  # 0 specialise in known interests .. 1 try new fields
    scope_wish: float | None = None  # 0 one focused task .. 1 broad project; None -> goal
    available_from: str = "2027-01-04"
    available_until: str | None = None
    hours_per_week: float = 20.0
    skills: dict = field(default_factory=dict)  # name -> level 0..4
    verified: frozenset = frozenset()  # names whose level is backed by completed work
    targets: dict = field(default_factory=dict)  # name -> priority 1..3
    interests: dict = field(
        default_factory=dict
    )  # field -> 1.0 (wanted) / less (next to it)
    only_fields: frozenset = frozenset()  # hard: roles of other fields are not shown; empty = any
    fields_first: bool = False  # interests count twice
    fields_done: frozenset = frozenset()
    modes: frozenset = frozenset({"onsite", "hybrid", "remote"})
    regions: frozenset = frozenset()  # reachable regions for onsite/hybrid
    areas: tuple = ()  # (latitude, longitude, km, country, division) each
    rate_floor: float = 0.0  # hard: below this per hour, do not show
    rate_target: float = RATE_REFERENCE
    income_need: float | None = None  # total wanted from the plan
    credit: str = "none"  # none | wanted | required
    evidence_wanted: tuple = EVIDENCE
    importance: dict = field(
        default_factory=dict
    )  # aspect -> 0..4 explicit rating; absent -> slider default
    top3: tuple = ()  # up to three aspects that matter most, in order
    ratings: tuple = ()  # 1..5 from completed engagements
    enrolled: bool = True
    age_ok: int = 99  # highest minimum age the candidate attests to meet
    rights: frozenset = frozenset()


# ----------------------------------------------------------------------------------------------- layer 1: facts
def dose(x, name):
    """Saturating log dose: 0 at 0, 1 from `full` on, concave; the only curve the model uses."""
    s, full = DOSE[name]
    return min(1.0, math.log1p(max(0.0, x) / s) / math.log1p(full / s))


def ordinal(iso):
    return date.fromisoformat(iso).toordinal()


@dataclass(frozen=True)
class Facts:
    o: Opportunity
    hours: float
    weeks: float
    weekly: float
    income: float
    rate: float
    flex: float
    mentor_hours: float
    person_weeks: float
    areas: int
    hands_on_hours: float
    effort: float
    evidence: frozenset
    public: int
    conversion: float
    imputed: frozenset  # aspects touched by an imputed fact


def facts(o: Opportunity) -> Facts:
    p = FORMATS[o.format]["prior"]
    imp = set()

    def get(name, *aspects):
        v = getattr(o, name)
        if v is None:
            imp.update(aspects)
            return p[name]
        return v

    H, W, hw = o.hours_total, o.weeks, o.hours_per_week
    if H is None and W is not None and hw is not None:
        H = W * hw
    if W is None and H is not None and hw:
        W = H / hw
    if H is None:
        H = p["hours"]
        imp.update(("depth", "pay", "schedule"))
    if W is None:
        W = p["weeks"]
        imp.update(("speed", "mentorship", "network", "schedule"))
    W = max(W, 1 / 7)
    cal = max(W, 1.0)  # at least a day; weekly load is per calendar week
    if o.pay_kind is None:
        income = p["rate"] * H
        imp.add("pay")
    else:
        income = {
            "hourly": o.pay_amount * H,
            "fixed_fee": o.pay_amount,
            "stipend_month": o.pay_amount * W * 12 / 52,
            "unpaid": 0.0,
        }[o.pay_kind]
    n, a = max(0, o.completed), HISTORY_STRENGTH
    hands = get("hands_on", "depth") * H
    if n == 0 or "depth" in imp:
        imp.add("trajectory")
    p0 = 0.1 + 0.4 * dose(hands, "depth")
    return Facts(
        o=o,
        hours=H,
        weeks=W,
        weekly=H / cal,
        income=income,
        rate=income / H if H else 0.0,
        flex=FLEX[get("schedule", "schedule")],
        mentor_hours=get("mentor_minutes_per_week", "mentorship") / 60 * cal,
        person_weeks=get("contacts", "network") * cal * MODE_CONTACT[o.mode],
        areas=get("task_areas", "scope"),
        hands_on_hours=hands,
        effort=sum(STEP_HOURS[s] for s in get("steps", "effort")),
        evidence=frozenset(get("evidence", "evidence")) - {"public_work"},
        public=get("public_works", "evidence"),
        conversion=(min(o.converted, n) + a * p0) / (n + a),
        imputed=frozenset(imp),
    )


def zone(hours, weeks):
    """A micro | B burst | C internship | D low intensity - the one place where the document's durations are resolved."""
    if weeks <= 4:
        return "A" if hours <= 80 else ("B" if hours <= 160 else "C")
    return "D" if hours <= 80 else "C"


def check_format(o: Opportunity):
    """Declared label against facts.  Returns (list of (severity, code), suggested format or None)."""
    f = facts(o)
    spec = FORMATS[o.format]
    z = zone(f.hours, f.weeks)
    out = []
    if (
        None not in (o.hours_total, o.weeks, o.hours_per_week)
        and abs(o.hours_total - o.weeks * o.hours_per_week) > 0.1 * o.hours_total
    ):
        out.append(("warn", "hours_inconsistent"))
    if z not in spec["zones"]:
        out.append(("warn" if z in spec["tol"] else "flag", "duration_zone_" + z))
    if o.pay_kind == "unpaid" and spec["family"] == "micro" and "observing" not in spec["rules"]:
        out.append(("warn", "unpaid_micro"))
    suggest = {
        "A": "micro_internship",
        "B": "short_burst_internship",
        "C": "internship",
        "D": None,
    }[z]
    flagged = any(s == "flag" for s, _ in out)
    return out, (suggest if flagged else None)


def broken_rules(o: Opportunity):
    """The format's own rules that what is *stated* does not meet; no prior stands in."""
    hours, weeks, weekly = o.hours_total, o.weeks, o.hours_per_week
    if hours is None and None not in (weeks, weekly):
        hours = weeks * weekly
    if weeks is None and hours is not None and weekly:
        weeks = hours / weekly
    if hours is not None and weeks is not None:
        weekly = hours / max(weeks, 1)
    met = {
        "mentor_named": o.mentor_name != "",
        "mentor": o.mentor_minutes_per_week is not None and o.mentor_minutes_per_week > 0,
        "deliverable": o.deliverables >= 1,
        "remote": o.mode == "remote",
        "observing": o.hands_on is not None and o.hands_on <= 0.5,
        "per_task": o.pay_kind == "fixed_fee",
        "repeatable": o.repeatable,
        "skill": len(o.skills) > 0,
        "learning": o.learning != "",
        "one_to_four": weeks is not None and 1 <= weeks <= 4,
        "credit": o.credit or o.credit_possible,
        "concentrated": o.concentrated,
        "field": o.field != "",
        "public": o.publishable >= 1,
        "intensive": weekly is not None and weekly >= 20,
        "short8": weeks is not None and weeks <= 8,
    }
    return [rule for rule in FORMATS[o.format]["rules"] if not met[rule]]


# ----------------------------------------------------------------------------------------------- gates (hard constraints)
def earliest_start(c, o):
    s = ordinal(c.available_from)
    return max(s, ordinal(o.start_earliest)) if o.start_earliest else s


def near(c, o):
    """Any place of the role inside any area of the candidate."""
    for p in o.places:
        for a in c.areas:
            if p.latitude is None:  # the role tells its country alone
                if p.country and p.country == a.country:
                    return True
            elif a.km is None:
                if p.country and p.country == a.country and a.division in ("", p.division):
                    return True
            else:  # spherical law of cosines, 6371 km
                f, g = math.radians(p.latitude), math.radians(a.latitude)
                d = math.radians(p.longitude - a.longitude)
                cosine = math.sin(f) * math.sin(g) + math.cos(f) * math.cos(g) * math.cos(d)
                if 6371.0 * math.acos(max(-1.0, min(1.0, cosine))) <= a.km + 1e-3:
                    return True
    return False


def gates(c: Candidate, o: Opportunity):
    """Names of the hard constraints that fail; empty = eligible."""
    f = facts(o)
    s = earliest_start(c, o)
    bad = []
    if o.start_latest and s > ordinal(o.start_latest):
        bad.append("starts_before_available")
    if c.available_until and s + 7 * f.weeks > ordinal(c.available_until) + 1:
        bad.append("ends_after_available")
    if f.weekly > c.hours_per_week:
        bad.append("weekly_hours")
    if o.mode not in c.modes:
        bad.append("mode")
    if o.mode != "remote" and o.region not in c.regions and not near(c, o):
        bad.append("region")
    if c.only_fields and o.field not in c.only_fields:
        bad.append("field")
    if f.rate < c.rate_floor:
        bad.append("rate_floor")
    if c.credit == "required" and not o.credit:
        bad.append("credit")
    if o.requires_enrolment and not c.enrolled:
        bad.append("enrolment")
    if o.min_age > c.age_ok:
        bad.append("age")
    if o.work_rights and o.work_rights not in c.rights:
        bad.append("work_rights")
    if any(k.must and c.skills.get(k.name, 0) < k.level for k in o.skills):
        bad.append("must_have_skill")
    return bad


# ----------------------------------------------------------------------------------------------- layer 2: aspects
def plan_value(c: Candidate, fs, starts=None):
    """The 12 aspect values of a plan (list of Facts).  A single opportunity is a plan of one."""
    if not fs:
        return dict.fromkeys(ASPECTS, 0.0)
    t0 = ordinal(c.available_from)
    starts = starts or [earliest_start(c, f.o) for f in fs]
    H = sum(f.hours for f in fs)
    v = {}
    # 1 skills: wishes covered (priorities of targets, 1 for every other skill held), bending at 6, full at 10
    taught = {k.name for f in fs for k in f.o.skills}
    wishes = {**{s: 1 for s, level in c.skills.items() if level > 0}, **c.targets}
    x = sum(p for s, p in wishes.items() if s in taught)
    v["skills"] = min(1.0, x / (x + WISHES_BEND) * (1 + WISHES_BEND / WISHES_FULL))
    # 2 depth: hands-on hours with the one organisation where they are most
    by_org = {}
    for i, f in enumerate(fs):
        key = f.o.org or f"#{i}"
        by_org[key] = by_org.get(key, 0.0) + f.hands_on_hours
    v["depth"] = dose(max(by_org.values()), "depth")
    # 3 speed: weeks until the first engagement is finished
    v["speed"] = 1 - dose(min((s - t0) / 7 + f.weeks for s, f in zip(starts, fs)), "speed")

    # 4 schedule: peak rigid load as a share of the weekly budget
    def peak():
        ev = []
        for s, f in zip(starts, fs):
            r = f.weekly * (1 - f.flex) / c.hours_per_week
            ev += [(s, 1, r), (s + 7 * max(f.weeks, 1), 0, -r)]
        cur = best = 0.0
        for _, _, r in sorted(ev):
            cur += r
            best = max(best, cur)
        return best

    v["schedule"] = max(0.0, 1 - peak())
    # 5 scope: closeness of breadth to the wish, hours-weighted
    wish = c.goal if c.scope_wish is None else c.scope_wish
    v["scope"] = sum(f.hours * (1 - abs(min(1.0, (f.areas - 1) / 4) - wish)) for f in fs) / H
    # 6, 7 mentorship hours, person-weeks of contact
    v["mentorship"] = dose(sum(f.mentor_hours for f in fs), "mentorship")
    v["network"] = dose(sum(f.person_weeks for f in fs), "network")
    # 8 pay: hourly adequacy, and income adequacy when a need is stated; wanted credit halves the shortfall
    income = sum(f.income for f in fs)
    pay = min(1.0, income / H / c.rate_target) if c.rate_target > 0 else 1.0
    if c.income_need:
        pay = (pay + min(1.0, income / c.income_need)) / 2
    if c.credit != "none" and any(f.o.credit for f in fs):
        pay = 1 - (1 - pay) / 2
    v["pay"] = pay
    # 9 effort: hours of applying
    v["effort"] = 1 - dose(sum(f.effort for f in fs), "effort")
    # 10 evidence: wanted items obtained
    have = {e: 1.0 for f in fs for e in f.evidence}
    have["public_work"] = dose(sum(f.public for f in fs), "public_work")
    want = c.evidence_wanted or EVIDENCE
    v["evidence"] = sum(have.get(e, 0.0) for e in want) / len(want)
    # 11 trajectory: chance of at least one continuation
    v["trajectory"] = min(1.0, (1 - math.prod(1 - f.conversion for f in fs)) / TRAJECTORY_FULL)
    # 12 field: interest, or novelty by the fourth power of how far the candidate explores, whichever is more
    match = max(c.interests.get(f.o.field, 0.0) for f in fs)
    novel = {f.o.field for f in fs if f.o.field and f.o.field not in c.fields_done}
    v["field"] = max(match, c.explore**4 * dose(len(novel), "novel_fields"))
    # ... and a third of what is missing, where the work asks for a skill that was named
    if wishes.keys() & taught:
        v["field"] += (1 - v["field"]) / 3
    if c.fields_first:  # work elsewhere is less of what is wanted: the mean of the roles, hours-weighted
        new = c.explore**4 * dose(1, "novel_fields")
        alone = [max(c.interests.get(f.o.field, 0.0), new * (f.o.field in novel)) for f in fs]
        named = [bool(wishes.keys() & {k.name for k in f.o.skills}) for f in fs]
        alone = [value + (1 - value) / 3 * asked for value, asked in zip(alone, named)]
        v["field"] = sum(f.hours * value for f, value in zip(fs, alone)) / H
    return v


# ----------------------------------------------------------------------------------------------- layer 3: weights, fit, suit
def weights(c: Candidate):
    """Importance ratings, normalised: explicit rating (0..4) if given, else the goal slider's mixture of the two poles;
    the up to three aspects named as mattering most are multiplied by 4, 3, 2.  Aspects the profile leaves undefined get 0.
    Aspects the candidate spoke of (skills or targets, interests, a rating, the top three) have at least SAID of the sum."""
    r = {
        a: c.importance[a] if a in c.importance else (1 - c.goal) * QUICK[a] + c.goal * DEEP[a]
        for a in ASPECTS
    }
    times = dict(zip(c.top3, TOP3))
    if c.fields_first:
        times["field"] = max(times.get("field", 0), 2)
    for a, m in times.items():
        r[a] *= m
    can = any(level > 0 for level in c.skills.values())
    if not c.targets and not can:
        r["skills"] = 0.0
    if not c.interests:
        r["field"] = 0.0
    said = (set(c.importance) | set(c.top3)) - {"skills", "field"}
    said |= {a for a in ("skills", "field") if r[a] > 0}
    half = {  # the shares are those half way between the poles, whatever the goal
        a: c.importance.get(a, (QUICK[a] + DEEP[a]) / 2) * (r[a] > 0 or a not in ("skills", "field"))
        for a in ASPECTS
    }
    for a, m in times.items():
        half[a] *= m
    told = sum(half[a] for a in said)
    rest = sum(half.values()) - told
    if told > 0 and told / (told + rest) < SAID:
        for a in ASPECTS:
            r[a] *= SAID / told if a in said else (1 - SAID) / rest
    tot = sum(r.values())
    return (
        {a: x / tot for a, x in r.items()} if tot > 0 else dict.fromkeys(ASPECTS, 1 / len(ASPECTS))
    )


def learn_weights(w0, comparisons, concentration=18.0, noise=0.05, n=1500, seed=0):
    """Posterior-mean weights after forced choices [(values_preferred, values_other), ...]; prior Dirichlet(concentration*w0),
    likelihood logistic in the value difference (scale `noise`); importance sampling, seeded."""
    r = random.Random(seed)
    tot = 0.0
    out = dict.fromkeys(ASPECTS, 0.0)
    for _ in range(n):
        g = {
            a: r.gammavariate(max(concentration * w0[a], 0.05), 1) if w0[a] > 0 else 0.0
            for a in ASPECTS
        }
        z = sum(g.values())
        ll = 0.0
        for x, y in comparisons:
            t = 1.7 * sum(g[a] / z * (x[a] - y[a]) for a in ASPECTS) / noise
            ll -= math.log1p(math.exp(-t)) if t > -30 else -t
        k = math.exp(ll)
        tot += k
        for a in ASPECTS:
            out[a] += k * g[a] / z
    return {a: x / tot for a, x in out.items()} if tot > 0 else dict(w0)


def fit(c, o):
    w, v = weights(c), plan_value(c, [facts(o)])
    return 100 * math.fsum(w[a] * v[a] for a in ASPECTS)


def suit_parts(c: Candidate, o: Opportunity):
    """Employer side: {component: (weight, value)}.  phi moves weight from task competence to overall fit / potential."""
    f = facts(o)
    d = dose(f.hands_on_hours, "depth")
    phi = o.holistic if o.holistic is not None else 0.1 + 0.5 * d
    tot = sum(k.importance for k in o.skills if k.level > 0)

    def lvl(k):
        x = c.skills.get(k.name, 0)
        return x if k.name in c.verified else min(x, 3)  # self-declared mastery is capped

    comp = (
        UNSEEN
        + (1 - UNSEEN)
        * sum(k.importance * min(1.0, lvl(k) / k.level) for k in o.skills if k.level > 0)
        / tot
        if tot
        else 0.5
    )  # nothing asked: unknown, not perfect
    track = (sum((r - 1) / 4 for r in c.ratings) + 4 * 0.7) / (len(c.ratings) + 4)
    mot = 1 - abs(c.goal - d)
    intr = c.interests.get(o.field, 0.0) if c.interests else 0.5
    grow = (
        sum(1 for k in o.skills if k.name in c.targets) / len(o.skills)
        if o.skills and c.targets
        else 0.5
    )
    third = 0.8 * phi / 3
    return {
        "competence": (0.8 * (1 - phi), comp),
        "track_record": (0.2, track),
        "motivation": (third, mot),
        "interest": (third, intr),
        "growth": (third, grow),
    }


def suit(c, o):
    return 100 * math.fsum(w * x for w, x in suit_parts(c, o).values())


def mutual(c, o):
    """Geometric mean: same order as the product (expected matches if both are probabilities), same 0-100 scale."""
    return math.sqrt(fit(c, o) * suit(c, o))


# ----------------------------------------------------------------------------------------------- explanations
def apportion(parts):
    """Integer points that sum exactly to the rounded total (largest remainder, ties by name)."""
    total = round(math.fsum(parts.values()))
    fl = {k: math.floor(x) for k, x in parts.items()}
    for k in sorted(parts, key=lambda k: (fl[k] - parts[k], k))[: total - sum(fl.values())]:
        fl[k] += 1
    return fl


def explain(c, o):
    f, w = facts(o), weights(c)
    v = plan_value(c, [f])
    pts = {a: 100 * w[a] * v[a] for a in ASPECTS}
    ip = apportion(pts)
    return {
        "score": math.fsum(pts.values()),
        "score_int": sum(ip.values()),
        "disclosed": math.fsum(w[a] for a in ASPECTS if a not in f.imputed),
        "aspects": [
            dict(
                aspect=a,
                weight=w[a],
                value=v[a],
                points=pts[a],
                points_int=ip[a],
                lost=100 * w[a] * (1 - v[a]),
                imputed=a in f.imputed,
            )
            for a in sorted(ASPECTS, key=lambda a: (-pts[a], a))
        ],
    }


def counterfactuals(c, o, top=5):
    """Single-fact changes an employer could make, with the exact gain in fit (re-scored, never approximated)."""
    f = facts(o)
    base = fit(c, o)
    out = []
    ev = tuple(o.evidence if o.evidence is not None else ())
    alts = [
        ("pay", dict(pay_kind="hourly", pay_amount=c.rate_target)),
        ("schedule", dict(schedule="flexible")),
        ("schedule", dict(schedule="asynchronous")),
        ("mentor_minutes_per_week", dict(mentor_minutes_per_week=60.0)),
        ("public_works", dict(public_works=1)),
        ("steps", dict(steps=("profile", "resume"))),
        ("contacts", dict(contacts=5)),
    ]
    alts += [
        ("evidence", dict(evidence=ev + (e,)))
        for e in ("reference", "certificate", "evaluation")
        if e not in ev
    ]
    for name, ch in alts:
        g = fit(c, replace(o, **ch)) - base
        if g > 0.5:
            out.append((g, name, ch))
    return sorted(out, key=lambda t: (-round(t[0], 2), t[1]))[:top]


# ----------------------------------------------------------------------------------------------- layer 4: market
def prices(M, capacity, slots=10, kappa=KAPPA, beta=BETA, reserve=RESERVE, iters=50, tol=0.01):
    """Congestion prices in points: the smallest handicaps (>= 0) for which expected demand fits the places.
    Each candidate spreads `slots` recommendations by a logit over M - price (outside option at `reserve`);
    demand_j <= kappa*capacity_j, with price_j = 0 unless it binds.  Sinkhorn with an inequality: v_j = exp(-price_j/beta).
    M: {(c, o): mutual score}; absent pairs are ineligible.  Returns {o: price}."""
    rows, cols = {}, {j: [] for j in capacity}
    for (i, j), x in sorted(M.items()):
        k = math.exp((x - reserve) / beta)
        rows.setdefault(i, []).append((j, k))
        cols[j].append((i, k))
    v = dict.fromkeys(capacity, 1.0)
    for _ in range(iters):
        u = {i: slots / (1 + math.fsum(k * v[j] for j, k in r)) for i, r in rows.items()}
        delta = 0.0
        for j, c in cols.items():
            d = math.fsum(k * u[i] for i, k in c)
            new = min(1.0, kappa * capacity[j] / d) if d > 0 and capacity[j] > 0 else 1.0
            delta = max(delta, beta * abs(math.log(new / v[j])))
            v[j] = new
        if delta < tol:
            break
    return {j: -beta * math.log(v[j]) + 0.0 for j in capacity}


def deferred_acceptance(prefs, scores, capacity, seed=0):
    """Candidate-proposing DA.  prefs: {c: [o,...]} best first; scores: {o: {c: number}} (absent = unacceptable);
    ties by one seeded lottery used everywhere.  Returns {c: o or None}."""
    cs = sorted(prefs)
    lot = cs[:]
    random.Random(seed).shuffle(lot)
    lot = {c: i for i, c in enumerate(lot)}
    held = {o: [] for o in capacity}
    nxt = dict.fromkeys(cs, 0)
    match = dict.fromkeys(cs)
    free = cs[::-1]
    while free:
        c = free.pop()
        while nxt[c] < len(prefs[c]):
            o = prefs[c][nxt[c]]
            nxt[c] += 1
            if c not in scores.get(o, {}) or not capacity.get(o):
                continue
            held[o].append(c)
            held[o].sort(key=lambda x: (-scores[o][x], lot[x]))
            match[c] = o
            if len(held[o]) > capacity[o]:
                out = held[o].pop()
                match[out] = None
                if out == c:
                    continue
                free.append(out)
            break
    return match


def blocking_pairs(prefs, scores, capacity, match):
    held = {}
    for c, o in match.items():
        if o is not None:
            held.setdefault(o, []).append(c)
    out = []
    for c, lst in prefs.items():
        for o in lst:
            if o == match[c]:
                break
            if (
                c in scores.get(o, {})
                and capacity.get(o)
                and (
                    len(held.get(o, [])) < capacity[o]
                    or any(scores[o][x] < scores[o][c] for x in held[o])
                )
            ):
                out.append((c, o))
    return out


# ----------------------------------------------------------------------------------------------- path planner
def schedule_plan(c, fs):
    """Earliest-fit starts in weekly steps under the weekly budget; None if some member does not fit."""
    t0 = ordinal(c.available_from)
    load = {}
    starts = {}
    order = sorted(
        range(len(fs)),
        key=lambda i: (
            ordinal(fs[i].o.start_latest) if fs[i].o.start_latest else 10**7,
            -fs[i].hours,
            fs[i].o.id,
        ),
    )
    for i in order:
        f = fs[i]
        s = earliest_start(c, f.o)
        n = math.ceil(max(f.weeks, 1) - 1e-9)
        last = ordinal(f.o.start_latest) if f.o.start_latest else s + 7 * 52
        if c.available_until:
            last = min(last, ordinal(c.available_until) + 1 - 7 * f.weeks)
        while s <= last:
            k = [(s - t0) // 7 + j for j in range(n)]
            if all(load.get(x, 0) + f.weekly <= c.hours_per_week + 1e-9 for x in k):
                break
            s += 7
        else:
            return None
        for x in k:
            load[x] = load.get(x, 0) + f.weekly
        starts[i] = s
    return [starts[i] for i in range(len(fs))]


def every_placing(c, fs, hours_of=None):
    """Every way to start the roles in weekly steps that keeps each week within its hours, one after the other.
    hours_of: hours of the week of an ordinal Monday, for calendars in which weeks differ."""
    hours_of = hours_of or (lambda monday: c.hours_per_week)
    load = {}

    def weeks(f, s):
        monday = s - (s - 1) % 7
        return range(monday, s + math.ceil(7 * f.weeks - 1e-9), 7)

    def options(f):
        s = earliest_start(c, f.o)
        last = ordinal(f.o.start_latest) if f.o.start_latest else s + 7 * 52
        if c.available_until:
            last = min(last, ordinal(c.available_until) + 1 - 7 * f.weeks)
        while s <= last:
            yield s
            s += 7 - (s - 1) % 7

    def place(i):
        if i == len(fs):
            yield []
            return
        for s in options(fs[i]):
            own = weeks(fs[i], s)
            if any(load.get(x, 0) + fs[i].weekly > hours_of(x) + 1e-9 for x in own):
                continue
            for x in own:
                load[x] = load.get(x, 0) + fs[i].weekly
            for rest in place(i + 1):
                yield [s, *rest]
            for x in own:
                load[x] -= fs[i].weekly

    return place(0)


def best_placing(c, fs, hours_of=None):
    """Score and starts of the best of all placings: only speed and schedule depend on them. None if there is none."""
    hours_of = hours_of or (lambda monday: c.hours_per_week)
    w, t0 = weights(c), ordinal(c.available_from)
    v = plan_value(c, fs)
    rest = math.fsum(w[a] * v[a] for a in ASPECTS if a not in ("speed", "schedule"))
    best = None
    for starts in every_placing(c, fs, hours_of):
        fixed = {}
        for s, f in zip(starts, fs):
            for x in range(s - (s - 1) % 7, s + math.ceil(7 * f.weeks - 1e-9), 7):
                fixed[x] = fixed.get(x, 0) + f.weekly * (1 - f.flex) / hours_of(x)
        quick = 1 - dose(min((s - t0) / 7 + f.weeks for s, f in zip(starts, fs)), "speed")
        score = 100 * (rest + w["speed"] * quick + w["schedule"] * (1 - max(fixed.values())))
        if best is None or score > best[0] + 1e-9:
            best = score, starts
    return best


def plan_score(c, fs):
    st = schedule_plan(c, fs)
    if st is None:
        return None
    w, v = weights(c), plan_value(c, fs, st)
    return 100 * math.fsum(w[a] * v[a] for a in ASPECTS)


def plan_best(c, opps, max_items=6, kinds=None, beam=8, per_family=30):
    """Best plan by beam search, then 1-swap/drop local search; deterministic.
    kinds: 'one' (single internship) | 'micro' (stack) | None (best of one, stack and any mix, so never worse than either)."""
    pool = [facts(o) for o in sorted(opps, key=lambda o: o.id) if not gates(c, o)]
    fam = lambda f: (
        "internship" if zone(f.hours, f.weeks) == "C" else "micro"
    )  # by facts, not by label
    single = {f.o.id: plan_score(c, [f]) or 0.0 for f in pool}
    top = {
        k: sorted((f for f in pool if fam(f) == k), key=lambda f: (-single[f.o.id], f.o.id))[
            :per_family
        ]
        for k in ("internship", "micro")
    }
    key = lambda p: tuple(sorted(f.o.id for f in p))
    rank = lambda plans: sorted(
        ((s, key(p), p) for p in plans for s in [plan_score(c, p)] if s is not None),
        key=lambda t: (-t[0], t[1]),
    )

    def search(pool, n, best):
        front = [[]]
        for _ in range(n):
            seen = {}
            for p in front:
                for f in pool:
                    if f not in p:
                        seen.setdefault(key(p + [f]), p + [f])
            level = rank(seen.values())[:beam]
            if not level:
                break
            best = min([best, level[0]], key=lambda t: (-t[0], t[1]))
            front = [p for _, _, p in level]
        while n > 1 and best[2]:
            cur = best[2]
            rest = [f for f in pool if f not in cur]
            level = rank(
                [[g for g in cur if g is not r] + [f] for r in cur for f in rest]
                + [[g for g in cur if g is not r] for r in cur if len(cur) > 1]
            )
            if not level or level[0][0] <= best[0] + 1e-9:
                break
            best = level[0]
        return best

    best = (0.0, (), [])
    if kinds in ("one", None):
        best = search(top["internship"], 1, best)
    if kinds in ("micro", None):
        best = search(top["micro"], max_items, best)
    if kinds is None:
        best = search(top["internship"] + top["micro"], max_items, best)
    cur = sorted(best[2], key=lambda f: f.o.id)
    st = schedule_plan(c, cur) if cur else []
    return {
        "items": [f.o.id for f in cur],
        "starts": [date.fromordinal(s).isoformat() for s in st],
        "score": best[0],
        "values": plan_value(c, cur, st),
        "outcomes": {
            "hours": sum(f.hours for f in cur),
            "income": sum(f.income for f in cur),
            "mentor_hours": sum(f.mentor_hours for f in cur),
            "person_weeks": sum(f.person_weeks for f in cur),
            "public_works": sum(f.public for f in cur),
            "skills": len({k.name for f in cur for k in f.o.skills} & set(c.targets)),
            "apply_hours": sum(f.effort for f in cur),
            "credit": any(f.o.credit for f in cur),
            "weeks": max(
                ((s - ordinal(c.available_from)) / 7 + f.weeks for s, f in zip(st, cur)),
                default=0.0,
            ),
        },
    }


# ----------------------------------------------------------------------------------------------- fairness audit
def impact_ratios(rows, group, outcome, minimum_share=0.02):
    """Selection (bool outcome) or scoring (numeric: share above the overall median) rate per group / the highest rate."""
    known = [r for r in rows if r.get(group) is not None]
    unknown = len(rows) - len(known)
    vals = [r[outcome] for r in known]
    if any(not isinstance(x, bool) for x in vals):
        s = sorted(vals)
        n = len(s)
        med = (s[(n - 1) // 2] + s[n // 2]) / 2
        hit = [x > med for x in vals]
        kind = "scoring"
    else:
        hit, kind = vals, "selection"
    g = {}
    for r, h in zip(known, hit):
        a = g.setdefault(r[group], [0, 0])
        a[0] += 1
        a[1] += h
    keep = {k: x for k, x in g.items() if x[0] >= minimum_share * len(known)}
    rate = {k: x[1] / x[0] for k, x in keep.items()}
    top = max(rate.values(), default=0)
    return {
        "kind": kind,
        "unknown": unknown,
        "excluded": sorted(set(g) - set(keep)),
        "groups": {
            k: {
                "n": g[k][0],
                "rate": rate[k],
                "ratio": rate[k] / top if top else None,
                "flag": bool(top) and rate[k] / top < 0.8,
            }
            for k in sorted(rate)
        },
    }
