"""The vault: the only table with clear handles, kept apart from everything analysts see."""

import pyarrow as pa

from ingestion.conform.participants import better_name
from orchestration.steps.deployment import Deployment
from warehouse.contracts import VAULT_HANDLES

VAULT = "vault.handles"
_APP = "vault"


def keep(deployment: Deployment, handles: pa.Table) -> int:
    """Join handles with those already known and return how many the vault now holds.

    The result does not depend on the order of calls; repeating a call changes nothing.
    """
    lake = deployment.lake
    known = {row["handle_key"]: row for row in lake.read(VAULT).to_pylist()}
    joined = {key: dict(row) for key, row in known.items()}
    for row in handles.to_pylist():
        before = joined.get(row["handle_key"])
        name = better_name(before["name"], row["name"]) if before else row["name"]
        joined[row["handle_key"]] = row | {"name": name}
    if joined != known:
        table = pa.Table.from_pylist([joined[key] for key in sorted(joined)], schema=VAULT_HANDLES)
        sequence = (lake.cursor(VAULT, _APP) or 0) + 1
        lake.overwrite_partitions(VAULT, table, partitions=None, app=_APP, sequence=sequence)
    return len(joined)
