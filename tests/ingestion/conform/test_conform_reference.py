"""CRM rows and survey answers: free words lose their personal data, in any order of arrival."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from facts_of import START, hide, key_of, table

from ingestion.conform.crm import conform_crm
from ingestion.conform.surveys import conform_surveys
from ingestion.connectors.base import Record
from ingestion.identifiers import hash64


def crm(kind: str, days: float, **row: Any) -> Record:
    """A CRM row of customer C-1."""
    row = {"crm_id": "C-1"} | row
    names = (row["name"],) if row.get("name") else ()
    native = f"{kind}:C-1"
    data = {"table": kind, "key": "C-1", "row": row}
    moment = START + timedelta(days=days)
    return Record("crm", "crm", f"crm:{native}", native, moment, data, names=names)


def survey(comment: str) -> Record:
    """An answer of customer C-1."""
    data = {"response_id": "R-1", "crm_id": "C-1", "survey_type": "csat", "score": 4.0}
    return Record("survey", "crm", "survey:R-1", "R-1", START, data | {"comment": comment})


FACTS = (
    crm("customers", 0, name="Sari", city="Medan"),
    crm("customers", 1, name="Sari Dewi", city="Medan"),
    crm("churn_outcomes", 2, churned_on="2026-11-01", reason="Dewi? bukan: Sari pindah rumah"),
    survey("Sari Dewi puas, hubungi 081234567890"),
)


def test_reasons_and_comments_hide_every_name_the_crm_ever_gave() -> None:
    seen = set()
    for order in permutations(FACTS):
        reason = conform_crm(table(order), key_of, hide)["silver.crm_churn_outcomes"]["reason"]
        answers = conform_surveys(table(order), (), key_of, hide, lambda *_: {}, hash64)
        seen.add((reason[0].as_py(), answers["redacted_comment"][0].as_py()))
    assert seen == {
        ("Dewi? bukan: [HIDDEN] pindah rumah", "[HIDDEN] Dewi puas, hubungi [HIDDEN]"),
    }


@pytest.mark.parametrize(
    ("city", "shown"),
    [("Medan", "Medan"), ("Medan, 081234567890", "Medan, [HIDDEN]"), ("", None), (None, None)],
)
def test_lists_of_the_company_are_kept(city: str | None, shown: str | None) -> None:
    row = crm("customers", 0, name="Medan Siregar", city=city)
    found = conform_crm(table([row]), key_of, hide)["silver.crm_customers"]["city"]
    assert found[0].as_py() == shown


def card(days: float, handle: str = "7", **row: Any) -> Record:
    """A help desk's card of a person."""
    own = {"handle_type": "zendesk_user_id", "handle": handle}
    key = f"zendesk_user_id:{handle}"
    data = {"table": "contacts", "key": key, "row": own | row}
    names = (row["name"],) if row.get("name") else ()
    moment = START + timedelta(days=days)
    return Record("crm", "zendesk", key, key, moment, data, names=names)


def test_a_card_ties_handles_and_is_no_customer_row() -> None:
    email = {"email": "sari@example.com"}
    records = [card(0, phone="0811"), card(1, name="Sari", crm_id="C-1", **email), *FACTS]
    for order in (records, records[::-1]):
        tables = conform_crm(table(order), key_of, hide)
        assert tables["silver.crm_customers"].num_rows == 1
        rows = tables["silver.crm_handles"].to_pylist()
        own = key_of("zendesk_user_id", "7").key
        tied = {row["handle_type"]: row["handle_key"] for row in rows if row["customer_key"] == own}
        # The newest card counts; the number it no longer names is gone.
        assert tied == {
            "zendesk_user_id": own,
            "email": key_of("email", "sari@example.com").key,
            "crm_id": key_of("crm_id", "C-1").key,
        }
        vault = {row["handle_type"]: row["name"] for row in tables["vault.handles"].to_pylist()}
        assert vault["zendesk_user_id"] == "Sari"


def test_a_card_without_a_usable_id_gives_nothing() -> None:
    tables = conform_crm(table([card(0, handle=" ", email="a@example.com")]), key_of, hide)
    assert tables["silver.crm_handles"].num_rows == 0
