"""One run from files to marts, and a second that finds nothing to do."""

import json

import pytest

from tests.end_to_end.running import Home, lake_rows, mart_rows
from warehouse.delta import Lake


def test_every_item_is_accounted_for(undisturbed):
    rows = Lake(undisturbed.lake).read("bronze.coverage").to_pylist()
    names = [
        str(p.relative_to(undisturbed.landing))
        for p in undisturbed.landing.rglob("*")
        if p.is_file()
    ]
    assert sorted(row["name"] for row in rows) == sorted(names)
    for row in rows:
        assert row["received"] == row["accepted"] + row["duplicates"] + row["rejected"], row
        assert row["received"] >= 1, row


def test_marts_hold_every_interaction(undisturbed):
    lake, marts = lake_rows(undisturbed), mart_rows(undisturbed)
    assert len(marts["fct_interaction"]) == len(lake["silver.interactions"]) > 100
    assert len(marts["fct_annotation"]) == len(lake["silver.annotations"]) > 500
    assert marts["customer_360"]
    assert marts["churn_watchlist"]
    assert marts["compliance_findings"]


def test_second_run_does_no_work_twice(undisturbed):
    before = lake_rows(undisturbed), mart_rows(undisturbed)
    facts = undisturbed.run()
    assert facts["work"] is False
    assert (lake_rows(undisturbed), mart_rows(undisturbed)) == before


def test_missing_landing_folder_is_explained(tmp_path, key_file):
    home = Home(tmp_path, tmp_path / "nowhere", key_file)
    done = home.call("run")
    assert done.returncode == 1
    assert "does not exist" in done.stderr
    assert "--landing" in done.stderr


def test_shared_samples_end_well(tmp_path, key_file, request):
    samples = request.config.rootpath.parent / "shared" / "samples"
    if not samples.is_dir():
        pytest.skip("the folder with real samples is not beside this checkout")
    home = Home(tmp_path, samples, key_file)
    facts = home.run()
    assert facts["failures"] == []
    files = sum(1 for path in samples.rglob("*") if path.is_file())
    assert sum(row["files"] for row in facts["coverage"]) == files
    assert {row["kind"] for row in facts["coverage"]} >= {"vcon", "whatsapp", "email", "x"}
    unsupported = next(row for row in facts["coverage"] if row["kind"] == "unsupported")
    assert unsupported["rejected"] == unsupported["received"] > 0


def test_json_is_machine_readable(undisturbed):
    done = undisturbed.call(
        "query", "select count(*) as n from marts.customer_360", "--format", "json"
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["n"] > 0
