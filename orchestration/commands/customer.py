"""`lakehouse customer`: one person's card and timeline, without clear personal data."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.commands.settings import settings_from

if TYPE_CHECKING:
    from warehouse.people import Card

_EVENTS = 15
_GROUPS = (
    ("who", ("segment", "city", "preferred_language", "preferred_channel", "consent_channels")),
    ("value", ("lifetime_value", "monthly_fee", "currency", "active_subscriptions", "orders_90d")),
    (
        "contacts",
        ("interactions_total", "interactions_90d", "last_interaction_at", "top_driver_90d"),
    ),
    ("effort", ("repeat_contacts_90d", "transfers_90d", "wait_seconds_mean_90d", "fcr_rate")),
    ("mood", ("sentiment_mean_90d", "sentiment_last", "csat_last", "nps_last", "ces_last")),
    ("asks", ("asks_human_90d", "human_not_honoured_90d", "complaints_90d", "open_follow_ups")),
    ("leaving", ("churn_level", "churn_score", "churn_reasons", "churned_on")),
    ("compliance", ("compliance_findings_90d",)),
)


def show_customer(key: str, *, lake: Path | None, as_json: bool) -> int:
    """Print the card of the person that `key` names; exit code 1 when there is none."""
    from orchestration.steps.deployment import Deployment
    from warehouse.people import card, persons_of
    from warehouse.query import QueryFailed

    settings = settings_from(lake)
    deployment = Deployment(settings)

    def key_of(handle_type: str, handle: str) -> str | None:
        keyed = deployment.key_of(handle_type, handle)
        return keyed.key if keyed else None

    persons = persons_of(deployment.lake, key_of, key)
    if not persons:
        sys.stderr.write("no person is known by this key\n")
        return 1
    try:
        cards = [
            card(deployment.published, person, timezone=settings.timezone, events=_EVENTS)
            for person in persons
        ]
    except QueryFailed as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    found = [one for one in cards if one is not None]
    if as_json:
        rows = [{"facts": one.facts, "timeline": one.timeline} for one in found]
        sys.stdout.write(json.dumps(rows, indent=2, default=str, ensure_ascii=False) + "\n")
    else:
        for one in found:
            _print(one)
    return 0 if found else 1


def _print(one: "Card") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(f"\n[bold]{one.person_id}[/] as of {one.facts['as_of_date']}")
    for title, columns in _GROUPS:
        known = [f"{name} {_text(one.facts.get(name))}" for name in columns if _known(one, name)]
        console.print(f"  {title:<11}", "; ".join(known) or "nothing known", markup=False)
    table = Table("when", "what", "summary", "quote")
    for event in one.timeline:
        when = event["event_at"].strftime("%Y-%m-%d %H:%M")
        table.add_row(when, event["title"], event["summary"] or "", event["quote"] or "")
    console.print(table)


def _known(one: "Card", name: str) -> bool:
    return one.facts.get(name) is not None


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return str(value)
