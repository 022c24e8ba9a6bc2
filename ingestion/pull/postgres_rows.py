"""Rows of a PostgreSQL query as a Parquet file: columns by name, types kept.

Numbers stay numbers, decimals keep their digits, times keep whether they have a zone. What
Parquet has no type for becomes the text that PostgreSQL shows.
"""

import io
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

TIME_WITHOUT_ZONE = 1114
_TYPES: dict[int, Callable[[], Any]] = {
    16: pa.bool_,
    20: pa.int64,
    21: pa.int64,
    23: pa.int64,
    700: pa.float64,
    701: pa.float64,
    1082: pa.date32,
    TIME_WITHOUT_ZONE: lambda: pa.timestamp("us"),
    1184: lambda: pa.timestamp("us", tz="UTC"),
}
_NUMERIC = 1700
_DIGITS = 38


def parquet(cursor: Any, rows: Sequence[Sequence[Any]]) -> bytes:
    """The rows that a psycopg cursor gave, as one file; equal rows give equal bytes."""
    arrays, names = [], []
    for index, column in enumerate(cursor.description):
        names.append(column.name)
        arrays.append(_array(column.type_code, [row[index] for row in rows]))
    table = pa.table(arrays, names=names)
    target = io.BytesIO()
    pq.write_table(table, target, compression="zstd", write_statistics=False)
    return target.getvalue()


def _array(code: int, values: list[Any]) -> Any:
    if code in _TYPES:
        return pa.array(values, _TYPES[code]())
    if code == _NUMERIC:
        return _decimals(values)
    return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _decimals(values: list[Decimal | None]) -> Any:
    filled = [value for value in values if value is not None]
    if not filled or not all(value.is_finite() for value in filled):
        return pa.array([None if v is None else str(v) for v in values], pa.string())
    scale = max(max(-int(value.as_tuple().exponent), 0) for value in filled)
    whole = max(value.adjusted() + 1 if value else 1 for value in filled)
    if max(whole, 1) + scale > _DIGITS:
        return pa.array([None if v is None else str(v) for v in values], pa.string())
    return pa.array(values, pa.decimal128(_DIGITS, scale))


def _text(value: Any) -> str:
    return value.hex() if isinstance(value, bytes | memoryview) else str(value)
