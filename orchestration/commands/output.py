"""What commands print: cells without markup or control characters, tables that fit, JSON values.

Texts of customers reach the terminal here; what is asked of the lake belongs to the commands.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

# Escape sequences in a customer's text could rewrite the screen or the window title.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_NARROW = 6


def plain(value: Any) -> str:
    """A value as text for a terminal; nothing for NULL."""
    return "" if value is None else _CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(value))


def cell(value: Any) -> "Text":
    """A table cell that shows square brackets as they are."""
    from rich.text import Text

    return Text(plain(value))


def console() -> "Console":
    """The terminal, its numbers and paths not coloured."""
    from rich.console import Console

    return Console(highlight=False)


def json_value(value: Any) -> Any:
    """For `json.dumps(default=...)`: times as ISO 8601, whole decimals as whole numbers."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def print_rows(
    names: Sequence[str], rows: Sequence[Mapping[str, Any]], *, numeric: frozenset[str]
) -> None:
    """A table; where the terminal is too narrow for many columns, one block for each row.

    Into a file or a pipe the table is as wide as it must be.
    """
    from rich.table import Table

    table = Table()
    for name in names:
        table.add_column(cell(name), justify="right" if name in numeric else "left")
    for row in rows:
        table.add_row(*(cell(row[name]) for name in names))
    out = console()
    needed = out.measure(table, options=out.options.update(max_width=1_000_000)).maximum
    if not out.is_terminal:
        out.width = max(needed, out.width)
    if needed <= out.width or len(names) <= _NARROW:
        out.print(table)
    else:
        _print_blocks(out, names, rows)
    if not rows:
        out.print("no rows")


def _print_blocks(out: "Console", names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    from rich.table import Table

    for number, row in enumerate(rows, start=1):
        out.print(f"row {number}", style="bold")
        block = Table.grid(padding=(0, 2))
        for name in names:
            block.add_row(cell(f"  {name}"), cell(row[name]))
        out.print(block)
