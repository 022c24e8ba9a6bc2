"""Which rules the marts read as data: those on persons, and the quality form, of the release
that is built.
"""

from pathlib import Path

import duckdb
import pyarrow as pa

from enrichment import contact_rules as on_persons
from enrichment import quality
from enrichment.rulebook import Rulebook, beside_bundled, bundled, load_all, quality_form
from warehouse.releases import UnknownRelease, find


def contact_rules(lake_root: Path, release: str) -> pa.Table:
    """CONTACT_RULES of this release. Raises RulebookError for a rulebook that no longer fits."""
    return on_persons.for_marts(_books(lake_root, release))


def form(lake_root: Path, release: str) -> pa.Table:
    """QUALITY_FORM of this release. Raises RulebookError for a form that no longer fits."""
    return quality.for_marts(quality_form(_books(lake_root, release)))


def _books(lake_root: Path, release: str) -> tuple[Rulebook, ...]:
    """The books of this release; the bundled ones of a release that nobody registered."""
    try:
        own = find(lake_root, release).rulebooks
    except UnknownRelease:
        own = ()
    return load_all(beside_bundled(own)) if own else bundled()


def write_rules(connection: duckdb.DuckDBPyConnection, lake_root: Path, release: str) -> None:
    """Put the rules of this release where dbt reads them. Raises RulebookError."""
    tables = {
        "contact_rules": contact_rules(lake_root, release),
        "quality_form": form(lake_root, release),
    }
    for name, rows in tables.items():
        connection.register("rules", rows)
        connection.execute(f"CREATE OR REPLACE TABLE lake.{name} AS FROM rules")
        connection.unregister("rules")
