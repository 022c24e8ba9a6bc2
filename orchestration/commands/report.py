"""What a run leaves behind, in tables: coverage per kind of file, what waits, rows per table, what next."""

from typing import Any

from orchestration.commands.waiting import summary, waiting_facts
from orchestration.steps.deployment import Deployment
from warehouse.catalog import TABLES
from warehouse.checks import row_count
from warehouse.publish import current
from warehouse.readings import coverage as coverage_rows
from warehouse.readings import rejects
from warehouse.settings import Settings

_COUNTS = ("received", "accepted", "duplicates", "rejected")


def state_of(settings: Settings) -> dict[str, Any]:
    """Versions of all tables and the published file: equal before and after means no work."""
    deployment = Deployment(settings)
    versions: dict[str, Any] = {name: deployment.lake.version(name) for name in TABLES}
    return versions | {"published": current(deployment.published)}


def account(settings: Settings) -> dict[str, Any]:
    """Coverage by connector as it counts now, over the whole history; what waits; rows per table."""
    deployment = Deployment(settings)
    lake = deployment.lake
    rows = coverage_rows(lake)
    reasons: dict[str, dict[str, int]] = {}
    for reject in rejects(lake):
        by_reason = reasons.setdefault(reject["connector"], {})
        by_reason[reject["reason"]] = by_reason.get(reject["reason"], 0) + 1
    coverage = [
        {
            "kind": kind,
            "files": sum(row["connector"] == kind for row in rows),
            **{
                name: sum(row[name] for row in rows if row["connector"] == kind) for name in _COUNTS
            },
            "reasons": reasons.get(kind, {}),
        }
        for kind in sorted({row["connector"] for row in rows})
    ]
    return {
        "coverage": coverage,
        "waiting": waiting_facts(lake),
        "tables": {name: row_count(lake, name) for name in TABLES},
        "marts": _mart_rows(deployment),
    }


def _mart_rows(deployment: Deployment) -> dict[str, int]:
    """Rows of the published marts; empty before the first publication."""
    from warehouse.query import run

    if current(deployment.published) is None:
        return {}
    tables = run(
        deployment.published,
        "select table_name from information_schema.tables where table_schema = 'marts' order by 1",
    )
    names = tables["table_name"].to_pylist()
    counts = {}
    for name in names:
        rows = run(deployment.published, f'select count(*) as n from marts."{name}"')
        counts[name] = int(rows["n"][0].as_py())
    return counts


def print_account(settings: Settings, facts: dict[str, Any]) -> None:
    """For people: two tables and the next things to try."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(title="Coverage: received = accepted + duplicates + rejected")
    table.add_column("kind of file")
    for name in ("files", *_COUNTS):
        table.add_column(name, justify="right")
    for row in facts["coverage"]:
        table.add_row(row["kind"], *(f"{row[name]:,}" for name in ("files", *_COUNTS)))
    console.print(table)
    _print_reasons(console, facts)
    _print_rows(console, facts)
    if facts["failures"]:
        for name in facts["failures"]:
            reason = facts["reasons"][name]
            console.print("failed:", style="bold red", end=" ")
            console.print(f"{name}\n    {reason}", markup=False, highlight=False, soft_wrap=True)
        return
    console.print(f"Done in {facts['seconds']} s. {_news(facts)}".rstrip())
    _print_next(console, settings)


def _print_reasons(console: Any, facts: dict[str, Any]) -> None:
    for row in facts["coverage"]:
        reasons = sorted(row["reasons"].items(), key=lambda item: (-item[1], item[0]))
        listed = ", ".join(f"{reason} {count:,}" for reason, count in reasons)
        if listed:
            console.print(f"  rejected {row['kind']}: {listed}", highlight=False, soft_wrap=True)
    # A status or a name without a message may be all there is; `lakehouse rejects` lists them.
    for line in summary([file for file in facts["waiting"] if file["waits_for"] == "date"]):
        console.print(f"  {line}", highlight=False, soft_wrap=True)
    console.print("  `lakehouse rejects` names every place\n", highlight=False)


def _news(facts: dict[str, Any]) -> str:
    return "" if facts["work"] else "Nothing was new; no work was done twice."


def _print_rows(console: Any, facts: dict[str, Any]) -> None:
    from rich.table import Table

    table = Table(title="Rows per table")
    table.add_column("lake")
    table.add_column("rows", justify="right")
    table.add_column("published")
    table.add_column("rows", justify="right")
    lake = [(name, f"{rows:,}") for name, rows in facts["tables"].items()]
    marts = [(f"marts.{name}", f"{rows:,}") for name, rows in facts["marts"].items()]
    for index in range(max(len(lake), len(marts))):
        left = lake[index] if index < len(lake) else ("", "")
        right = marts[index] if index < len(marts) else ("", "")
        table.add_row(*left, *right)
    console.print(table)


def _print_next(console: Any, settings: Settings) -> None:
    from warehouse.query import run

    published = Deployment(settings).published
    persons = run(
        published, "select person_id from marts.churn_watchlist order by churn_score desc limit 1"
    )
    person = persons["person_id"][0].as_py() if persons.num_rows else "KEY"
    console.print(
        "\nTry next (activate with `. .venv/bin/activate`, or put .venv/bin/ before the command):\n"
        '  lakehouse query "select driver, sum(interactions) as n from marts.contact_drivers_daily'
        ' group by all order by n desc"\n'
        f"  lakehouse customer {person}\n"
        f"  lakehouse trace customer_360 {person} churn_level\n"
        "  make ui        # Dagster on http://localhost:3000",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
