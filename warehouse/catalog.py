"""Every table of the lake by name. The definitions lie in `warehouse/tables`, one file a layer.

Public marts are not listed: their columns are declared and documented in the dbt project.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from warehouse.tables import bronze, customers, interactions, recordings, waiting
from warehouse.tables.definition import Table

__all__ = ["TABLES", "Table", "table"]

TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {
        definition.name: definition
        for definition in (
            *bronze.TABLES,
            *interactions.TABLES,
            *recordings.TABLES,
            *waiting.TABLES,
            *customers.TABLES,
        )
    }
)


def table(name: str) -> Table:
    """The definition of `name`, for example "silver.turns"; KeyError lists the known names."""
    try:
        return TABLES[name]
    except KeyError:
        raise KeyError(f"unknown table {name!r}; known: {', '.join(sorted(TABLES))}") from None
