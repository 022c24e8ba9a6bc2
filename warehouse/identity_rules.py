"""Which pairs of handles join: the CRM id is strong, all other handles are shared at times.

Rules, in this order, for a pair:
1. seen only where several handles of one type met        -> several_of_one_type
2. two CRM ids that are not the same customer             -> two_crm_ids
3. an end belongs to CRM ids of different customers       -> shared_handle
4. ends that belong to CRM ids of different customers     -> crm_conflict
5. it ties handles of no CRM id to different customers    -> shared_handle
6. otherwise it joins.
Two CRM ids are the same customer when they share handles of two independent kinds, for example
phone and e-mail. Makes the table `judged` from `handles` and `pairs`.
"""

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from warehouse import identity_pairs
from warehouse.identity_components import components

if TYPE_CHECKING:
    import duckdb

MAX_SHARED: Final = 10
"""A handle of more CRM ids (a switchboard, a shop's counter) proves nothing about any two."""

# A WhatsApp account is bound to a phone line, an X name to an X account: not independent.
_KIND = """
CASE handle_type WHEN 'whatsapp_user_id' THEN 'phone' WHEN 'x_user_id' THEN 'x'
                 WHEN 'x_username' THEN 'x' ELSE handle_type END
"""

_TOUCHES = f"""
CREATE TABLE touches AS
SELECT CASE WHEN ha.handle_type = 'crm_id' THEN b ELSE a END AS node,
       CASE WHEN ha.handle_type = 'crm_id' THEN a ELSE b END AS crm,
       CASE WHEN ha.handle_type = 'crm_id' THEN hb.kind ELSE ha.kind END AS kind
FROM pairs
JOIN (SELECT *, {_KIND} AS kind FROM handles) ha ON ha.node = a
JOIN (SELECT *, {_KIND} AS kind FROM handles) hb ON hb.node = b
WHERE NOT ambiguous AND (ha.handle_type = 'crm_id') <> (hb.handle_type = 'crm_id')
"""

_SAME_CUSTOMER = f"""
WITH usable AS (
    SELECT * FROM touches
    WHERE node IN (SELECT node FROM touches GROUP BY node
                   HAVING count(DISTINCT crm) BETWEEN 2 AND {MAX_SHARED})
)
SELECT l.crm AS a, r.crm AS b FROM usable l JOIN usable r ON l.node = r.node AND l.crm < r.crm
GROUP BY l.crm, r.crm HAVING count(DISTINCT l.kind) >= 2
"""

# `customer` of a handle: the one customer whose CRM ids it was seen with.
_LABELS = """
CREATE TABLE labels AS
SELECT node, min(customer) AS customer, min(customer) <> max(customer) AS shared
FROM (SELECT touches.node, customers.component AS customer
      FROM touches JOIN customers ON customers.node = touches.crm
      UNION ALL
      SELECT handles.node, component FROM handles JOIN customers USING (node)
      WHERE handle_type = 'crm_id')
GROUP BY node
"""

_SORTED = """
CREATE TABLE sorted_pairs AS
SELECT pairs.*, ha.handle_key AS left_key, ha.handle_type AS left_type,
       hb.handle_key AS right_key, hb.handle_type AS right_type,
       la.customer AS left_customer, lb.customer AS right_customer,
       CASE WHEN ambiguous THEN 'several_of_one_type'
            WHEN ha.handle_type = 'crm_id' AND hb.handle_type = 'crm_id'
                 AND la.customer <> lb.customer THEN 'two_crm_ids'
            WHEN la.shared OR lb.shared THEN 'shared_handle'
            WHEN la.customer <> lb.customer THEN 'crm_conflict' END AS reason
FROM pairs
JOIN handles ha ON ha.node = a JOIN handles hb ON hb.node = b
LEFT JOIN labels la ON la.node = a LEFT JOIN labels lb ON lb.node = b
"""

# Handles without a CRM id hang together in `loose` groups; a group between two customers would
# join them through the back door.
_JUDGED = """
CREATE TABLE judged AS
WITH border AS (
    SELECT loose.component AS loose,
           CASE WHEN left_customer IS NULL THEN right_customer ELSE left_customer END AS customer
    FROM sorted_pairs JOIN loose
        ON loose.node = CASE WHEN left_customer IS NULL THEN a ELSE b END
    WHERE reason IS NULL AND (left_customer IS NULL) <> (right_customer IS NULL)
), between_customers AS (
    SELECT loose FROM border GROUP BY loose HAVING count(DISTINCT customer) > 1
)
SELECT sorted_pairs.* EXCLUDE (evidence, reason, left_customer, right_customer),
       evidence.kind AS evidence_kind, evidence.id AS evidence_id,
       CASE WHEN reason IS NOT NULL THEN reason
            WHEN (left_customer IS NULL) <> (right_customer IS NULL)
                 AND loose.component IN (SELECT loose FROM between_customers)
            THEN 'shared_handle' END AS inactive_reason
FROM sorted_pairs LEFT JOIN loose
    ON loose.node = CASE WHEN left_customer IS NULL THEN a ELSE b END
"""


def judge(connection: "duckdb.DuckDBPyConnection") -> None:
    """Make `judged`: every pair with the reason why it does not join, or NULL when it does."""
    count = identity_pairs.handle_count(connection)
    connection.execute(_TOUCHES)
    _components(connection, "customers", count, _SAME_CUSTOMER)
    connection.execute(_LABELS)
    connection.execute(_SORTED)
    free = "reason IS NULL AND left_customer IS NULL AND right_customer IS NULL"
    _components(connection, "loose", count, f"SELECT a, b FROM sorted_pairs WHERE {free}")
    connection.execute(_JUDGED)


def _components(connection: "duckdb.DuckDBPyConnection", name: str, count: int, query: str) -> None:
    """Register `name`: the component of each handle under the links that `query` finds."""
    links = connection.execute(query).fetchnumpy()
    found = components(count, links["a"], links["b"])
    connection.register(name, pa.table({"node": range(count), "component": found}))
