"""`lakehouse query`: formats, refusals, spreadsheets, terminals."""

import csv
import io
import json
import subprocess

import pytest
from rich.console import Console

from orchestration.commands import output
from tests.end_to_end.running import COMMAND

REFUSED = {
    "create table t as select 1": "only reading statements",
    "drop table marts.customer_360": "only reading statements",
    "select 1; select 2": "exactly one statement",
    "from read_csv('/etc/passwd')": "not available",
    "attach 'x.duckdb'": "only reading statements",
    "copy marts.customer_360 to 'x.csv'": "only reading statements",
    "set memory_limit = '9GB'": "only reading statements",
}


def test_csv_and_json_hold_the_same_rows(call):
    sql = "select channel, count(*) as n from marts.fct_interaction group by all order by 1"
    rows = list(csv.DictReader(io.StringIO(call("query", sql, "--format", "csv").stdout)))
    lines = call("query", sql, "--format", "json").stdout.splitlines()
    assert [row["channel"] for row in rows] == [json.loads(line)["channel"] for line in lines]
    assert [int(row["n"]) for row in rows] == [json.loads(line)["n"] for line in lines]
    assert {"voice", "chat", "email", "social"} == {row["channel"] for row in rows}


def test_table_is_the_default_and_shows_every_column(call):
    done = call("query", "select * from marts.customer_360 limit 2")
    assert done.exit_code == 0
    assert all(name in done.stdout for name in ("person_id", "churn_reasons", "churned_on"))


COMMENTED = "-- What is = this?\n-- one more\nselect 1 as n -- the only one\n"


def test_a_statement_may_begin_with_a_comment_and_lie_in_a_file(call, tmp_path):
    path = tmp_path / "asked.sql"
    path.write_text("\ufeff" + COMMENTED, "utf-8")
    for asked in ((COMMENTED,), ("--", COMMENTED), ("--file", str(path))):
        done = call("query", "--format", "csv", *asked)
        assert (done.exit_code, done.stdout) == (0, "n\n1\n"), done.output
    assert call("query", COMMENTED, "--format", "csv").stdout == "n\n1\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "give one statement"),
        (("select 1", "--file", "x.sql"), "give one statement"),
        (("--file", "absent.sql"), "absent.sql: no such file"),
        (("--fromat",), "--fromat is no option of query"),
        (("select 1", "--fromat", "csv"), "unexpected extra argument"),
    ],
)
def test_what_cannot_be_asked_is_said(call, arguments, words):
    done = call("query", *arguments)
    assert done.exit_code == 2
    assert words in done.stderr
    assert done.stdout == ""


def test_no_rows(call):
    assert "no rows" in call("query", "select 1 as n where false").stdout
    assert call("query", "select 1 as n where false", "--format", "csv").stdout == "n\n"
    assert call("query", "select 1 as n where false", "--format", "json").stdout == ""


def test_json_values(ask):
    sql = (
        "select sum(1) as whole, 1.5::decimal(9, 2) as part, 'nan'::double as odd,"
        " date '2026-01-02' as day, timestamptz '2026-01-02 03:04:05+00' as moment, null as none"
    )
    assert ask(sql) == [
        {
            "whole": 1,
            "part": 1.5,
            "odd": None,
            "day": "2026-01-02",
            "moment": "2026-01-02T10:04:05+07:00",
            "none": None,
        }
    ]


@pytest.mark.parametrize("text", ["=1+1", "+62", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_csv_cells_are_no_formulas(call, text):
    code = " || ".join(f"chr({ord(letter)})" for letter in text)
    done = call("query", f'select {code} as "=name", -5 as n', "--format", "csv")
    names, row = list(csv.reader(io.StringIO(done.stdout, newline="")))
    assert names[0] == "'=name"
    assert row == ["'" + text, "-5"]


def test_harmless_cells_stay_as_they_are(call):
    done = call("query", "select 'a=1' as a, '' as b, null as c", "--format", "csv")
    assert done.stdout == "a,b,c\na=1,,\n"


@pytest.mark.parametrize("sql", REFUSED)
def test_refused_with_a_reason(call, sql):
    done = call("query", sql)
    assert (done.exit_code, done.stdout) == (1, "")
    assert REFUSED[sql] in done.stderr


def test_failed_statement_names_the_mistake_without_paths(call, home):
    done = call("query", "select * from marts.customer_36")
    assert done.exit_code == 1
    assert "customer_36" in done.stderr
    assert str(home.root) not in done.stderr


@pytest.mark.parametrize("name", ["xml", "", "CSV"])
def test_unknown_format(call, name):
    done = call("query", "select 1", "--format", name)
    assert done.exit_code == 2
    assert "table, csv, json" in done.stderr


def test_texts_cannot_steer_the_terminal(call):
    sql = "select '[/red][bold]' as a, chr(27) || '[2J' as b, chr(8238) || 'x' as c"
    shown = call("query", sql).stdout
    assert "[/red][bold]" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_long_tables_say_what_is_missing(call):
    done = call("query", "select range as n from range(1001)")
    assert "999" in done.stdout
    assert "only the first 1,000 rows" in done.stderr


def test_many_columns_on_a_narrow_terminal_become_blocks(monkeypatch):
    screen = io.StringIO()
    narrow = Console(file=screen, width=60, force_terminal=True, color_system=None)
    monkeypatch.setattr(output, "console", lambda: narrow)
    names = [f"column_{number}" for number in range(20)]
    output.print_rows(names, [dict.fromkeys(names, "value")], numeric=frozenset())
    lines = screen.getvalue().splitlines()
    assert lines[0] == "row 1"
    assert [line.split() for line in lines[1:]] == [[name, "value"] for name in names]


def test_a_reader_that_has_seen_enough_is_no_error(home):
    process = subprocess.Popen(
        [COMMAND, "query", "from range(3000000)", "--format", "csv"],
        env=home.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == b"range\n"
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 0
