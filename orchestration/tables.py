"""Asset specs, results and checks generated from the table catalogue.

What an asset computes does not belong here; nothing is written twice that the catalogue says.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import dagster as dg

from orchestration.steps.deployment import Deployment
from warehouse.catalog import table
from warehouse.checks import (
    CheckOutcome,
    accepted_are_stored,
    every_call_is_dated,
    everything_accounted,
    row_count,
    unique_key,
)
from warehouse.delta import Lake

RETRY = dg.RetryPolicy(
    max_retries=2, delay=2, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS
)

Lineage = Mapping[str, Sequence[tuple[str, str]]]
"""Column -> the (table, column) pairs it is made from."""


def asset_key(name: str) -> dg.AssetKey:
    """Catalogue name "silver.turns" -> asset key ["silver", "turns"]."""
    return dg.AssetKey(name.split("."))


def spec(
    name: str, deps: Sequence[str], *, lineage: Lineage | None = None, kinds: set[str] | None = None
) -> dg.AssetSpec:
    """The asset of one catalogue table, with schema, owner and column lineage as metadata."""
    definition = table(name)
    layer = definition.layer
    return dg.AssetSpec(
        asset_key(name),
        deps=[asset_key(dep) for dep in deps],
        description=f"{definition.grain}\n\n{definition.description}",
        group_name="silver" if layer == "vault" else layer,
        owners=[f"team:{definition.owner}"],
        kinds=kinds or {"python", "deltalake"},
        tags={"personal_data": definition.pii},
        metadata={
            "dagster/column_schema": _column_schema(name),
            "dagster/table_name": name,
            **({"dagster/column_lineage": _lineage(lineage)} if lineage else {}),
        },
    )


def _column_schema(name: str) -> dg.TableSchema:
    definition = table(name)
    return dg.TableSchema(
        [
            dg.TableColumn(field.name, str(field.type), definition.column_descriptions[field.name])
            for field in definition.schema
        ]
    )


def _lineage(lineage: Lineage) -> dg.TableColumnLineage:
    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(asset_key(source), name) for source, name in sources]
            for column, sources in lineage.items()
        }
    )


def results(
    deployment: Deployment, names: Sequence[str], facts: Mapping[str, object]
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """One result per table: its Delta version is the data version, so unchanged stays unchanged.

    After them come the outcomes of the checks that `check_specs` announced.
    """
    for name in names:
        version = deployment.lake.version(name)
        yield dg.MaterializeResult(
            asset_key(name),
            metadata={
                "dagster/row_count": row_count(deployment.lake, name),
                "delta_version": -1 if version is None else version,
                **{key: dg.MetadataValue.text(str(value)) for key, value in facts.items()},
            },
            data_version=dg.DataVersion(str(version)),
        )
    for check in check_specs(names):
        yield _outcome(check, _INVARIANTS[check.name](deployment.lake, _name(check.asset_key)))


# Each invariant of the lake; the first holds for every table, the others for one.
_INVARIANTS: Mapping[str, Callable[[Lake, str], CheckOutcome]] = {
    "unique_key": unique_key,
    "received_is_accounted": lambda lake, _: everything_accounted(lake),
    "accepted_are_stored": lambda lake, _: accepted_are_stored(lake),
    "every_call_is_dated": lambda lake, _: every_call_is_dated(lake),
}
_OF_ONE_TABLE = {
    "bronze.coverage": (
        "received_is_accounted",
        "received = accepted + duplicates + rejected, for every landed file.",
    ),
    "bronze.records": (
        "accepted_are_stored",
        "The records table holds as many records as coverage counts as accepted.",
    ),
    "silver.waiting": (
        "every_call_is_dated",
        "No accepted transcript waits for something that tells when its call was.",
    ),
}
_WARNINGS = {"every_call_is_dated"}
"""Checks that tell something and stop nothing."""


def check_specs(names: Sequence[str]) -> list[dg.AssetCheckSpec]:
    """Checks of some tables: a failure stops everything that is made from them, or only warns."""
    specs = [
        dg.AssetCheckSpec(
            "unique_key",
            asset=asset_key(name),
            blocking=True,
            description=f"No two rows share {', '.join(table(name).key)}.",
        )
        for name in names
    ]
    for name in names:
        if name in _OF_ONE_TABLE:
            check, words = _OF_ONE_TABLE[name]
            key, stops = asset_key(name), check not in _WARNINGS
            specs.append(dg.AssetCheckSpec(check, asset=key, blocking=stops, description=words))
    return specs


def _outcome(check: dg.AssetCheckSpec, outcome: CheckOutcome) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=check.asset_key,
        check_name=check.name,
        passed=outcome.passed,
        severity=dg.AssetCheckSeverity.ERROR if check.blocking else dg.AssetCheckSeverity.WARN,
        metadata=dict(outcome.detail),
    )


def _name(key: dg.AssetKey) -> str:
    return ".".join(key.path)
