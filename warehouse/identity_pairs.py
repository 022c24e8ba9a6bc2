"""From observations to pairs of handles, with the first sighting of each pair as evidence.

All work happens in a private in-memory database; tables made here: `handles` (numbered),
`sightings`, `pairs`. Whether a pair joins two handles is decided in `identity_rules`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import duckdb

MAX_HANDLES: Final = 50
"""A sighting of more handles than one person has says nothing about who is who."""

# Numbers follow the key, so they are a function of the data as well.
_HANDLES = """
CREATE TABLE handles AS
SELECT row_number() OVER (ORDER BY handle_key) - 1 AS node, *
FROM (SELECT handle_key, min(handle_type) AS handle_type, min(first_seen_at) AS first_seen_at
      FROM given WHERE handle_key IS NOT NULL GROUP BY handle_key)
"""

_SIGHTINGS = f"""
CREATE TABLE sightings AS
WITH one AS (
    SELECT evidence_kind, evidence_id, node, min(handles.handle_type) AS handle_type,
           min(given.first_seen_at) AS seen_at
    FROM given JOIN handles USING (handle_key)
    WHERE evidence_kind IS NOT NULL AND evidence_id IS NOT NULL
    GROUP BY evidence_kind, evidence_id, node
), about AS (
    SELECT evidence_kind, evidence_id, min(seen_at) AS seen_at,
           evidence_kind <> 'crm' AND count(*) > count(DISTINCT handle_type) AS ambiguous
    FROM one GROUP BY evidence_kind, evidence_id HAVING count(*) BETWEEN 2 AND {MAX_HANDLES}
)
SELECT one.evidence_kind, one.evidence_id, node, about.seen_at, ambiguous
FROM one JOIN about ON one.evidence_kind = about.evidence_kind
    AND one.evidence_id = about.evidence_id
"""

# Several handles of one type in a conversation may be several persons (a public thread, a
# mail in copy), so such a sighting is kept as evidence but joins nobody.
_PAIRS = """
CREATE TABLE pairs AS
SELECT l.node AS a, r.node AS b, count(*) AS observations, bool_and(l.ambiguous) AS ambiguous,
       first(struct_pack(kind := l.evidence_kind, id := l.evidence_id) ORDER BY
             l.ambiguous, l.seen_at NULLS LAST, l.evidence_kind, l.evidence_id) AS evidence
FROM sightings l JOIN sightings r
    ON l.evidence_kind = r.evidence_kind AND l.evidence_id = r.evidence_id AND l.node < r.node
GROUP BY l.node, r.node
"""


@contextmanager
def workspace() -> Iterator["duckdb.DuckDBPyConnection"]:
    """A private database in memory, in UTC."""
    import duckdb

    with duckdb.connect(config={"memory_limit": "1GB", "threads": 2}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def find(connection: "duckdb.DuckDBPyConnection") -> None:
    """Make `handles`, `sightings` and `pairs` from the registered table `given`."""
    for statement in (_HANDLES, _SIGHTINGS, _PAIRS):
        connection.execute(statement)


def handle_count(connection: "duckdb.DuckDBPyConnection") -> int:
    """How many handles `find` numbered, from 0."""
    ((count,),) = connection.execute("SELECT count(*) FROM handles").fetchall()
    return int(count)
