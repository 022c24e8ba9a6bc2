"""Errors that a user can do something about, in one line instead of a traceback.

Messages of engines are not repeated: they may quote the content of a table.
"""


def in_words(error: Exception) -> str | None:
    """What is wrong and what to do; None for an error that nobody expected."""
    from ingestion.mappings.nodes import MappingError
    from warehouse.delta import Lake
    from warehouse.keys import KeyFileError
    from warehouse.manifest import DamagedTable
    from warehouse.settings import SettingProblem
    from warehouse.snapshot import DamagedSnapshot

    if isinstance(error, KeyFileError):
        return f"{error}; `lakehouse doctor` names the file"
    if isinstance(error, SettingProblem):
        return str(error)
    if isinstance(error, MappingError):
        return f"mapping {error}; `lakehouse mapping check` reads them all"
    if isinstance(error, DamagedTable | DamagedSnapshot):
        return f"{error}; `lakehouse verify` says what to do"
    if isinstance(error, OSError):
        place = f": {error.filename}" if error.filename else ""
        return f"{error.strerror or type(error).__name__}{place}; `lakehouse doctor` checks folders"
    if isinstance(error, Lake.LIBRARY_ERROR) or _of_engine(error):
        return "a file of the lake cannot be read; `lakehouse verify` says which and what to do"
    return None


def _of_engine(error: Exception) -> bool:
    import duckdb
    import pyarrow as pa

    return isinstance(error, duckdb.Error | pa.ArrowException)
