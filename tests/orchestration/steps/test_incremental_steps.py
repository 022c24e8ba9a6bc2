"""Any order and any cut into files and runs gives the same lake rows as one run of everything."""

import random
from datetime import timedelta
from pathlib import Path

import pytest
from chat_story import SILVER, story
from deliveries import BUDI, SARI, contents, deployment, put, run, said, webhook

from orchestration.steps.deployment import Deployment


@pytest.fixture(scope="module")
def whole(lake: Deployment) -> dict[str, list[str]]:
    return contents(lake, SILVER)


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.soak)])
def test_incremental_runs_equal_one_run(
    tmp_path: Path, whole: dict[str, list[str]], seed: int
) -> None:
    chance = random.Random(seed)
    files = list(story().items())
    chance.shuffle(files)
    cuts = sorted(chance.sample(range(1, len(files)), 3))
    at = deployment(tmp_path)
    for start, end in zip([0, *cuts], [*cuts, len(files)], strict=True):
        for name, content in files[start:end]:
            put(at, f"{seed}/{name}", content)
        run(at)
    for name, rows in contents(at, SILVER).items():
        assert rows == whole[name], name


def test_a_second_run_without_news_writes_nothing(tmp_path: Path) -> None:
    at = deployment(tmp_path)
    for name, content in story().items():
        put(at, name, content)
    run(at)
    versions = {name: at.lake.version(name) for name in SILVER}
    run(at)
    assert {name: at.lake.version(name) for name in SILVER} == versions


# --- what the rows say --------------------------------------------------------------------


def test_a_deleted_message_has_no_words_in_silver_but_both_payloads_in_bronze(
    lake: Deployment,
) -> None:
    deleted = [r for r in lake.lake.read("silver.turns").to_pylist() if r["state"] == "deleted"]
    assert len(deleted) == 1
    assert deleted[0]["redacted_text"] is None and deleted[0]["redactions"] == []
    assert deleted[0]["source_metadata"] == "{}"
    raws = b"".join(lake.lake.read("bronze.payloads")["raw"].to_pylist())
    assert b"081234567890" in raws and b'"revoke"' in raws


def test_the_newest_edit_stands_and_says_when(lake: Deployment) -> None:
    (turn,) = lake.lake.read("silver.turns", where="state = 'edited'").to_pylist()
    assert turn["redacted_text"] == "Halo, wifi mati sejak kemarin"
    assert turn["changed_at"] - turn["sent_at"] == timedelta(minutes=9)


def test_sessions_split_after_a_silent_day_and_meet_over_a_late_message(lake: Deployment) -> None:
    chats = lake.lake.read("silver.interactions", where="source_system = 'whatsapp'").to_pylist()
    # Sari: the first day, the bridge 35 hours later, and the third day; Budi: one.
    assert len(chats) == 4
    first = min(chats, key=lambda row: row["started_at"])
    turns = lake.lake.read("silver.turns", where=f"interaction_id = '{first['interaction_id']}'")
    ordered = turns.sort_by("turn_no").to_pylist()
    assert [turn["turn_no"] for turn in ordered] == [1, 2, 3, 4]
    assert ordered[0]["redacted_text"] == "selamat pagi"


def test_a_delivery_status_says_who_wrote(lake: Deployment) -> None:
    (turn,) = lake.lake.read("silver.turns", where="role = 'bot'").to_pylist()
    assert '"delivery":"read"' in turn["source_metadata"]
    (row,) = lake.lake.read("silver.interactions", where="bot_turns = 1").to_pylist()
    assert (row["campaign"], row["interaction_id"]) == ("promo", turn["interaction_id"])


def test_mails_of_one_thread_are_one_interaction(lake: Deployment) -> None:
    mails = lake.lake.read("silver.interactions", where="channel = 'email'").to_pylist()
    turns = lake.lake.read("silver.turns", columns=["interaction_id"]).to_pylist()
    sizes = sorted(sum(t["interaction_id"] == m["interaction_id"] for t in turns) for m in mails)
    assert sizes == [1, 3]


def test_a_survey_finds_its_conversation_by_a_message(lake: Deployment) -> None:
    (answer,) = lake.lake.read("silver.survey_responses").to_pylist()
    hashes = lake.lake.read("silver.interactions", where="source_system = 'whatsapp'")
    assert answer["conversation_hash"] in hashes["conversation_hash"].to_pylist()
    assert answer["redacted_comment"] == "terima kasih, balas ke [PHONE]"


def test_nothing_personal_leaves_bronze_and_vault(lake: Deployment) -> None:
    clear = (SARI, BUDI, "081234567890", "sari@contoh.id", "Sari Dewi", "Budi Hartono")
    for name in SILVER[:-1]:
        text = "\n".join(contents(lake, [name])[name])
        assert not [value for value in clear if value in text], name
    vault = lake.lake.read("vault.handles").to_pylist()
    assert {f"+{SARI}", f"+{BUDI}", "sari@contoh.id"} <= {row["handle"] for row in vault}


def test_conversation_hashes_cannot_be_found_by_trying_numbers(
    lake: Deployment, tmp_path: Path
) -> None:
    other = deployment(tmp_path)
    other.settings.key_file.write_text("a5" * 32)
    put(other, "chat.json", webhook(messages=[said(1, 0, "halo")]))
    run(other)
    mine = set(lake.lake.read("silver.interactions")["conversation_hash"].to_pylist())
    theirs = set(other.lake.read("silver.interactions")["conversation_hash"].to_pylist())
    assert theirs and not mine & theirs
