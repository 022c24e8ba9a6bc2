"""Who is who: handles that were seen together become one person, by exact and stated rules.

Pure: observations in, edges and persons out, a function of the data only; order, batches and
earlier results play no part. The pairs are found in `identity_pairs`, judged in
`identity_rules`; here they are joined into persons. Fuzzy matching is not done here.
"""

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from warehouse import identity_pairs, identity_rules
from warehouse.contracts import IDENTITY_EDGES, PERSONS, TIMESTAMP
from warehouse.identity_components import components

if TYPE_CHECKING:
    import duckdb

IDENTITY_VERSION: Final = "exact-1"

OBSERVATIONS: Final = pa.schema(
    [
        ("evidence_kind", pa.string()),
        ("evidence_id", pa.string()),
        ("handle_type", pa.string()),
        ("handle_key", pa.string()),
        ("first_seen_at", TIMESTAMP),
    ]
)
"""One handle on the customer's side of one interaction or CRM row; kind: interaction or crm."""

_EDGES_SQL = f"""
SELECT left(sha256('edge' || chr(10) || left_key || chr(10) || right_key), 32) AS edge_id,
       left_key, left_type, right_key, right_type,
       CASE evidence_kind WHEN 'crm' THEN 'crm_row' ELSE 'same_interaction' END AS rule,
       evidence_kind, evidence_id, observations,
       inactive_reason IS NULL AS active, inactive_reason,
       '{IDENTITY_VERSION}' AS identity_version
FROM judged ORDER BY edge_id
"""

# The anchor names the person: a CRM id before all else, then the handle seen first.
_PERSONS_SQL = f"""
WITH anchors AS (
    SELECT component, first(handle_key ORDER BY
        handle_type <> 'crm_id', first_seen_at NULLS LAST, handle_key) AS anchor
    FROM handles JOIN member USING (node) GROUP BY component
)
SELECT handle_key, handle_type,
       'P' || left(sha256('person' || chr(10) || anchor), 32) AS person_id,
       '{IDENTITY_VERSION}' AS identity_version
FROM handles JOIN member USING (node) JOIN anchors USING (component)
ORDER BY handle_key
"""


def resolve(observations: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Edges between handles (IDENTITY_EDGES) and the person of every handle (PERSONS).

    `observations` has the columns of OBSERVATIONS; repeated rows change nothing. Raises
    ValueError when a column is missing or has another type.
    """
    if not observations.select(
        [name for name in OBSERVATIONS.names if name in observations.column_names]
    ).schema.equals(OBSERVATIONS):
        raise ValueError(f"observations must have the columns {OBSERVATIONS}")
    with identity_pairs.workspace() as connection:
        connection.register("given", observations.select(OBSERVATIONS.names))
        identity_pairs.find(connection)
        identity_rules.judge(connection)
        return _edges(connection), _persons(connection)


def _edges(connection: "duckdb.DuckDBPyConnection") -> pa.Table:
    return connection.sql(_EDGES_SQL).to_arrow_table().cast(IDENTITY_EDGES)


def _persons(connection: "duckdb.DuckDBPyConnection") -> pa.Table:
    count = identity_pairs.handle_count(connection)
    links = connection.execute("SELECT a, b FROM judged WHERE inactive_reason IS NULL").fetchnumpy()
    member = pa.table(
        {"node": range(count), "component": components(count, links["a"], links["b"])}
    )
    connection.register("member", member)
    return connection.sql(_PERSONS_SQL).to_arrow_table().cast(PERSONS)
