"""Files of an unknown system, from the landing folder to silver, as their mapping says."""

from pathlib import Path

import pytest
from deliveries import contents, customer, deployment, put, run, table

from ingestion.mappings.nodes import MappingError
from orchestration.steps import conform
from orchestration.steps.deployment import Deployment
from orchestration.steps.land import land_new_files
from warehouse.checks import accepted_are_stored, everything_accounted

DESK = """\
name: desk
match: desk/*.csv
format: csv
kind: conversations
channel: chat
time: {format: "%d/%m/%Y %H:%M", zone: Asia/Jakarta}
columns: {conversation: tiket, sent_at: tanggal, role: dari, text: pesan, customer_phone: hp}
values: {role: {Pelanggan: customer, CS: agent}}
"""
PEOPLE = """\
name: people
match: crm/*.csv
format: csv
kind: customers
columns: {crm_id: id, name: nama, phone: hp, updated_at: {value: "2025-10-01T00:00:00Z"}}
"""
HEADER = "tiket,tanggal,dari,pesan,hp\n"
ROWS = [
    "T-1,05/11/2025 08:00,Pelanggan,Tagihan saya naik,0811-0000-001\n",
    "T-1,05/11/2025 08:00,CS,Kami cek ya Ibu Rahayu,0811-0000-001\n",
    "T-1,07/11/2025 08:00,Pelanggan,Bagaimana?,0811-0000-001\n",
    "T-2,kemarin,CS,Halo,\n",
]
JUDGED = """\
name: judged
match: qa/*.csv
format: csv
kind: judgements
columns:
  {interaction: tiket, criterion: kriteria, judgement: hasil, judged_by: oleh, judged_at: pada, reason: alasan}
"""


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    monkeypatch.setenv("LAKEHOUSE_MAPPINGS", str(tmp_path / "mappings"))
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "desk.yml").write_text(DESK)
    (tmp_path / "mappings" / "people.yml").write_text(PEOPLE)
    (tmp_path / "mappings" / "judged.yml").write_text(JUDGED)
    return deployment(tmp_path)


def test_rows_become_conversations_and_customers_of_one_person(at: Deployment) -> None:
    put(at, "desk/a.csv", HEADER + "".join(ROWS))
    put(at, "crm/p.csv", "id,nama,hp\nC-1,Rahayu Contoh,+62 811 0000 001\n")
    judged = ",greeting,met,qa@example.com,2025-11-09T10:00:00+07:00,Ibu Rahayu sudah disapa\n"
    put(at, "qa/j.csv", f"tiket,kriteria,hasil,oleh,pada,alasan\nT-1{judged}T-9{judged}T-9,x\n")
    run(at)
    for check in (everything_accounted(at.lake), accepted_are_stored(at.lake)):
        assert check.passed, check.detail
    (talk,) = at.lake.read("silver.interactions").to_pylist()
    assert (talk["source_system"], talk["channel"], talk["direction"]) == (
        "desk",
        "chat",
        "inbound",
    )
    turns = at.lake.read("silver.turns", order_by=["turn_no"]).to_pylist()
    assert [turn["role"] for turn in turns] == ["customer", "agent", "customer"]
    persons = at.lake.read("silver.persons").to_pylist()
    assert {row["handle_type"] for row in persons} == {"phone", "crm_id"}
    assert len({row["person_id"] for row in persons}) == 1
    rejects = at.lake.read("bronze.rejects", order_by=["connector"]).to_pylist()
    assert [(row["connector"], row["position"]) for row in rejects] == [
        ("mapped:desk", "row 4"),
        ("mapped:judged", "row 3"),
    ]
    judgements = at.lake.read("silver.quality_judgements").to_pylist()
    # The contact T-9 is not here: its judgement waits.
    hashes = {row["conversation_hash"] for row in judgements}
    assert hashes == {talk["conversation_hash"], None}
    (judge,) = {row["reviewer_key"] for row in judgements}
    vault = {row["handle_key"]: row["handle"] for row in at.lake.read("vault.handles").to_pylist()}
    assert vault[judge] == "qa@example.com"
    assert "qa@example.com" not in str(judgements)
    assert all("Rahayu" not in row["redacted_reason"] for row in judgements)


def test_rows_in_any_cut_and_order_give_the_same_silver(tmp_path: Path, at: Deployment) -> None:
    names = ["silver.interactions", "silver.turns", "silver.participants"]
    seconds = DESK.replace("%H:%M", "%H:%M:%S")
    (tmp_path / "mappings" / "desk.yml").write_text(seconds)
    rows = [row.replace(" 08:00", f" 08:0{index}:00") for index, row in enumerate(ROWS)]
    put(at, "desk/a.csv", HEADER + "".join(rows))
    run(at)
    other = deployment(tmp_path / "other")
    key = at.settings.key_file.read_text()
    other.settings.key_file.write_text(key)
    for index, row in reversed(list(enumerate(rows))):
        put(other, f"desk/{index}.csv", HEADER + row)
        run(other)
    drop = ("payload_id", "record_id")

    def told(where: Deployment, name: str) -> list[str]:
        kept = where.lake.read(name).to_pylist()
        return sorted(repr({k: v for k, v in row.items() if k not in drop}) for row in kept)

    assert [told(at, name) for name in names] == [told(other, name) for name in names]


def test_a_mapping_may_cut_an_endless_chat(tmp_path: Path, at: Deployment) -> None:
    (tmp_path / "mappings" / "desk.yml").write_text(DESK + "session_hours: 24\n")
    put(at, "desk/a.csv", HEADER + "".join(ROWS))
    run(at)
    assert at.lake.read("silver.interactions").num_rows == 2


def test_a_changed_mapping_is_another_version(tmp_path: Path, at: Deployment) -> None:
    before = conform.version(at)
    (tmp_path / "mappings" / "desk.yml").write_text(DESK + "source_system: helpdesk\n")
    assert conform.version(at) != before


def test_a_broken_mapping_stops_before_anything_is_landed(tmp_path: Path, at: Deployment) -> None:
    (tmp_path / "mappings" / "desk.yml").write_text(DESK.replace("role: dari", "rolle: dari"))
    put(at, "desk/a.csv", HEADER + "".join(ROWS))
    with pytest.raises(MappingError, match=r"desk\.yml:7: .*did you mean 'role'"):
        land_new_files(at)
    assert at.lake.read("bronze.landed_files").num_rows == 0


def test_our_own_column_names_need_no_mapping(at: Deployment) -> None:
    put(at, "own.csv", table([customer("C-1", "2025-10-01T00:00:00Z")]))
    run(at)
    assert contents(at, ["silver.crm_customers"])["silver.crm_customers"]
