"""`lakehouse doctor`: healthy installations pass, each fault is named with its remedy."""

import json
import stat

import pytest
from calling import call_in

from tests.end_to_end.running import Home


def _checks(done) -> dict[str, dict]:
    return {check["name"]: check for check in json.loads(done.stdout)}


def _faults(done) -> dict[str, str]:
    assert done.exit_code == 1
    return {name: check["remedy"] for name, check in _checks(done).items() if not check["ok"]}


def test_healthy(call):
    done = call("doctor")
    assert done.exit_code == 0
    assert "FIX" not in done.stdout
    checks = _checks(call("doctor", "--json"))
    assert {"python", "landing", "disk", "key", "taggers", "lake", "published"} <= set(checks)
    assert "vcon" in checks["landing"]["found"]


def test_fresh_machine_lacks_only_the_landing_folder(nowhere):
    faults = _faults(call_in(nowhere, "doctor", "--json"))
    assert set(faults) == {"landing"}
    assert "--landing" in faults["landing"]
    assert not nowhere.root.exists(), "a question made files"


def test_empty_landing_folder(nowhere):
    nowhere.landing.mkdir(parents=True)
    assert "lakehouse sample" in _faults(call_in(nowhere, "doctor", "--json"))["landing"]


def test_key_inside_the_lake(home):
    inside = Home(home.root, home.landing, home.lake / "keys" / "handles.key")
    assert "LAKEHOUSE_KEY_FILE" in _faults(call_in(inside, "doctor", "--json"))["key"]


@pytest.mark.parametrize("more", [stat.S_IRGRP, stat.S_IROTH, stat.S_IWOTH])
def test_key_that_others_may_use(home, tmp_path, more):
    key = tmp_path / "handles.key"
    key.write_bytes(home.key_file.read_bytes())
    key.chmod(stat.S_IRUSR | more)
    faults = _faults(call_in(Home(home.root, home.landing, key), "doctor", "--json"))
    assert faults == {"key": f"chmod 600 {key}"}


def test_lost_key(home, nowhere):
    lost = Home(home.root, home.landing, nowhere.key_file)
    assert "backup" in _faults(call_in(lost, "doctor", "--json"))["key"]


def test_damaged_lake(copy):
    next((copy.lake / "silver" / "turns").rglob("*.parquet")).unlink()
    done = call_in(copy, "doctor")
    assert done.exit_code == 1
    assert "FIX  lake: 1 difference" in done.stdout
    assert "backup" in done.stdout


def test_lake_that_is_a_file(home, tmp_path):
    (tmp_path / "lake").write_text("")
    wrong = Home(tmp_path, home.landing, home.key_file)
    assert "--lake" in _faults(call_in(wrong, "doctor", "--json"))["lake"]
    done = wrong.call("run")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(tmp_path / "lake") in done.stderr


def test_names_that_cannot_be_used(home):
    def checks(listed):
        extra = {"LAKEHOUSE_COMPANY_NAMES": listed}
        return call_in(Home(home.root, home.landing, home.key_file, extra), "doctor", "--json")

    assert (
        "never hidden: Toko, Kurirku" in _checks(checks("Toko, Kurirku"))["company names"]["found"]
    )
    assert "entry 2" in _faults(checks("Toko,5"))["company names"]
    refused = Home(home.root, home.landing, home.key_file, {"LAKEHOUSE_COMPANY_NAMES": "5"})
    done = refused.call("run")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "LAKEHOUSE_COMPANY_NAMES: entry 1" in done.stderr


def test_a_mapping_that_cannot_be_used(nowhere, tmp_path):
    (tmp_path / "desk.yml").write_text("name: desk\nmatch: x\nkind: chat\n")
    nowhere.landing.mkdir(parents=True)
    (nowhere.landing / "x").write_text("x")
    extra = {"LAKEHOUSE_MAPPINGS": str(tmp_path)}
    home = Home(nowhere.root, nowhere.landing, nowhere.key_file, extra)
    done = call_in(home, "doctor", "--json")
    assert set(_faults(done)) == {"mappings", "landing"}
    assert "desk.yml:3" in _checks(done)["mappings"]["found"]
