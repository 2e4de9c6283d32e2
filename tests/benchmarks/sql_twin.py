"""Do the engine's work in SQL: the same gates and integers, as a yardstick of speed."""

import numpy as np
import psycopg

from matching.engine import IDENTITY, SCORE, VALUE, WEIGHT, Candidates, Opportunities
from matching.engine.aspects import (
    BY_SKILL,
    GROWN,
    HALF,
    NOVELTY,
    PRACTISED_FULL,
    PRACTISED_HALF,
    SPEED_FULL_TICKS,
    UNSEEN,
    speed_table,
)
from matching.engine.fixed_point import FAR, RELATED, SHARE, SPEED_TICKS, USUAL
from matching.engine.pairs import TRACK_WEIGHT
from matching.engine.role_index import build_index

ROLE_COLUMNS = {
    "mode": "int", "region": "bigint", "field": "bigint", "work_rights": "bigint",
    "start_earliest": "int", "start_latest": "int", "days": "float8", "speed_ticks": "int",
    "weekly": "float8", "rigid": "float8", "rate": "float8", "income": "float8",
    "credit": "bool", "requires_enrolment": "bool", "min_age": "int", "depth": "bigint",
    "breadth": "bigint", "mentorship": "bigint", "network": "bigint", "effort": "bigint",
    "trajectory": "bigint", "evidence": "int", "public_work": "bigint", "potential": "bigint",
}  # fmt: skip
PEOPLE_COLUMNS = {
    "goal": "bigint", "wish": "bigint", "explore": "bigint", "available_from": "int",
    "available_until": "int", "hours": "float8", "rate_floor": "float8", "pay_scale": "float8",
    "need_scale": "float8", "credit": "int", "modes": "int", "enrolled": "bool",
    "age_ok": "int", "evidence_wanted": "int", "track_record": "bigint",
}  # fmt: skip

BEST = f"""
SELECT p.id, best.id, best.mutual
FROM people p CROSS JOIN LATERAL (
  SELECT r.id, floor(
      sqrt(fit.total::float8 * suit.total::float8) * {SCORE / (WEIGHT * VALUE)!r}::float8 + 0.5
    )::bigint AS mutual
  FROM role r
  CROSS JOIN LATERAL (
    SELECT
      coalesce(sum(s.share * least({VALUE}::bigint,
        {RELATED} * least(coalesce(h.credited, 0), s.asked) * s.per_level / {RELATED})), 0)::bigint
        AS competence,
      coalesce(sum(s.learning * {RELATED}) FILTER (WHERE t.skill IS NOT NULL), 0)::bigint AS growth,
      coalesce(sum((coalesce(t.priority, 0) + coalesce(h.used, 0)) * {USUAL * RELATED}), 0)::bigint
        AS covered,
      coalesce(bool_or(t.priority > 0 OR h.used > 0), false) AS named,
      count(*) AS number, coalesce(bool_or(s.share > 0), false) AS asks
    FROM role_skill s
    LEFT JOIN held h ON h.person = p.id AND h.skill = s.skill
    LEFT JOIN target t ON t.person = p.id AND t.skill = s.skill
    WHERE s.role = r.id
  ) skills
  LEFT JOIN interest i ON i.person = p.id AND i.field = r.field
  JOIN speed ON speed.tick = least(
    {SPEED_FULL_TICKS},
    greatest(0, r.start_earliest - p.available_from) * {SPEED_TICKS} + r.speed_ticks)
  CROSS JOIN LATERAL (
    SELECT CASE WHEN p.pay_scale > 0
      THEN floor(least(r.rate * p.pay_scale, {VALUE}::float8) + 0.5)::bigint
      ELSE {VALUE} END AS value
  ) hourly
  CROSS JOIN LATERAL (
    SELECT hourly.value + CASE WHEN p.need_scale > 0 THEN
      floor(least(r.income * p.need_scale, {VALUE}::float8) + 0.5)::bigint - hourly.value >> 1
      ELSE 0 END AS value
  ) paid
  CROSS JOIN LATERAL (
    SELECT greatest(coalesce(i.value, 0),
      (p.explore * (r.field <> 0)::int * {NOVELTY} + {HALF}) / {VALUE}) AS value
  ) field
  CROSS JOIN LATERAL (
    SELECT
      p.w0 * least({VALUE}, floor(skills.covered::float8 * {1 / RELATED / USUAL!r}::float8
        * {VALUE * (1 + PRACTISED_HALF / PRACTISED_FULL)!r}::float8
        / (skills.covered::float8 * {1 / RELATED / USUAL!r}::float8 + {PRACTISED_HALF}))::bigint)
      + p.w1 * r.depth + p.w2 * speed.value
      + p.w3 * ({VALUE} - floor(
          least(r.rigid * ({VALUE}::float8 / greatest(p.hours, 1e-9)), {VALUE}::float8) + 0.5
        )::bigint)
      + p.w4 * ({VALUE} - abs(r.breadth - p.wish)) + p.w5 * r.mentorship + p.w6 * r.network
      + p.w7 * (paid.value + CASE WHEN p.credit > 0 AND r.credit
          THEN ({VALUE} - paid.value + 1) / 2 ELSE 0 END)
      + p.w8 * r.effort
      + p.w9 * ((bit_count((r.evidence & p.evidence_wanted)::bit(3)) * {VALUE}
          + (p.evidence_wanted >> 3 & 1) * r.public_work)
          / greatest(bit_count(p.evidence_wanted::bit(4)), 1))
      + p.w10 * r.trajectory
      + p.w11 * (field.value + CASE WHEN skills.named
          THEN ({VALUE} - field.value) / {round(1 / BY_SKILL)} ELSE 0 END) AS total
  ) fit
  CROSS JOIN LATERAL (
    SELECT ({WEIGHT - TRACK_WEIGHT} - 3 * r.potential)
        * CASE WHEN skills.asks
            THEN {UNSEEN} + (skills.competence * {VALUE - UNSEEN} / {VALUE}
              + {SHARE // 2} >> {SHARE.bit_length() - 1}) ELSE {HALF} END
      + {TRACK_WEIGHT} * p.track_record
      + r.potential * ({VALUE} - abs(p.goal - r.depth)
        + CASE WHEN p.has_interests THEN coalesce(i.value, 0) ELSE {HALF} END
        + CASE WHEN p.has_targets AND skills.number > 0
            THEN skills.growth + {GROWN // 2} >> {GROWN.bit_length() - 1} ELSE {HALF} END) AS total
  ) suit
  WHERE (p.modes >> r.mode & 1) = 1
    AND (r.mode = 0 OR r.region = ANY (p.regions))
    AND (r.work_rights = 0 OR r.work_rights = ANY (p.rights))
    AND r.weekly <= p.hours
    AND r.rate >= p.rate_floor
    AND greatest(r.start_earliest, p.available_from) <= r.start_latest
    AND (p.available_until = {FAR}
      OR greatest(r.start_earliest, p.available_from) + r.days <= p.available_until + 1)
    AND (p.credit < 2 OR r.credit)
    AND (p.enrolled OR NOT r.requires_enrolment)
    AND r.min_age <= p.age_ok
    AND NOT EXISTS (
      SELECT FROM must m LEFT JOIN held h ON h.person = p.id AND h.skill = m.skill
      WHERE m.role = r.id AND coalesce(h.level, 0) < m.level)
  ORDER BY mutual DESC, r.id
  LIMIT %(k)s
) best
WHERE p.place < %(number)s
ORDER BY p.id, best.mutual DESC, best.id
"""  # noqa: S608 (only our own numbers)


def _copy(connection: psycopg.Connection, table: str, types: dict, columns) -> None:
    names = ", ".join(f"{name} {kind}" for name, kind in types.items())
    connection.execute(f"CREATE TEMPORARY TABLE {table} ({names})")
    with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for row in zip(*(list(column) for column in columns), strict=True):
            copy.write_row(row)


def load(
    connection: psycopg.Connection, candidates: Candidates, opportunities: Opportunities
) -> None:
    """Fill indexed tables with both sides."""
    index = build_index(opportunities, vocabulary=IDENTITY)
    roles = index.opportunities
    ids = roles.ids.tolist()
    role_of = np.repeat(roles.ids, np.diff(roles.skill_at)).tolist()
    _copy(
        connection,
        "role",
        {"id": "bigint PRIMARY KEY", **ROLE_COLUMNS},
        [ids, *(getattr(roles, name).tolist() for name in ROLE_COLUMNS)],
    )
    _copy(
        connection,
        "role_skill",
        {
            "role": "bigint",
            "skill": "bigint",
            "per_level": "bigint",
            "share": "bigint",
            "learning": "bigint",
            "asked": "int",
        },
        [
            role_of,
            *(
                column.tolist()
                for column in (
                    roles.skill,
                    index.per_level,
                    index.share,
                    index.learning,
                    index.asked,
                )
            ),
        ],
    )
    needed = roles.skill_must
    _copy(
        connection,
        "must",
        {"role": "bigint", "skill": "bigint", "level": "int"},
        [
            np.repeat(roles.ids, np.diff(roles.skill_at))[needed].tolist(),
            roles.skill[needed].tolist(),
            roles.skill_level[needed].tolist(),
        ],
    )
    people = candidates
    weights = {f"w{number}": "bigint" for number in range(people.weights.shape[1])}
    lists = {"regions": "bigint[]", "rights": "bigint[]"}
    flags = {"has_targets": "bool", "has_interests": "bool"}
    _copy(
        connection,
        "people",
        {"id": "bigint PRIMARY KEY", "place": "int", **PEOPLE_COLUMNS, **weights, **lists, **flags},
        [
            people.ids.tolist(),
            range(len(people)),
            *(getattr(people, name).tolist() for name in PEOPLE_COLUMNS),
            *people.weights.T.tolist(),
            [part.tolist() for part in np.split(people.region, people.region_at[1:-1])],
            [part.tolist() for part in np.split(people.right, people.right_at[1:-1])],
            (np.diff(people.target_at) > 0).tolist(),
            (np.diff(people.interest_at) > 0).tolist(),
        ],
    )

    def ragged(table: str, at: np.ndarray, types: dict, *columns: np.ndarray) -> None:
        owners = np.repeat(people.ids, np.diff(at)).tolist()
        _copy(
            connection,
            table,
            {"person": "bigint", **types},
            [owners, *(column.tolist() for column in columns)],
        )

    ragged(
        "held",
        people.skill_at,
        {"skill": "bigint", "level": "int", "credited": "int", "used": "int"},
        people.skill,
        people.skill_level,
        people.skill_credited,
        people.skill_used,
    )
    ragged(
        "target",
        people.target_at,
        {"skill": "bigint", "priority": "bigint"},
        people.target,
        people.target_priority,
    )
    ragged(
        "interest",
        people.interest_at,
        {"field": "bigint", "value": "bigint"},
        people.interest,
        people.interest_value,
    )
    table = speed_table().tolist()
    _copy(
        connection,
        "speed",
        {"tick": "int PRIMARY KEY", "value": "bigint"},
        [range(len(table)), table],
    )
    for index_of in (
        "role_skill (role)",
        "must (role)",
        "held (person, skill)",
        "target (person, skill)",
        "interest (person, field)",
        "role (mode, region)",
        "people (place)",
    ):
        connection.execute(f"CREATE INDEX ON {index_of}")
    connection.execute("ANALYZE")


def best_roles(connection: psycopg.Connection, k: int, number: int) -> list[tuple[int, int, int]]:
    """Return candidate, role and score of the best of the first candidates, in order."""
    return connection.execute(BEST, {"k": k, "number": number}).fetchall()
