"""CRM rows -> keyed silver rows: the newest version of each row wins.

Clear identifying columns (crm_id, phone, email, name, x_username) become keyed handles; their
values go to the vault only. Contact cards of help desks give handles too, but no customer row. What people type into the other columns is redacted.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from ingestion.conform.facts import Fact, HandleKey, KeyOf, Redact, read_facts
from ingestion.conform.hiding import Hiding
from ingestion.conform.participants import better_name
from ingestion.identifiers import stable_id
from warehouse import contracts

_HANDLE_COLUMNS = (
    ("crm_id", "crm_id"),
    ("phone", "phone"),
    ("email", "email"),
    ("x_username", "x_username"),
)

# Lists of the company, where no name of a customer is looked for: Medan is a city and a name.
_LISTED = ("segment", "city", "product", "plan", "status")

Row = dict[str, Any]
Names = Mapping[str, Collection[str]]
"""{customer key: every name that the CRM ever gave}."""


def conform_crm(records: pa.Table, key_of: KeyOf, redact: Redact) -> dict[str, pa.Table]:
    """Tables silver.crm_* and vault.handles by catalogue name, from all CRM records."""
    rows: dict[str, list[Row]] = {name: [] for name in _SCHEMAS}
    vault: dict[str, Row] = {}
    facts = list(read_facts(records))
    names, listed = names_of(facts, key_of), Hiding((), redact)
    for fact in newest(fact for fact in facts if fact.kind == "crm"):
        if fact.data["table"] == "contacts":
            _add_contact(fact, key_of, rows["silver.crm_handles"], vault)
            continue
        keyed = key_of("crm_id", fact.data["row"]["crm_id"])
        if keyed is None:
            continue
        told = fact.data["row"]
        typed = Hiding(names.get(keyed.key, ()), redact).column(told.get("reason"))
        told |= {column: listed.column(told.get(column)) for column in _LISTED} | {"reason": typed}
        name, build = _BUILDERS[fact.data["table"]]
        rows[name].append(_columns(build(fact, keyed), fact, _SCHEMAS[name]))
        if name == "silver.crm_customers":
            _add_handles(fact, keyed, key_of, rows["silver.crm_handles"], vault)
    rows["vault.handles"] = list(vault.values())
    return {
        name: pa.Table.from_pylist(rows[name], schema=schema) for name, schema in _SCHEMAS.items()
    }


def names_of(facts: Iterable[Fact], key_of: KeyOf) -> Names:
    """The customers' names, from all versions of their CRM rows."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for fact in facts:
        if fact.kind == "crm" and fact.names and fact.data["table"] != "contacts":
            keyed = key_of("crm_id", fact.data["row"]["crm_id"])
            if keyed is not None:
                names[keyed.key].update(fact.names)
    return names


def newest(facts: Iterable[Fact]) -> list[Fact]:
    """One fact per row: the latest, ties broken by content so that order cannot matter."""
    latest: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        place = (fact.data.get("table", fact.kind), fact.native_id)
        before = latest.get(place)
        if before is None or (before.place, before.record_id) < (fact.place, fact.record_id):
            latest[place] = fact
    return [latest[place] for place in sorted(latest)]


def _columns(row: Row, fact: Fact, schema: pa.Schema) -> Row:
    """Fill what the contract asks for from the row, the fact and nothing else."""
    known = fact.data["row"] | {"record_id": fact.record_id, "payload_id": fact.payload_id} | row
    return {field.name: _typed(known.get(field.name), field.type) for field in schema}


def _typed(value: Any, kind: pa.DataType) -> Any:
    """Dates and times were stored as ISO text; the connector has checked them."""
    if value is None or value == "":
        return None
    if pa.types.is_date(kind):
        return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    if pa.types.is_timestamp(kind) and isinstance(value, str):
        return datetime.fromisoformat(value)
    if pa.types.is_floating(kind):
        return float(value)
    return value


def _customer(fact: Fact, keyed: HandleKey) -> Row:
    return {"customer_key": keyed.key, "updated_at": fact.event_at}


def _with_id(column: str) -> Callable[[Fact, HandleKey], Row]:
    """Row ids of the source may be personal in some systems, so they are hashed."""

    def build(fact: Fact, keyed: HandleKey) -> Row:
        return {
            "customer_key": keyed.key,
            column: stable_id(fact.source_system, fact.data["table"], fact.data["key"]),
            "updated_at": fact.event_at,
        }

    return build


_BUILDERS: dict[str, tuple[str, Callable[[Fact, HandleKey], Row]]] = {
    "customers": ("silver.crm_customers", _customer),
    "subscriptions": ("silver.crm_subscriptions", _with_id("subscription_id")),
    "orders": ("silver.crm_orders", _with_id("order_id")),
    "churn_outcomes": ("silver.crm_churn_outcomes", _customer),
}

_SCHEMAS: dict[str, pa.Schema] = {
    "silver.crm_customers": contracts.CRM_CUSTOMERS,
    "silver.crm_handles": contracts.CRM_HANDLES,
    "silver.crm_subscriptions": contracts.CRM_SUBSCRIPTIONS,
    "silver.crm_orders": contracts.CRM_ORDERS,
    "silver.crm_churn_outcomes": contracts.CRM_CHURN_OUTCOMES,
    "vault.handles": contracts.VAULT_HANDLES,
}


def _add_contact(fact: Fact, key_of: KeyOf, rows: list[Row], vault: dict[str, Row]) -> None:
    """A help desk's card of a person: it says which handles are one person, and nothing more."""
    row = fact.data["row"]
    own = row["handle_type"], row["handle"]
    keyed = key_of(*own)
    if keyed is not None:
        _add_handles(fact, keyed, key_of, rows, vault, (own,))


def _add_handles(
    fact: Fact,
    owner: HandleKey,
    key_of: KeyOf,
    rows: list[Row],
    vault: dict[str, Row],
    own: Iterable[tuple[str, str]] = (),
) -> None:
    row = fact.data["row"]
    stated = ((handle_type, row.get(column)) for column, handle_type in _HANDLE_COLUMNS)
    for handle_type, value in (*own, *stated):
        keyed = key_of(handle_type, value) if value else None
        if keyed is None:
            continue
        rows.append(
            {
                "customer_key": owner.key,
                "handle_type": handle_type,
                "handle_key": keyed.key,
                "record_id": fact.record_id,
            }
        )
        known = vault.get(keyed.key, {}).get("name")
        vault[keyed.key] = {
            "handle_key": keyed.key,
            "handle_type": handle_type,
            "handle": keyed.handle,
            "name": better_name(known, row.get("name")),
        }
