"""`lakehouse verify` and `lakehouse rejects`: the state of the lake, in words and for machines."""

import json

import pytest
from calling import call_in


def _data_file(home, table):
    return next((home.lake / table).rglob("*.parquet"))


def _flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)


@pytest.mark.parametrize("more", [[], ["--quick"]], ids=["full", "quick"])
def test_clean_lake(call, more):
    done = call("verify", *more)
    assert done.exit_code == 0
    assert "nothing differs" in done.stdout
    assert json.loads(call("verify", "--json", *more).stdout) == []


def test_flipped_bit(copy):
    _flip(_data_file(copy, "silver/turns"))
    done = call_in(copy, "verify", "--json")
    assert done.exit_code == 1
    (finding,) = json.loads(done.stdout)
    assert (finding["table"], finding["kind"]) == ("silver.turns", "changed_file")
    assert finding["remedy"]
    assert call_in(copy, "verify", "--quick").exit_code == 0, "sizes are as before"


def test_lost_file_is_found_by_sizes_alone(copy):
    _data_file(copy, "silver/persons").unlink()
    done = call_in(copy, "verify", "--quick")
    assert done.exit_code == 1
    assert "silver.persons" in done.stdout
    assert "restore the file from a backup" in done.stdout


def test_a_run_refuses_a_damaged_lake(copy):
    path = _data_file(copy, "silver/persons")
    path.chmod(0o644)
    path.write_bytes(b"")
    done = call_in(copy, "doctor", "--json")
    assert done.exit_code == 1
    lake = next(check for check in json.loads(done.stdout) if check["name"] == "lake")
    assert not lake["ok"]
    assert lake["remedy"]


def test_rejects_are_counted_as_in_coverage(call, made):
    _, facts = made
    found = json.loads(call("rejects", "--json", "--limit", "10000").stdout)
    counted = {
        (row["kind"], reason): count
        for row in facts["coverage"]
        for reason, count in row["reasons"].items()
    }
    assert {(r["connector"], r["reason"]): r["count"] for r in found["by_reason"]} == counted
    assert found["total"] == len(found["rejects"]) == sum(counted.values())
    assert sum(row["rejected"] for row in facts["coverage"]) == found["total"]


def test_rejects_of_one_reason(call):
    found = json.loads(call("rejects", "--json", "--reason", "bad_json").stdout)
    assert found["total"] > 0
    assert {row["reason"] for row in found["rejects"]} == {"bad_json"}


def test_unknown_reason_lists_the_known(call):
    done = call("rejects", "--reason", "nope")
    assert done.exit_code == 0
    assert "no reject has reason nope; there are bad_" in done.stdout


def test_limit(call):
    done = call("rejects", "--limit", "2")
    assert done.exit_code == 0
    assert "more; see --limit and --reason" in done.stdout
    assert len(json.loads(call("rejects", "--limit", "0", "--json").stdout)["rejects"]) == 0


def test_rejects_show_places_but_no_content(call, leaks, home):
    shown = call("rejects", "--limit", "10000").output
    shown += call("rejects", "--limit", "10000", "--json").output
    assert "truncated.vcon.json" in shown
    assert leaks(shown) == []
    broken = next(home.landing.rglob("truncated.vcon.json")).read_text("utf-8")
    assert broken[100:140] not in shown


def test_nothing_rejected(nowhere):
    nowhere.lake.mkdir(parents=True)
    done = call_in(nowhere, "rejects")
    assert (done.exit_code, done.stdout) == (0, "nothing was rejected\n")
