"""Gold: copies of public marts. Their columns are declared and explained in the dbt project."""

import pyarrow as pa

from warehouse.tables.definition import Table


def public_mart(name: str, schema: pa.Schema) -> Table:
    """The definition of a mart's copy, with the columns that the mart has."""
    return Table(
        name=name,
        schema=schema,
        key=(),
        grain="As the mart of the same name states.",
        owner="analytics",
        pii="pseudonymous",
        description="Copy of the mart of the same name for readers without DuckDB.",
        column_descriptions={},
        unindexed=frozenset(schema.names),
    )
