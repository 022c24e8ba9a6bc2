"""CRM, surveys, vault, identity and changed rules: rebuilt when they must be, and only then."""

from itertools import permutations
from pathlib import Path

import pytest
from chat_story import SILVER, story
from deliveries import contents, customer, deployment, put, run, said, table, webhook

from ingestion.connectors import registry
from orchestration.steps import conform, identify, vault
from orchestration.steps.deployment import Deployment
from orchestration.steps.intake import take_in
from orchestration.steps.land import land_new_files
from orchestration.steps.reference import conform_reference
from warehouse.catalog import TABLES
from warehouse.contracts import VAULT_HANDLES


@pytest.fixture
def at(tmp_path: Path) -> Deployment:
    return deployment(tmp_path)


def test_all_steps_pass_over_an_empty_lake(at: Deployment) -> None:
    run(at)
    run(at)
    assert conform.conform_new_records(at).partitions == 0
    assert not any(contents(at, SILVER).values())


def test_a_lake_of_crm_and_surveys_alone(at: Deployment) -> None:
    survey = {"response_id": "S", "crm_id": "C-1", "survey_type": "nps", "score": "9",
              "answered_at": "2025-10-11T09:00:00Z"}  # fmt: skip
    put(at, "survey.csv", table([survey]))
    put(at, "crm.csv", table([customer("C-1", "2025-10-01T00:00:00Z")]))
    run(at)
    (answer,) = at.lake.read("silver.survey_responses").to_pylist()
    (row,) = at.lake.read("silver.crm_customers").to_pylist()
    assert answer["customer_key"] == row["customer_key"]
    assert answer["conversation_hash"] is None


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_latest_crm_row_wins_in_any_order(at: Deployment, order: tuple[int, ...]) -> None:
    cities = ["Bogor", "Depok", "Bandung"]
    for number in order:
        row = customer("C-1", f"2025-10-0{number + 1}T00:00:00Z", city=cities[number])
        put(at, f"crm-{number}.csv", table([row]))
        land_new_files(at)
    take_in(at)
    assert conform_reference(at).rows["silver.crm_customers"] == 1
    (found,) = at.lake.read("silver.crm_customers").to_pylist()
    assert found["city"] == "Bandung"
    assert conform_reference(at).rows == {}


def test_handles_of_older_crm_rows_are_gone_from_silver_and_kept_in_the_vault(
    at: Deployment,
) -> None:
    for day, phone in enumerate(("+6281200000001", "+6281200000009"), start=1):
        row = customer("C-1", f"2025-10-0{day}T00:00:00Z", phone=phone)
        put(at, f"crm-{day}.csv", table([row]))
        run(at)
    handles = at.lake.read("silver.crm_handles", where="handle_type = 'phone'").to_pylist()
    assert len(handles) == 1
    kept = {row["handle"] for row in at.lake.read("vault.handles").to_pylist()}
    assert "+6281200000009" in kept


def test_rows_of_all_crm_tables_share_the_customer(at: Deployment) -> None:
    moment = "2025-10-01T00:00:00Z"
    put(at, "crm.csv", table([customer("C-1", moment)]))
    put(at, "subs.csv", table([{"subscription_id": "sub-081234567890", "crm_id": "C-1",
        "product": "internet", "monthly_fee": "350000.5", "started_on": "2024-01-31",
        "updated_at": moment}]))  # fmt: skip
    put(at, "orders.csv", table([{"order_id": "O-1", "crm_id": "C-1", "amount": "12",
        "ordered_at": moment}]))  # fmt: skip
    put(at, "churn.csv", table([{"crm_id": "C-1", "churned_on": "2025-11-01", "reason": "pindah",
        "updated_at": moment}]))  # fmt: skip
    run(at)
    names = ("customers", "subscriptions", "orders", "churn_outcomes")
    rows = [at.lake.read(f"silver.crm_{name}").to_pylist() for name in names]
    assert [len(found) for found in rows] == [1, 1, 1, 1]
    assert len({found[0]["customer_key"] for found in rows}) == 1
    assert rows[1][0]["monthly_fee"] == 350000.5
    assert "081234567890" not in str(rows[1])


# --- vault --------------------------------------------------------------------------------


def test_the_vault_joins_in_any_order_and_repeats_change_nothing(tmp_path: Path) -> None:
    import pyarrow as pa

    parts = [
        [{"handle_key": "k", "handle_type": "phone", "handle": "+62", "name": name}]
        for name in (None, "Sari", "Sari Dewi")
    ]
    found = []
    for number, order in enumerate(list(permutations(parts))[:4]):
        at = deployment(tmp_path / str(number))
        for part in order:
            vault.keep(at, pa.Table.from_pylist(part, schema=VAULT_HANDLES))
        version = at.lake.version("vault.handles")
        vault.keep(at, pa.Table.from_pylist(parts[0], schema=VAULT_HANDLES))
        assert at.lake.version("vault.handles") == version
        found.append(contents(at, ["vault.handles"]))
    assert all(rows == found[0] for rows in found)
    assert "Sari Dewi" in str(found[0])


# --- changed rules ------------------------------------------------------------------------


def wordings(at: Deployment) -> set[str]:
    column = at.lake.read("silver.turns", columns=["redaction_version"])
    return set(column["redaction_version"].to_pylist())


def test_new_rules_rebuild_silver_and_going_back_does_so_again(
    at: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cursor of the old rules still stands, but the rows are no longer theirs."""
    names = iter(story().items())
    put(at, *next(names))
    run(at)
    before = contents(at, SILVER)
    old = conform.redaction_version()
    for version in ("next", old):
        monkeypatch.setattr(conform, "redaction_version", lambda version=version: version)
        run(at)
        assert wordings(at) == {version}
    assert contents(at, SILVER) == before
    put(at, *next(names))
    run(at)
    assert wordings(at) == {old}


def test_another_business_zone_moves_the_days_of_all_history(tmp_path: Path) -> None:
    at = deployment(tmp_path, timezone="UTC")
    put(at, "late.json", webhook(messages=[said(1, 9 * 60 + 10, "sudah malam")]))
    run(at)
    moved = deployment(tmp_path, timezone="Asia/Jakarta")
    run(moved)
    days = at.lake.read("silver.turns")["event_date"].to_pylist()
    assert [day.isoformat() for day in days] == ["2025-10-10"]


def test_a_new_connector_version_conforms_again(
    at: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(at, *next(iter(story().items())))
    run(at)
    version = at.lake.version("silver.turns")
    assert version is not None
    monkeypatch.setattr(registry.WhatsAppConnector, "version", "next")
    run(at)
    assert at.lake.version("silver.turns") == version + 1


def test_new_identity_rules_resolve_again_and_so_does_going_back(
    at: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(at, *next(iter(story().items())))
    run(at)
    assert identify.identify(at).handles is None
    old = identify.IDENTITY_VERSION
    for version in ("next", old):
        monkeypatch.setattr(identify, "IDENTITY_VERSION", version)
        assert identify.identify(at).handles == 1


def test_only_touched_partitions_are_rewritten(at: Deployment) -> None:
    put(at, "old.json", webhook(messages=[said(1, 0, "halo")]))
    put(at, "new.json", webhook(messages=[said(2, 5 * 24 * 60, "halo lagi")]))
    put(at, "other.json", webhook(messages=[said(3, 9 * 24 * 60, "hi", "6281200000002")]))
    run(at)
    before = at.lake.version("silver.turns")
    put(at, "more.json", webhook(messages=[said(4, 9 * 24 * 60 + 1, "hello", "6281200000002")]))
    land_new_files(at)
    take_in(at)
    assert conform.conform_new_records(at).partitions == 1
    (changed,) = at.lake.changed_partitions("silver.turns", before)
    assert changed["event_date"].isoformat() == "2025-10-18"


def test_catalogue_and_story_cover_the_same_tables() -> None:
    assert set(SILVER) <= set(TABLES)


def test_persons_are_resolved_again_only_when_evidence_changed(at: Deployment) -> None:
    for name, content in list(story().items())[:4]:
        put(at, name, content)
    run(at)
    before, versions = contents(at, ["silver.persons"]), at.lake.version("silver.persons")
    rows = at.lake.read("silver.participants")
    place = rows.schema.get_field_index("record_id")
    other = rows.set_column(place, rows.schema.field("record_id"), [["another"] * rows.num_rows])
    at.lake.append("silver.participants", rows.slice(0, 0), app="t", sequence=1)
    assert identify.identify(at).handles is None
    at.lake.overwrite_partitions("silver.participants", other, partitions=None, app="t", sequence=2)
    assert identify.identify(at).handles is None
    assert at.lake.version("silver.persons") == versions
    less = rows.slice(1)
    at.lake.overwrite_partitions("silver.participants", less, partitions=None, app="t", sequence=3)
    assert identify.identify(at).handles is not None
    at.lake.overwrite_partitions("silver.participants", rows, partitions=None, app="t", sequence=4)
    identify.identify(at)
    assert contents(at, ["silver.persons"]) == before


def test_words_that_a_killed_run_left_behind_are_removed(at: Deployment) -> None:
    left = at.lake.root / "_tmp" / "conform-999999999-x"
    left.mkdir(parents=True)
    (left / "0.arrow").write_bytes(b"halo")
    put(at, *next(iter(story().items())))
    run(at)
    assert not list((at.lake.root / "_tmp").glob("conform-*"))
