"""People's judgements: the judge as a key, the reason without personal data, any order alike."""

from datetime import timedelta
from itertools import permutations
from typing import Any

from facts_of import START, hide, key_of, table

from ingestion.conform.judgements import conform_judgements
from ingestion.connectors.base import Record
from ingestion.identifiers import hash64, stable_id

OURS = stable_id("chat", "T-1")


def judgement(by: str, days: float = 0, **told: Any) -> Record:
    """One judgement of the greeting in the contact OURS."""
    at = START + timedelta(days=days)
    data = {"interaction": OURS, "criterion": "greeting", "judgement": "met", "judged_by": by}
    data |= {"judged_at": at, "reason": "Sudah menyapa"} | told
    key = stable_id("judgement", by, str(at), data["interaction"])
    return Record("judgement", "crm", f"judgement:{key}", key, at, data)


def conformed(*records: Record) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    def located(turns: Any, conversations: Any) -> dict[str, int]:
        return {ref: 77 for ref in {*turns.values(), *conversations.values()} if ref == "T-1"}

    rows, vault = conform_judgements(table(records), ["chat"], key_of, hide, located, hash64)
    return rows.to_pylist(), vault.to_pylist()


def test_the_judge_is_a_key_and_clear_only_in_the_vault() -> None:
    rows, vault = conformed(
        judgement("qa@example.com"), judgement("Rina Contoh", 1, reason="Rina Contoh: 081234567890")
    )
    mail, name = key_of("email", "qa@example.com"), key_of("agent_id", "Rina Contoh")
    assert {row["reviewer_key"] for row in rows} == {mail.key, name.key}
    assert {row["redacted_reason"] for row in rows} == {"Sudah menyapa", "[HIDDEN]: [HIDDEN]"}
    assert {(row["handle_type"], row["handle"]) for row in vault} == {
        ("email", "qa@example.com"), ("agent_id", "rina contoh"),
    }  # fmt: skip
    assert "rina" not in str(rows).lower() and "example.com" not in str(rows)


def test_contacts_are_named_by_our_id_or_a_native_one_or_wait() -> None:
    records = [
        judgement("a@example.com"),
        judgement("a@example.com", 1, interaction="T-1"),
        judgement("a@example.com", 2, interaction="T-99"),
    ]
    seen = {
        str(sorted(conformed(*order)[0], key=lambda row: row["judged_at"]))
        for order in permutations(records)
    }
    assert len(seen) == 1
    rows = sorted(conformed(*records)[0], key=lambda row: row["judged_at"])
    assert [(row["interaction_id"], row["conversation_hash"]) for row in rows] == [
        (OURS, None), (None, 77), (None, None),
    ]  # fmt: skip
    assert len({row["judgement_id"] for row in rows}) == 3


def test_two_judges_at_the_same_time_are_two_judgements() -> None:
    rows, _ = conformed(judgement("a@example.com"), judgement("b@example.com", judgement="not_met"))
    assert sorted(row["outcome"] for row in rows) == ["met", "not_met"]
