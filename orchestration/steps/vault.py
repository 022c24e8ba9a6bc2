"""The vault: the only table with clear handles, kept apart from everything analysts see."""

from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.steps.deployment import Deployment
from warehouse.contracts import VAULT_HANDLES

VAULT = "vault.handles"
_APP = "vault"
_MOST_FILES = 32  # before new handles write the table anew as one file

# Of two names the longer one is kept, then the alphabetically first (see `better_name`).
_NEWS = """
WITH told AS (
    SELECT handle_key, min(handle_type) AS handle_type, min(handle) AS handle,
           first(name ORDER BY length(name) DESC, name) FILTER (name <> '') AS name
    FROM handles GROUP BY handle_key
), joined AS (
    SELECT handle_key, told.handle_type, told.handle, rows.handle_key IS NOT NULL AS known,
           rows.name AS before,
           CASE WHEN coalesce(rows.name, '') = '' THEN told.name
                WHEN told.name IS NULL OR length(told.name) < length(rows.name) THEN rows.name
                WHEN length(told.name) > length(rows.name) THEN told.name
                ELSE least(told.name, rows.name) END AS name
    FROM told LEFT JOIN rows USING (handle_key)
)
SELECT handle_key, handle_type, handle, name, known FROM joined
WHERE NOT known OR name IS DISTINCT FROM before ORDER BY handle_key
"""


def keep(deployment: Deployment, handles: pa.Table) -> int:
    """Join handles with those already known and return how many the vault now holds.

    The result does not depend on the order of calls; repeating a call changes nothing. New
    handles are added; only a better name of a known one writes the table anew.
    """
    lake, schema = deployment.lake, VAULT_HANDLES.append(pa.field("known", pa.bool_()))
    held = sum(file.rows for file in lake.files(VAULT))
    if not handles.num_rows:
        return held
    news = lake.ask(VAULT, _NEWS, schema, given={"handles": handles}).read_all()
    if not news.num_rows:
        return held
    sequence = (lake.cursor(VAULT, _APP) or 0) + 1
    known = news.filter(news["known"])
    rows = news.select(VAULT_HANDLES.names)
    if not known.num_rows and len(lake.files(VAULT)) < _MOST_FILES:
        lake.append(VAULT, rows, app=_APP, sequence=sequence)
    else:
        others = lake.ask(
            VAULT,
            "SELECT * FROM rows WHERE handle_key NOT IN (SELECT handle_key FROM known)",
            VAULT_HANDLES,
            version=lake.version(VAULT),
            given={"known": known.select(["handle_key"])},
        )
        data = chain(others, rows.to_batches())
        lake.overwrite_partitions(VAULT, data, partitions=None, app=_APP, sequence=sequence)
    added: int = pc.sum(pc.invert(news["known"])).as_py()
    return held + added
