"""`lakehouse verify`: the state of the lake, in words and for machines."""

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
