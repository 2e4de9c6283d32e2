"""Damaged files: every bad row is named, every good one is read."""

import json

import pytest

from opportunities.importing.columns import Naming
from opportunities.importing.files import AS_IT_IS, read
from opportunities.importing.rows import BadRow, Record, Unreadable
from opportunities.importing.tables import guarded


def rows(path, naming=AS_IT_IS):
    return list(read(path, naming))


@pytest.fixture
def write(tmp_path):
    def _write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


class TestNdjson:
    def test_reads_an_object_a_line_and_skips_empty_lines(self, write):
        path = write("roles.ndjson", '{"title": "A"}\n\n{"title": "B"}\r\n')

        assert rows(path) == [Record(1, {"title": "A"}), Record(3, {"title": "B"})]

    def test_names_the_lines_that_are_not_objects(self, write):
        path = write("roles.ndjson", '{"title": "A"}\n{"title": \n[1]\n{"title": "B"}\n')

        read_rows = rows(path)

        assert [row.line for row in read_rows if isinstance(row, BadRow)] == [2, 3]
        assert [row.values["title"] for row in read_rows if isinstance(row, Record)] == ["A", "B"]

    @pytest.mark.parametrize(
        "value",
        ["[" * 100_000, "NaN", "Infinity", "9" * 5_000, '{"a":' * 50 + "1" + "}" * 50],
        ids=["deep", "nan", "infinity", "digits", "nested"],
    )
    def test_refuses_values_that_break_readers(self, write, value):
        path = write("roles.ndjson", f'{{"title": {value}}}\n{{"title": "B"}}\n')

        bad, good = rows(path)

        assert isinstance(bad, BadRow)
        assert good == Record(2, {"title": "B"})


class TestJson:
    def test_reads_an_array_with_the_line_of_each_object(self, write):
        path = write("roles.json", '[\n {"title": "A"},\n {\n"title": "B"}\n]')

        assert rows(path) == [Record(2, {"title": "A"}), Record(3, {"title": "B"})]

    def test_reads_an_envelope_and_a_single_object(self, write):
        envelope = write("a.json", json.dumps({"results": [{"title": "A"}], "next": None}))
        single = write("b.json", json.dumps({"title": "B"}))

        assert rows(envelope) == [Record(1, {"title": "A"})]
        assert rows(single) == [Record(1, {"title": "B"})]

    def test_keeps_the_objects_before_a_damaged_place(self, write):
        path = write("roles.json", '[{"title": "A"},\n{"title": "B"},\n{"title": }]')

        read_rows = rows(path)

        assert [row.values["title"] for row in read_rows[:2]] == ["A", "B"]
        assert isinstance(read_rows[2], BadRow)
        assert read_rows[2].line == 3

    def test_says_that_a_list_ends_too_early(self, write):
        path = write("roles.json", '[{"title": "A"},\n')

        good, bad = rows(path)

        assert good == Record(1, {"title": "A"})
        assert "ends too early" in bad.reason


class TestCsv:
    def test_reads_quoted_cells_over_several_lines(self, write):
        path = write("roles.csv", 'title,description\nA,"one\ntwo, three"\nB,"say ""hi"""\n')

        assert rows(path) == [
            Record(2, {"title": "A", "description": "one\ntwo, three"}),
            Record(4, {"title": "B", "description": 'say "hi"'}),
        ]

    @pytest.mark.parametrize("sign", [";", "\t", "|"])
    def test_finds_the_separator(self, write, sign):
        path = write("roles.csv", f"title{sign}org\nA, B{sign}C\n")

        assert rows(path) == [Record(2, {"title": "A, B", "org": "C"})]

    def test_reads_a_row_whose_empty_cells_at_the_end_were_dropped(self, write):
        path = write("roles.csv", "title,org,weeks\nA,B,2\nC,D\nE,F,3\n")

        first, short, last = rows(path)

        assert short == Record(3, {"title": "C", "org": "D"})
        assert (first.values["title"], last.values["title"]) == ("A", "E")

    def test_names_a_row_of_which_only_one_cell_is_there(self, write):
        path = write("roles.csv", "title,org,weeks\nA,B,2\nTotal: 1 role\n")

        _, bad = rows(path)

        assert (bad.line, bad.field) == (3, "row")
        assert "Total: 1 role" in bad.reason

    def test_names_a_row_with_more_cells_than_columns(self, write):
        path = write("roles.csv", "title,org\nA,B,C\nD,E,\n")

        bad, good = rows(path)

        assert (bad.line, bad.field) == (2, "row")
        assert good == Record(3, {"title": "D", "org": "E"})

    def test_loses_one_row_to_a_quotation_mark_that_nothing_closes(self, write):
        path = write("roles.csv", 'title,org\nA,B\n"C,D\nE,F\nG,"H"\n')

        read_rows = rows(path)

        assert [row.line for row in read_rows if isinstance(row, BadRow)] == [3]
        assert [row.values["title"] for row in read_rows if isinstance(row, Record)] == [
            "A", "E", "G",
        ]  # fmt: skip

    def test_lets_a_quotation_mark_stand_inside_of_a_cell(self, write):
        path = write("roles.csv", 'title,org\n5" screens,B\nC,D\n')

        assert [row.values["title"] for row in rows(path)] == ['5" screens', "C"]

    def test_reads_a_field_of_ten_megabytes_and_goes_on(self, write):
        path = write("roles.csv", "title,description\nA," + "x" * 10_000_000 + "\nB,short\n")

        big, small = rows(path)

        assert len(big.values["description"]) == 10_000_000
        assert small == Record(3, {"title": "B", "description": "short"})

    def test_bytes_that_are_not_utf8_stay_recognizable_in_their_field(self, write):
        path = write("roles.csv", "title,org\nCafé,B\n".encode("latin-1") + "Ç,D\n".encode())

        bad, good = rows(path)

        assert bad.values == {"title": "Caf\udce9", "org": "B"}
        assert good.values == {"title": "Ç", "org": "D"}

    def test_what_is_refused_is_quoted_without_the_bytes_that_are_not_utf8(self, write):
        damaged, whole = "Café\n".encode("latin-1"), "Ç,D,2\n".encode()
        nameless = write("nameless.csv", damaged + whole)
        short = write("short.csv", b"title,org,weeks\n" + damaged + whole)

        with pytest.raises(Unreadable, match=r"It begins with: Caf$"):
            rows(nameless)
        assert rows(short)[0].reason == "has 1 of 3 cells: Caf"

    @pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16-le"])
    def test_knows_what_spreadsheets_write_without_a_mark(self, write, encoding):
        path = write("roles.csv", "title,org\nCafé,Müller & Söhne\n£5,C\n".encode(encoding))

        assert [row.values for row in rows(path)] == [
            {"title": "Café", "org": "Müller & Söhne"}, {"title": "£5", "org": "C"},
        ]  # fmt: skip

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_heeds_a_byte_order_mark(self, write, encoding):
        path = write("roles.csv", "title,org\nCafé,B\n".encode(encoding))

        assert rows(path) == [Record(2, {"title": "Café", "org": "B"})]

    def test_reads_the_encoding_it_is_told(self, write):
        path = write("roles.csv", "title,org\nCafé,B\n".encode("cp1252"))

        assert rows(path, Naming(encoding="cp1252")) == [Record(2, {"title": "Café", "org": "B"})]

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\tx", "\rx", "'quoted'", "'=x"])
    def test_a_cell_guarded_against_formulas_is_read_as_it_was(self, write, text):
        assert guarded(text)[0] == "'"
        path = write("roles.csv", f'title\n"{guarded(text)}"\n')

        assert rows(path) == [Record(2, {"title": text})]


class TestFiles:
    def test_refuses_an_empty_table(self, write):
        with pytest.raises(Unreadable, match="empty"):
            rows(write("roles.csv", ""))

    def test_refuses_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(Unreadable, match="cannot be read"):
            rows(tmp_path / "nothing.csv")

    def test_refuses_an_encoding_that_does_not_exist(self, write):
        with pytest.raises(Unreadable, match="no encoding"):
            rows(write("roles.csv", "title\nA\n"), Naming(encoding="klingon"))

    def test_knows_the_form_by_the_first_sign_where_the_name_says_nothing(self, write):
        assert rows(write("a", '{"title": "A"}\n{"title": "B"}\n')) == [
            Record(1, {"title": "A"}),
            Record(2, {"title": "B"}),
        ]
        assert rows(write("b", "title,org\nA,B\n")) == [Record(2, {"title": "A", "org": "B"})]

    @pytest.mark.parametrize("indent", [None, 2])
    @pytest.mark.parametrize("name", ["jobs", "postings.v2", "board"])
    def test_an_envelope_is_known_under_the_names_that_boards_give_their_addresses(
        self, write, name, indent
    ):
        told = {"meta": {"about": "x" * 9_000}, "jobs": [{"title": "A"}, {"title": "B"}]}

        read_rows = rows(write(name, json.dumps(told, indent=indent)))

        assert [row.values["title"] for row in read_rows] == ["A", "B"]

    def test_long_objects_a_line_are_known_without_a_name(self, write):
        lines = "\n\n".join(json.dumps({"title": name * 5_000}) for name in "AB")

        assert [row.values["title"][0] for row in rows(write("jobs", lines))] == ["A", "B"]
