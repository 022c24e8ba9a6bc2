"""How `lakehouse diff` shows its findings: tags, who is concerned, words, figures."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from orchestration.commands.output import console, plain, print_rows

if TYPE_CHECKING:
    from warehouse.mart_diff import Figure
    from warehouse.release_diff import ReleaseDiff

_COUNTS = ("gained", "lost", "changed", "kept")
_MOST = 12


def print_diff(tags: "ReleaseDiff", figures: "Sequence[Figure] | None") -> None:
    """Print everything; `figures` None means that the marts were not compared."""
    out = console()
    out.print(f"release {tags.b} beside {tags.a}", style="bold")
    if tags.same:
        out.print("every tag is the same")
    else:
        _print_counts("by tag", ("family", "tag"), tags.tags)
        _print_counts("by driver of the contact", ("driver",), tags.drivers)
        _print_counts("by agent of the contact", ("agent_id",), tags.agents)
        out.print("\nwords behind the differences", style="bold")
        for quote in tags.quotes:
            out.print(plain(_quoted(quote)), markup=False, soft_wrap=True)
    if figures is not None:
        _print_figures(figures)


def _print_counts(title: str, keys: tuple[str, ...], rows: Sequence[dict[str, Any]]) -> None:
    out = console()
    out.print(f"\n{title}", style="bold")
    shown = [row | {name: f"{row[name]:,}" for name in _COUNTS} for row in rows[:_MOST]]
    print_rows([*keys, *_COUNTS], shown, numeric=frozenset(_COUNTS))
    if len(rows) > _MOST:
        out.print(f"... and {len(rows) - _MOST:,} more; --json shows all")


def _quoted(quote: dict[str, Any]) -> str:
    tag = quote["tag_after"] or quote["tag_before"]
    if quote["tag_before"] and quote["tag_after"] and quote["tag_before"] != quote["tag_after"]:
        tag = f"{quote['tag_before']} -> {quote['tag_after']}"
    place = f"{quote['interaction_id']} turn {quote['turn_no']}"
    return f'  {quote["change"]:<8} {quote["family"]} {tag}: "{quote["quote"]}" ({place})'


def _print_figures(figures: "Sequence[Figure]") -> None:
    out = console()
    out.print(f"\n{len(figures):,} published figures would change", style="bold")
    if not figures:
        return
    rows = [
        {
            "mart": figure.mart,
            "figure": f"{figure.column} {figure.measure}".strip(),
            "before": _number(figure.before),
            "after": _number(figure.after),
        }
        for figure in figures
    ]
    print_rows(["mart", "figure", "before", "after"], rows, numeric=frozenset({"before", "after"}))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.4f}".rstrip("0").rstrip(".")
