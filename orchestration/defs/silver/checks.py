"""Blocking checks of bronze and silver, generated from the catalogue.

Business transformations and dbt's own tests stay out of this module.
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.resources import LakehouseResource
from orchestration.tables import asset_key
from warehouse.catalog import TABLES
from warehouse.checks import CheckOutcome, accepted_are_stored, everything_accounted, unique_key

_KEYED = tuple(TABLES)


def _unique(name: str) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        "unique_key",
        asset=asset_key(name),
        blocking=True,
        description=f"No two rows share {', '.join(TABLES[name].key)}.",
    )


_ACCOUNTED = dg.AssetCheckSpec(
    "received_is_accounted",
    asset=asset_key("bronze.coverage"),
    blocking=True,
    description="received = accepted + duplicates + rejected, for every landed file.",
)
_STORED = dg.AssetCheckSpec(
    "accepted_are_stored",
    asset=asset_key("bronze.records"),
    blocking=True,
    description="The records table holds as many records as coverage counts as accepted.",
)


def _result(spec: dg.AssetCheckSpec, outcome: CheckOutcome) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=spec.asset_key,
        check_name=spec.name,
        passed=outcome.passed,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata=dict(outcome.detail),
    )


@dg.multi_asset_check(
    name="bronze_and_silver_hold",
    specs=[*(_unique(name) for name in _KEYED), _ACCOUNTED, _STORED],
)
def bronze_and_silver_hold(lakehouse: LakehouseResource) -> Iterator[dg.AssetCheckResult]:
    """Check all tables; a failure stops the marts from being built."""
    lake = lakehouse.deployment().lake
    for name in _KEYED:
        yield _result(_unique(name), unique_key(lake, name))
    yield _result(_ACCOUNTED, everything_accounted(lake))
    yield _result(_STORED, accepted_are_stored(lake))
