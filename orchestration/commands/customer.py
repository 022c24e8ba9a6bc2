"""`lakehouse customer`: one person's card and timeline, without clear personal data."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.commands.output import cell, console, json_value, plain
from orchestration.commands.settings import lake_is_missing, settings_from

if TYPE_CHECKING:
    from orchestration.steps.deployment import Deployment
    from warehouse.people import Card

_EVENTS = 15
_GROUPS = (
    (
        "who",
        (
            "segment",
            "city",
            "preferred_language",
            "preferred_channel",
            "consent_marketing",
            "consent_channels",
        ),
    ),
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
    from warehouse.people import card
    from warehouse.query import QueryFailed

    settings = settings_from(lake)
    if lake_is_missing(settings):
        return 1
    deployment = Deployment(settings)
    persons = _persons(deployment, key)
    if not persons:
        sys.stderr.write(f"no person is known by this key{_advice(deployment)}\n")
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
    if not found:
        sys.stderr.write("the person is not in the published marts yet; run `lakehouse run`\n")
        return 1
    _show(found, settings.timezone, as_json=as_json)
    return 0


def _persons(deployment: "Deployment", key: str) -> list[str]:
    """Person ids behind any spelling of a handle. A question never makes a new secret."""
    from warehouse.people import persons_of

    has_key = deployment.settings.key_file.exists()

    def key_of(handle_type: str, handle: str) -> str | None:
        keyed = deployment.key_of(handle_type, handle) if has_key else None
        return keyed.key if keyed else None

    return persons_of(deployment.lake, key_of, key)


def _advice(deployment: "Deployment") -> str:
    key_file = deployment.settings.key_file
    if not key_file.exists():
        return f"; without the key file {key_file} only person ids can be found"
    return "; give a person id, customer id, e-mail, phone number or handle"


def _show(found: Sequence["Card"], timezone: str, *, as_json: bool) -> None:
    if as_json:
        rows = [{"facts": one.facts, "timeline": one.timeline} for one in found]
        text = json.dumps(rows, indent=2, default=json_value, ensure_ascii=False)
        sys.stdout.write(text + "\n")
        return
    if len(found) > 1:
        sys.stdout.write(f"{len(found)} persons share this key\n")
    for one in found:
        _print(one, timezone)


def _print(one: "Card", timezone: str) -> None:
    from rich.table import Table

    out = console()
    out.print(f"\n[bold]{one.person_id}[/] as of {one.facts['as_of_date']}")
    facts = Table.grid(padding=(0, 2))
    for title, columns in _GROUPS:
        known = (
            f"{name} {_text(one.facts[name])}"
            for name in columns
            if one.facts.get(name) is not None
        )
        facts.add_row(cell(f"  {title}"), cell(" · ".join(known) or "nothing known"))
    out.print(facts)
    timeline = Table(title=f"Newest events, times in {timezone}", title_justify="left")
    timeline.add_column("when", no_wrap=True)
    for name in ("what", "summary", "quote"):
        timeline.add_column(name)
    for event in one.timeline:
        when = event["event_at"].strftime("%Y-%m-%d %H:%M")
        texts = (event["title"], event["summary"], event["quote"])
        timeline.add_row(when, *map(cell, texts))
    out.print(timeline)
    out.print(
        f"Where a figure comes from: lakehouse trace customer_360 {one.person_id} churn_level",
        soft_wrap=True,
    )


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if hasattr(value, "strftime") and hasattr(value, "hour"):
        return str(value.strftime("%Y-%m-%d %H:%M"))
    return plain(value)
