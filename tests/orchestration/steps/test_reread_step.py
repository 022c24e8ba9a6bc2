"""A file is read again when another answer is to be expected, and its old answers are gone."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_story import SILVER
from deliveries import contents, customer, deployment, mail, put, revoked, run, said, table, webhook

from ingestion.connectors.base import Parsed, Payload
from ingestion.connectors.email import EmailConnector
from ingestion.connectors.tabular import TabularConnector
from ingestion.connectors.whatsapp import WhatsAppConnector
from ingestion.connectors.x import XConnector
from orchestration.steps import reread
from orchestration.steps.conform import version
from orchestration.steps.deployment import Deployment
from orchestration.steps.intake import take_in
from orchestration.steps.land import land_new_files
from warehouse.catalog import TABLES
from warehouse.checks import accepted_are_stored, everything_accounted, unique_key
from warehouse.delta import Lake
from warehouse.readings import coverage, rejects

FILES = {
    "chat-1.json": webhook(messages=[said(1, 0, "halo"), said(2, 1, "internet mati")]),
    "chat-2.json": webhook(messages=[said(2, 1, "internet mati"), said(3, 2, "masih mati")]),
    "chat-3.json": webhook(messages=[revoked(3, 4)]),
    "cut.json": webhook(messages=[said(9, 2, "rusak")])[:-9],
    "mail.eml": mail(1, 9, "tagihan saya dua kali"),
    "crm.csv": table([customer("C-1", "2025-10-01T00:00:00Z")]),
}


@pytest.fixture
def at(tmp_path: Path) -> Deployment:
    return deployment(tmp_path / "one")


def deliver(at: Deployment, files: dict[str, str] = FILES) -> None:
    for name, content in files.items():
        put(at, name, content)


def fresh(at: Deployment, tmp_path: Path) -> Deployment:
    """Another lake of the same deliveries, read once and by the present connectors."""
    other = deployment(tmp_path / "other")
    shutil.copytree(at.settings.landing, other.settings.landing, dirs_exist_ok=True)
    run(other)
    return other


def counted(at: Deployment) -> list[tuple[Any, ...]]:
    names = ("name", "connector", "received", "accepted", "duplicates", "rejected")
    return sorted(tuple(row[name] for name in names) for row in coverage(at.lake))


def refused(at: Deployment) -> list[tuple[Any, ...]]:
    return sorted((row["name"], row["connector"], row["reason"]) for row in rejects(at.lake))


def sums(at: Deployment) -> list[int]:
    return [sum(row[number] for row in counted(at)) for number in range(2, 6)]


def assert_same(at: Deployment, other: Deployment, *, by_file: bool = True) -> None:
    """`by_file` is False where the order decides which of two files counts as the first."""
    assert sums(at) == sums(other)
    assert not by_file or counted(at) == counted(other)
    assert refused(at) == refused(other)
    expected = contents(other, SILVER)
    for name, rows in contents(at, SILVER).items():
        assert rows == expected[name], name
    for check in (everything_accounted(at.lake), accepted_are_stored(at.lake)):
        assert check.passed, check.detail
    for name in TABLES:
        assert unique_key(at.lake, name).passed, name


def older(monkeypatch: pytest.MonkeyPatch, connector: Any, change: Callable[[Any], Any]) -> None:
    """Until undone, the connector is of version 0 and `change` alters what it says."""
    parse = connector.parse

    def parsed(self: Any, payload: Payload) -> Iterator[Parsed]:
        for item in parse(self, payload):
            if (changed := change(item)) is not None:
                yield changed

    monkeypatch.setattr(connector, "version", "0")
    monkeypatch.setattr(connector, "parse", parsed)


def in_capitals(item: Any) -> Any:
    if getattr(item, "kind", None) == "turn" and item.data.get("text"):
        item.data["text"] = item.data["text"].upper()
    return item


def without_turns(item: Any) -> Any:
    return None if getattr(item, "kind", None) == "turn" else item


@pytest.mark.parametrize("change", [in_capitals, without_turns])
def test_a_new_version_of_a_connector_replaces_its_answers(
    at: Deployment, tmp_path: Path, change: Callable[[Any], Any]
) -> None:
    deliver(at)
    with pytest.MonkeyPatch.context() as patch:
        older(patch, WhatsAppConnector, change)
        run(at)
    before = contents(at, ["silver.turns"])
    report = land_new_files(at)
    assert (report.landed, report.again) == (0, 4)
    run(at)
    assert contents(at, ["silver.turns"]) != before
    assert_same(at, fresh(at, tmp_path))
    versions = {name: at.lake.version(name) for name in TABLES}
    run(at)
    assert {name: at.lake.version(name) for name in TABLES} == versions


def test_what_was_delivered_under_several_versions_is_counted_once(
    at: Deployment, tmp_path: Path
) -> None:
    """New files arrive with each new version, some with facts that older readings know."""
    names = list(FILES)
    for number in range(3):
        deliver(at, {name: FILES[name] for name in names[2 * number : 2 * number + 2]})
        with pytest.MonkeyPatch.context() as patch:
            older(patch, WhatsAppConnector, in_capitals)
            patch.setattr(WhatsAppConnector, "version", f"old-{number}")
            run(at)
    put(at, "copy of chat-1.json", FILES["chat-1.json"])
    run(at)
    assert_same(at, fresh(at, tmp_path), by_file=False)


def test_a_format_that_becomes_known_is_read_without_a_new_delivery(
    at: Deployment, tmp_path: Path
) -> None:
    deliver(at)
    put(at, "same mail.eml", FILES["mail.eml"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EmailConnector, "recognises", lambda self, name, head: False)
        run(at)
        assert ("mail.eml", "unsupported", "unsupported_format") in refused(at)
        # The look at all stored files is repeated only when connectors change.
        assert land_new_files(at).again == 0
        rules = version(at)
        look = at.lake.root / "_control" / "connectors.json"
        look.unlink()
    run(at)
    assert version(at) == rules, "nothing was taken back, so silver is not made anew"
    assert_same(at, fresh(at, tmp_path))


def test_a_file_landed_as_unknown_before_an_upgrade_is_not_forgotten(
    at: Deployment, tmp_path: Path
) -> None:
    """The run that landed it died; the batch still says that nobody knows it."""
    deliver(at)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EmailConnector, "recognises", lambda self, name, head: False)
        land_new_files(at)
    (at.lake.root / "_control" / "connectors.json").write_text("{}")
    run(at)
    assert_same(at, fresh(at, tmp_path))


def test_a_file_that_another_connector_claims_leaves_nothing_behind(
    at: Deployment, tmp_path: Path
) -> None:
    """Here mails were taken for posts; a fact that two files stated stays with the other."""
    deliver(at)
    put(at, "crm-too.csv", FILES["crm.csv"] + FILES["crm.csv"].splitlines()[1] + "\r\n")
    with pytest.MonkeyPatch.context() as patch:
        own = TabularConnector.recognises
        patch.setattr(
            XConnector, "recognises", lambda self, name, head: name in ("mail.eml", "crm.csv")
        )
        run(at)
        assert ("mail.eml", "x", "bad_json") in refused(at)
        patch.setattr(XConnector, "recognises", lambda self, name, head: name == "crm-too.csv")
        patch.setattr(TabularConnector, "recognises", own)
        (at.lake.root / "_control" / "connectors.json").unlink()
        run(at)
        assert at.lake.read("silver.crm_customers").num_rows == 1
    (at.lake.root / "_control" / "connectors.json").unlink()
    run(at)
    assert_same(at, fresh(at, tmp_path), by_file=False)


def test_a_fact_that_a_moved_file_shared_stays_with_the_other(at: Deployment) -> None:
    """The file that brought the fact moves away; the other one had it as a duplicate."""
    row = FILES["crm.csv"].splitlines()[1]
    for name, extra in (("crm-1.csv", ""), ("crm-2.csv", row + "\r\n")):
        put(at, name, FILES["crm.csv"] + extra)
    run(at)
    assert [line[3:5] for line in counted(at)] == [(1, 0), (0, 2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(XConnector, "recognises", lambda self, name, head: name == "crm-1.csv")
        (at.lake.root / "_control" / "connectors.json").unlink()
        run(at)
    assert [line[3:5] for line in counted(at)] == [(0, 0), (1, 1)]
    assert at.lake.read("silver.crm_customers").num_rows == 1


def test_a_connector_that_is_missing_today_takes_nothing_away(at: Deployment) -> None:
    deliver(at)
    run(at)
    before = contents(at, SILVER), counted(at)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EmailConnector, "recognises", lambda self, name, head: False)
        (at.lake.root / "_control" / "connectors.json").unlink()
        run(at)
    assert (contents(at, SILVER), counted(at)) == before


def test_settings_are_part_of_the_version(
    at: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is the company decides who is the customer, so history follows a change."""
    deliver(at)
    run(at)
    monkeypatch.setenv("LAKEHOUSE_COMPANY_MAIL_DOMAINS", "contoh.id")
    assert land_new_files(at).again == 1
    run(at)
    roles = at.lake.read("silver.turns", where="source_metadata LIKE '%ubject%'")["role"]
    assert roles.to_pylist() == ["agent"]
    assert_same(at, fresh(at, tmp_path))


def test_a_lake_from_before_readings_were_recorded_is_read_once_more(
    at: Deployment, tmp_path: Path
) -> None:
    deliver(at)
    run(at)
    for name in ("bronze.readings", "bronze.restatements"):
        shutil.rmtree(at.lake.ledger(name).folder, ignore_errors=True)
        at.lake.ledger(name).chain.unlink(missing_ok=True)
    (at.lake.root / "_control" / "connectors.json").unlink()
    again = deployment(tmp_path / "one")
    assert land_new_files(again).again == len(FILES)
    run(again)
    assert_same(again, fresh(again, tmp_path))


class Killed(BaseException):
    """Stands for the end of the process."""


def test_a_reading_again_that_dies_after_any_commit_ends_alike(
    at: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(at)
    with pytest.MonkeyPatch.context() as patch:
        older(patch, WhatsAppConnector, in_capitals)
        run(at)
    append = Lake.append
    monkeypatch.setattr(reread, "batches", lambda arrivals: ([item] for item in arrivals))

    def dying(*args: Any, **kwargs: Any) -> Any:
        if append(*args, **kwargs) is not None:
            raise Killed

    deaths = 0
    while True:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Lake, "append", dying)
            try:
                one = deployment(tmp_path / "one")
                land_new_files(one)
                take_in(one)
                break
            except Killed:
                deaths += 1
    assert deaths >= 15
    run(deployment(tmp_path / "one"))
    assert_same(deployment(tmp_path / "one"), fresh(at, tmp_path))
