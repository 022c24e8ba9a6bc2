"""Which rules about persons the marts apply: those of the release that is built."""

from pathlib import Path

import duckdb
import pyarrow as pa

from enrichment.contact_rules import for_marts
from enrichment.rulebook import beside_bundled, bundled, load_all
from warehouse.releases import UnknownRelease, find


def contact_rules(lake_root: Path, release: str) -> pa.Table:
    """CONTACT_RULES of this release. Raises RulebookError for a rulebook that no longer fits.

    Of a release that nobody registered, the bundled rulebooks are taken.
    """
    try:
        own = find(lake_root, release).rulebooks
    except UnknownRelease:
        own = ()
    return for_marts(load_all(beside_bundled(own)) if own else bundled())


def write_contact_rules(
    connection: duckdb.DuckDBPyConnection, lake_root: Path, release: str
) -> None:
    """Put the rules of this release where dbt reads them. Raises RulebookError."""
    connection.register("rules", contact_rules(lake_root, release))
    connection.execute("CREATE OR REPLACE TABLE lake.contact_rules AS FROM rules")
    connection.unregister("rules")
