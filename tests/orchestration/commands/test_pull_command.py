"""`lakehouse pull` and `lakehouse doctor SOURCE` as a user calls them: words, JSON, exit codes."""

import json
import sys
from pathlib import Path

import dagster as dg
import pytest
from typer.testing import CliRunner

from ingestion.pull.cursors import CursorStore
from orchestration.cli import app
from orchestration.definitions import defs
from orchestration.defs.landing.pulled import PULLED, pulled
from orchestration.resources import LakehouseResource
from tests.ingestion.pull.api_server import Reply, serving
from tests.ingestion.pull.vendors import Mastodon

SECRET = "rahasia-uji"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A deployment with two accounts on one server, and a third that does not exist."""
    for name in ("LAKEHOUSE_LAKE", "LAKEHOUSE_LANDING", "LAKEHOUSE_KEY_FILE", "LAKEHOUSE_SOURCES"):
        monkeypatch.setenv(name, "")  # so that it is restored: the command sets it
        monkeypatch.delenv(name)
    monkeypatch.setenv("LAKEHOUSE_HOME", str(tmp_path))
    monkeypatch.setenv("TOOTS_TOKEN", SECRET)
    vendor = Mastodon(5)
    with serving(vendor) as api:
        vendor.url = api.url
        place = Place(tmp_path, api)
        place.write("toots", "toots_two")
        yield place


class Place:
    def __init__(self, home: Path, api):
        self.home, self.api = home, api

    def write(self, *names, token="token_env: TOOTS_TOKEN"):
        settings = f'kind: mastodon\n    url: {self.api.url}\n    account_id: "9"\n    {token}\n'
        sections = "".join(f"  {name}:\n    {settings}" for name in names)
        self.home.joinpath("sources.yml").write_text(f"sources:\n{sections}", "utf-8")

    def call(self, *arguments):
        done = CliRunner().invoke(app, list(arguments))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert SECRET not in done.output
        return done

    def files(self, source):
        return [p for p in (self.home / "landing" / source).rglob("*.json") if p.is_file()]


def test_all_sources_or_the_named_ones(place):
    done = place.call("pull", "toots")
    assert done.exit_code == 0
    assert done.stdout.startswith("toots (mastodon): wrote 2 files (")
    assert place.files("toots") and not place.files("toots_two")
    assert place.call("pull").exit_code == 0
    assert place.files("toots_two")
    assert place.home.joinpath("pull", "toots.json").exists()


def test_json_says_what_was_done(place):
    (first,) = json.loads(place.call("pull", "toots", "--json").stdout)
    assert (first["source"], first["kind"], first["files"], first["items"]) == (
        "toots", "mastodon", 2, 10,
    )  # fmt: skip
    (again,) = json.loads(place.call("pull", "toots", "--json").stdout)
    assert (again["files"], again["repeats"], again["problem"]) == (0, 0, "")
    (anew,) = json.loads(place.call("pull", "toots", "--since", "1970-01-01", "--json").stdout)
    assert (anew["files"], anew["repeats"]) == (0, 2)


def test_a_dry_run_writes_nothing(place):
    done = place.call("pull", "toots", "--dry-run")
    assert done.exit_code == 0 and "would write 1 files" in done.stdout
    assert not place.files("toots") and not place.home.joinpath("pull", "toots.json").exists()


def test_one_that_fails_does_not_stop_the_others(place):
    answer = place.api.respond
    place.api.respond = lambda call: Reply({}, 401) if len(place.api.calls) == 1 else answer(call)
    done = place.call("pull")
    assert done.exit_code == 1
    assert "TOOTS_TOKEN" in done.stderr and "toots (mastodon): stopped" in done.stdout
    assert place.files("toots_two")


@pytest.mark.parametrize("since", ["yesterday", "2026-11-01T09:00:00", "01/11/2026", "20261101"])
def test_a_since_that_is_no_moment(place, since):
    done = place.call("pull", "toots", "--since", since)
    assert done.exit_code == 2 and "2026-01-31T09:00:00+07:00" in done.stderr
    assert not place.api.calls


@pytest.mark.parametrize(
    ("since", "moment"),
    [
        ("2026-11-01", 1793466000),
        ("2026-11-01T00:00:00+07:00", 1793466000),
        ("2026-11-01T00:00:00Z", 1793491200),
    ],
)
def test_a_day_begins_in_the_business_zone(place, since, moment):
    place.call("pull", "toots", "--since", since)
    assert place.api.calls[0].params["min_id"] == str(moment * 1000 << 16)


def test_wrong_settings(place):
    assert place.call("pull", "toot").exit_code == 2
    place.write("toots", token=f"token: {SECRET}")
    done = place.call("pull")
    assert done.exit_code == 2 and "sources.yml line 6: toots: token must not" in done.stderr
    place.home.joinpath("sources.yml").unlink()
    assert "LAKEHOUSE_SOURCES" in place.call("pull").stderr


def test_another_file_of_settings(place, monkeypatch):
    place.home.joinpath("sources.yml").rename(place.home / "others.yml")
    monkeypatch.setenv("LAKEHOUSE_SOURCES", str(place.home / "others.yml"))
    assert place.call("pull", "toots").exit_code == 0


def test_a_source_that_is_being_pulled(place):
    with CursorStore(place.home / "pull").held("toots"):
        done = place.call("pull", "toots")
    assert done.exit_code == 3 and "another process" in done.stderr


def test_a_missing_variable_is_named(place, monkeypatch):
    monkeypatch.delenv("TOOTS_TOKEN")
    done = place.call("pull", "toots")
    assert done.exit_code == 1
    assert "TOOTS_TOKEN is not set" in done.stderr and "line 6" in done.stderr


def test_doctor_of_a_source(place, monkeypatch):
    good = place.call("doctor", "toots")
    assert good.exit_code == 0 and "FIX" not in good.stdout and "toots mentions" in good.stdout
    monkeypatch.delenv("TOOTS_TOKEN")
    bad = place.call("doctor", "toots", "--json")
    assert bad.exit_code == 1
    checks = json.loads(bad.stdout)
    assert any("TOOTS_TOKEN is not set" in check["remedy"] for check in checks)
    assert "toots" in place.call("doctor", "nobody").stdout


@pytest.mark.parametrize("command", [["pull"], ["doctor", "toots"]])
def test_without_the_extra_packages_it_says_what_to_install(place, monkeypatch, command):
    for name in [name for name in sys.modules if name.startswith("ingestion.pull.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "imap_tools.errors", None)
    done = place.call(*command)
    assert done.exit_code == 1
    assert "interaction-lakehouse[pull]" in done.output


def materialise():
    """The asset, as its schedule would run it."""
    done = dg.materialize(
        [pulled], resources={"lakehouse": LakehouseResource()}, raise_on_error=False
    )
    failures = [event.step_failure_data for event in done.all_events if event.is_step_failure]
    return done, " ".join(str(failure.user_failure_data.description) for failure in failures)


def test_the_asset_pulls_all_sources(place):
    done, _ = materialise()
    assert done.success and place.files("toots") and place.files("toots_two")
    (fact,) = done.asset_materializations_for_node("landing__pulled")
    assert fact.metadata["files"].value == 4


def test_the_asset_fails_once_and_in_words(place, monkeypatch):
    monkeypatch.delenv("TOOTS_TOKEN")
    done, words = materialise()
    assert not done.success and "toots_two: environment variable TOOTS_TOKEN is not set" in words
    place.home.joinpath("sources.yml").unlink()
    done, words = materialise()
    assert not done.success and "LAKEHOUSE_SOURCES" in words


def test_a_run_of_everything_does_not_pull():
    found = defs()
    graph = found.resolve_asset_graph()
    everything = found.resolve_job_def("everything").asset_layer.executable_asset_keys
    assert graph.materializable_asset_keys - everything == {PULLED}
    assert found.resolve_job_def("pull").asset_layer.executable_asset_keys == {PULLED}
    assert found.resolve_schedule_def("pulling").default_status is dg.DefaultScheduleStatus.STOPPED
