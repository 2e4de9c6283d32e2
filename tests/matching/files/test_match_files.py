"""Files in, matches out: the same engine, without a database."""

import csv
import json
import random
from collections import defaultdict
from dataclasses import asdict
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from matching.engine import ASPECTS
from tests.matching.engine.markets import asked, candidate, opportunity, seeking
from tests.matching.engine.oracle import reference

ROLE = {"id": "r", "hours_total": 20, "weeks": 2}


def lines(records):
    return "".join(
        json.dumps(
            {
                name: sorted(value) if isinstance(value, set | frozenset) else value
                for name, value in (record if isinstance(record, dict) else asdict(record)).items()
            }
        )
        + "\n"
        for record in records
    )


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that matches two lists of records, or two texts."""

    def forbidden(*args, **kwargs):
        raise AssertionError("the database was used")

    monkeypatch.setattr(type(connections["default"]), "connect", forbidden)

    def match(opportunities, candidates, **options):
        given = {"opportunities": opportunities, "candidates": candidates}
        for name, content in given.items():
            text = content if isinstance(content, str | bytes) else lines(content)
            path = tmp_path / f"{name}.ndjson"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            options[name] = path
        out, problems = StringIO(), StringIO()
        arguments = [f"--{name}={value}" for name, value in ({"top": 5} | options).items()]
        try:
            call_command("match_files", *arguments, stdout=out, stderr=problems)
            failed = False
        except CommandError as error:
            problems.write(str(error))
            failed = True
        rows = [json.loads(line) for line in out.getvalue().splitlines()]
        return rows, problems.getvalue(), failed

    return match


class TestMatches:
    @pytest.mark.parametrize("seed", range(3))
    def test_are_those_of_the_reference(self, run, seed):
        draw = random.Random(seed)
        people = [candidate(draw, f"c{n:03}") for n in range(30)]
        roles = [opportunity(draw, f"o{n:03}") for n in range(40)]

        rows, problems, failed = run(roles, people, top=5)

        assert not failed
        assert problems == ""
        found = defaultdict(list)
        for row in rows:
            found[row["candidate"]].append(row)
        for person in map(seeking, people):
            best = sorted(
                (-reference.mutual(person, role), role.id, role)
                for role in map(asked, roles)
                if not reference.gates(person, role)
            )[:5]
            mine = found[person.id]
            assert [row["rank"] for row in mine] == list(range(1, len(best) + 1))
            for row, (mutual, role_id, role) in zip(mine, best, strict=True):
                assert row["opportunity"] == role_id
                expected = reference.explain(person, role)
                assert row["fit"] == pytest.approx(expected["score"], abs=0.01)
                assert row["suit"] == pytest.approx(reference.suit(person, role), abs=0.01)
                assert row["mutual"] == pytest.approx(-mutual, abs=0.01)
                assert set(row["aspects"]) == set(ASPECTS)
                low, high = 0.0, 0.0
                for line in expected["aspects"]:
                    shown = row["aspects"][line["aspect"]]
                    assert shown["known"] is not line["imputed"]
                    for name in ("weight", "value", "points"):
                        assert shown[name] == pytest.approx(line[name], abs=0.01)
                    low += 0 if line["imputed"] else line["points"]
                    high += 100 * line["weight"] if line["imputed"] else line["points"]
                assert row["low"] == pytest.approx(low, abs=0.01)
                assert row["high"] == pytest.approx(high, abs=0.01)

    def test_have_points_that_add_up_to_the_fit(self, run):
        rows, _, _ = run([ROLE], [{"id": "c", "targets": {"sql": 3}, "interests": {"data": 1}}])

        [row] = rows
        total = sum(round(line["points"] * 10_000) for line in row["aspects"].values())
        assert total == round(row["fit"] * 10_000)
        assert row["low"] < row["fit"] < row["high"]

    def test_are_ordered_by_id_where_they_tie(self, run):
        rows, _, _ = run([{**ROLE, "id": name} for name in ("b", "a", "c")], [{"id": 1}], top=2)

        assert [(row["opportunity"], row["rank"]) for row in rows] == [("a", 1), ("b", 2)]

    def test_leave_out_what_a_gate_shuts(self, run):
        rows, problems, failed = run([ROLE], [{"id": "c", "modes": ["onsite"]}])

        assert (rows, problems, failed) == ([], "", False)

    def test_take_null_as_unstated(self, run):
        plain, _, _ = run([ROLE], [{"id": "c"}])
        nulls, problems, failed = run(
            [{**ROLE, "schedule": None, "skills": None, "mode": None}],
            [{"id": "c", "available_until": None, "goal": None}],
        )

        assert not failed
        assert problems == ""
        assert nulls == plain

    def test_see_blocked_weeks(self, run):
        role = {**ROLE, "start_earliest": "2027-02-01", "start_latest": "2027-02-01"}
        people = [{"id": "free"}, {"id": "busy", "blocked_weeks": ["2027-02-10"]}]

        rows, _, _ = run([role], people)

        assert [row["candidate"] for row in rows] == ["free"]


class TestProblems:
    @pytest.mark.parametrize(
        ("line", "told"),
        [
            ("{", "line 2: line: is not JSON"),
            ("[]", "line 2: line: must be an object"),
            ("[" * 100_000, "line 2: line: is not JSON"),
            ('{"hours_total": 3}', "line 2: id: is missing"),
            ('{"id": true}', "line 2: id: must be text"),
            ('{"id": "r"}', "line 2: id: was on line 1 already"),
            ('{"id": 1, "format": "job"}', "line 2: format: must be one of internship"),
            ('{"id": 1, "weeks": -1}', "line 2: weeks: must be from 0 to 520"),
            ('{"id": 1, "weeks": 0}', "line 2: weeks: must be more than 0"),
            ('{"id": 1, "weeks": NaN}', "line 2: weeks: must be from 0 to 520"),
            ('{"id": 1, "hours_total": 1e9}', "line 2: hours_total: must be from 0 to 100000"),
            ('{"id": 1, "hours_total": "20"}', "line 2: hours_total: must be a number"),
            ('{"id": 1, "task_areas": 1.5}', "line 2: task_areas: must be a whole number"),
            ('{"id": 1, "credit": 1}', "line 2: credit: must be true or false"),
            ('{"id": 1, "start_latest": "May"}', "line 2: start_latest: must be a date"),
            ('{"id": 1, "steps": "resume"}', "line 2: steps: must be a list"),
            ('{"id": 1, "steps": ["prayer"]}', "line 2: steps: must be one of profile"),
            ('{"id": 1, "skills": [{"name": "a", "level": 9}]}', "line 2: skills.level: must be"),
            ('{"id": 1, "skills": [{}]}', "line 2: skills.name: is missing"),
            (json.dumps({"id": 1, "org": "x" * 201}), "line 2: org: is longer than 200"),
        ],
    )
    def test_of_a_role_name_line_and_field_and_keep_the_rest(self, run, line, told):
        rows, problems, failed = run(json.dumps(ROLE) + "\n" + line + "\n", [{"id": "c"}])

        assert failed
        assert told in problems
        assert "opportunities.ndjson" in problems
        assert [row["opportunity"] for row in rows] == ["r"]

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"goal": 2}, "goal: must be from 0 to 1"),
            ({"hours_per_week": 0}, "hours_per_week: must be more than 0"),
            ({"skills": ["sql"]}, "skills: must be an object"),
            ({"skills": {"sql": 5}}, "skills: must be from 0 to 4"),
            ({"importance": {"money": 1}}, "importance: must be one of skills"),
            ({"ratings": [6]}, "ratings: must be from 1 to 5"),
            ({"weekly_hours": [["2027-02-01", "2027-01-01", 5]]}, "weekly_hours: must not end"),
            ({"weekly_hours": [["2027-02-01"]]}, "weekly_hours: must be lists of first day"),
            ({"regions": ["x"] * 501}, "regions: has more than 500 items"),
        ],
    )
    def test_of_a_candidate_are_told_likewise(self, run, fields, told):
        rows, problems, failed = run([ROLE], [{"id": "bad", **fields}, {"id": "good"}])

        assert failed
        assert f"candidates.ndjson line 1: {told}" in problems
        assert [row["candidate"] for row in rows] == ["good"]

    def test_of_encoding_do_not_stop_the_rest(self, run):
        rows, problems, failed = run(
            b'{"id": "\xff"}\n\xef\xbb\xbf' + json.dumps(ROLE).encode() + b"\r\n\n", [{"id": "c"}]
        )

        assert failed
        assert "line 1: line: is not UTF-8" in problems
        assert len(rows) == 1

    def test_with_unknown_fields_are_told_once_and_ignored(self, run):
        rows, problems, failed = run([{**ROLE, "titel": 1}, {**ROLE, "id": 2, "titel": 1}], [])

        assert not failed
        assert problems.count("titel: is not a field (ignored)") == 1
        assert rows == []

    def test_of_a_missing_file_are_one_line(self, run, tmp_path):
        out = StringIO()

        with pytest.raises(CommandError, match="No such file"):
            call_command(
                "match_files",
                f"--opportunities={tmp_path / 'none'}",
                f"--candidates={tmp_path / 'none'}",
                stdout=out,
            )

    def test_of_the_length_are_refused(self, run):
        _, problems, failed = run([ROLE], [{"id": "c"}], top=0)

        assert failed
        assert "--top" in problems


class TestVocabulary:
    @pytest.fixture
    def vocabulary(self, tmp_path):
        folder = tmp_path / "vocabulary"
        folder.mkdir()
        with (folder / "skills.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "type", "reuse", "label", "alt_labels"])
            for name in ("bake bread", "bake cakes", "weld steel", "read maps"):
                writer.writerow([name.replace(" ", "-"), "s", "", name, f"{name} well"])
        with (folder / "skill_broader.csv").open("w", newline="") as file:
            csv.writer(file).writerows(
                [["child", "parent"], ["bake-bread", "baking"], ["bake-cakes", "baking"]]
            )
        return folder

    def roles(self):
        return [
            {**ROLE, "id": name, "skills": [{"name": name}]}
            for name in ("weld-steel", "read-maps", "bake-bread")
        ]

    def test_lets_a_sibling_skill_count_in_part(self, run, vocabulary):
        person = {"id": "c", "skills": {"bake-cakes": 2}}

        without, _, _ = run(self.roles(), [person])
        rows, problems, failed = run(self.roles(), [person], vocabulary=vocabulary)

        assert not failed
        assert problems == ""
        assert [row["opportunity"] for row in without] == ["bake-bread", "read-maps", "weld-steel"]
        assert without[0]["suit"] == without[1]["suit"]
        assert rows[0]["opportunity"] == "bake-bread"
        assert rows[0]["suit"] > rows[1]["suit"] == rows[2]["suit"]

    def test_knows_other_names(self, run, vocabulary):
        role = {**ROLE, "skills": [{"name": "weld-steel", "must": True}]}

        rows, _, _ = run([role], [{"id": "c", "skills": {"Weld Steel well": 2}}])
        known, _, _ = run(
            [role], [{"id": "c", "skills": {"Weld Steel well": 2}}], vocabulary=vocabulary
        )

        assert rows == []
        assert len(known) == 1

    def test_that_is_none_is_refused(self, run, tmp_path):
        _, problems, failed = run([ROLE], [{"id": "c"}], vocabulary=tmp_path / "nowhere")

        assert failed
        assert "--vocabulary" in problems
