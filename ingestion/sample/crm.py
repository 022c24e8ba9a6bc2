"""Writes what the CRM exports: customers and their update, subscriptions, orders, churn, surveys."""

import csv
import io
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.sample import company, identifiers, wording
from ingestion.sample.bank import Bank
from ingestion.sample.model import Conversation, Period
from ingestion.sample.people import Person
from ingestion.sample.sink import Sink

Row = dict[str, Any]
CUSTOMERS: Final = (
    "crm_id", "name", "phone", "email", "x_username", "segment", "city", "preferred_language",
    "birth_year", "signed_up_on", "marketing_consent", "consent_channels", "lifetime_value",
    "updated_at",
)  # fmt: skip
SUBSCRIPTIONS: Final = (
    "subscription_id", "crm_id", "product", "plan", "monthly_fee", "currency", "status",
    "started_on", "ended_on", "updated_at",
)  # fmt: skip
CHURN: Final = ("crm_id", "churned_on", "reason", "updated_at")
SURVEYS: Final = (
    "response_id", "crm_id", "interaction_ref", "survey_type", "score", "comment", "answered_at",
)  # fmt: skip


def write_crm(rng: Random, people: list[Person], period: Period, sink: Sink) -> None:
    """Add the CRM files; some rows come twice, as in real exports."""
    known = [person for person in people if person.crm_id]
    _silent_churn(rng, known, period)
    customers = [_customer(rng, person, period) for person in known]
    again = rng.sample(customers, max(2, len(customers) // 130))
    _csv(sink, "crm/customers.csv", CUSTOMERS, customers + again, repeated_rows=len(again))
    month = period.last.replace(day=1)
    changed = [_changed(rng, dict(row), month) for row in customers if rng.random() < 0.08]
    changed = changed or [_changed(rng, dict(customers[0]), month)]
    _csv(sink, f"crm/customers-{month}.csv", CUSTOMERS, changed, story="later partial update")
    subscriptions = [row for person in known for row in _subscriptions(rng, person, period)]
    _csv(sink, "crm/subscriptions.csv", SUBSCRIPTIONS, subscriptions)
    _orders(rng, known, period, sink)
    gone = [
        {
            "crm_id": person.crm_id, "churned_on": person.churned_on,
            "reason": person.churn_reason, "updated_at": _stamp(person.churned_on, 22),
        }
        for person in known if person.churned_on
    ]  # fmt: skip
    _csv(sink, "crm/churn_outcomes.csv", CHURN, gone)


def _csv(sink: Sink, name: str, columns: tuple[str, ...], rows: list[Row], **note: Any) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    sink.add(name, text.getvalue().encode(), payloads=len(rows), **note)


def _stamp(day: date, hour: int) -> str:
    return datetime(day.year, day.month, day.day, hour, 5, tzinfo=company.JAKARTA).isoformat()


def _silent_churn(rng: Random, known: list[Person], period: Period) -> None:
    for person in known:
        if person.churned_on is None and rng.random() < 0.02:
            person.churned_on = period.first + timedelta(days=rng.randrange(period.days))
            person.churn_reason = rng.choice(("moved", "price", "unknown"))


def _customer(rng: Random, person: Person, period: Period) -> Row:
    forms = identifiers.phone_forms(person.phone)
    consent = rng.random() < 0.62
    channels = [name for name in ("voice", "chat", "email") if consent and rng.random() < 0.6]
    signed = period.first - timedelta(days=rng.randrange(30, 2400))
    return {
        "crm_id": person.crm_id,
        "name": person.name if rng.random() < 0.85 else person.name.upper(),
        "phone": "" if rng.random() < 0.05 else rng.choice((forms[1], forms[4], forms[0], forms[3])),
        "email": person.crm_email or "",
        "x_username": person.x_username if person.x_username and rng.random() < 0.5 else "",
        "segment": rng.choices(("regular", "silver", "gold", "business"), (60, 22, 12, 6))[0],
        "city": person.city,
        "preferred_language": "en" if person.language == "en" else "id",
        "birth_year": person.birth.year,
        "signed_up_on": signed,
        "marketing_consent": "true" if consent else "false",
        "consent_channels": "|".join(channels),
        "lifetime_value": rng.randrange(100, 30_000) * 1000,
        "updated_at": _stamp(period.first, 3),
    }  # fmt: skip


def _changed(rng: Random, row: Row, month: date) -> Row:
    kind = rng.randrange(3)
    if kind == 0:
        row["city"] = rng.choice(company.CITIES)
    elif kind == 1:
        row["segment"] = "gold"
    else:
        row["marketing_consent"], row["consent_channels"] = "false", ""
    row["updated_at"] = _stamp(month, 3)
    return row


def _subscriptions(rng: Random, person: Person, period: Period) -> list[Row]:
    rows = []
    for at, product in enumerate(person.products):
        plan, fee = rng.choice(company.PLANS[product])
        started = period.first - timedelta(days=rng.randrange(20, 1800))
        ended = person.churned_on
        rows.append({
            "subscription_id": f"S-{person.number + 1:06d}-{at + 1}", "crm_id": person.crm_id,
            "product": product, "plan": plan, "monthly_fee": fee, "currency": "IDR",
            "status": "cancelled" if ended else "active", "started_on": started,
            "ended_on": ended or "",
            "updated_at": _stamp(ended or period.first, 4),
        })  # fmt: skip
    return rows


def _orders(rng: Random, known: list[Person], period: Period, sink: Sink) -> None:
    rows: list[Row] = []
    for person in known:
        for _ in range(rng.choice((0, 0, 1, 1, 2, 3, 5))):
            day = period.first + timedelta(days=rng.randrange(period.days))
            moment = datetime(day.year, day.month, day.day, rng.randrange(7, 23),
                              rng.randrange(60), tzinfo=company.JAKARTA)  # fmt: skip
            rows.append({
                "order_id": f"ORD{rng.randrange(1000000, 9999999)}-{len(rows)}",
                "crm_id": person.crm_id,
                "product": rng.choice(("shop", "shop", "mobile", "home")),
                "amount": float(rng.randrange(20, 3500) * 1000), "currency": "IDR",
                "status": rng.choices(("delivered", "shipped", "cancelled", "returned"),
                                      (70, 14, 11, 5))[0],
                "ordered_at": moment.isoformat(),
            })  # fmt: skip
    rows.append(dict(rows[0]))
    buffer = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows), buffer, compression="zstd")
    sink.add(
        "crm/orders.parquet", buffer.getvalue().to_pybytes(), payloads=len(rows), repeated_rows=1
    )


def write_surveys(rng: Random, bank: Bank, talks: list[Conversation], sink: Sink) -> None:
    """Add survey answers, one file a month; the score follows the mood of the end."""
    months: dict[str, list[Row]] = {}
    for talk in talks:
        if not talk.turns or talk.spec.channel == "social" or rng.random() > 0.27:
            continue
        row = _survey(rng, bank, talk)
        months.setdefault(row["answered_at"][:7], []).append(row)
    for month, rows in sorted(months.items()):
        rows.sort(key=lambda row: (row["answered_at"], row["response_id"]))
        again = rows[:: max(1, len(rows) // 2)][:2]
        _csv(sink, f"surveys/surveys-{month}.csv", SURVEYS, rows + again, repeated_rows=len(again))


def _survey(rng: Random, bank: Bank, talk: Conversation) -> Row:
    spec = talk.spec
    last = [turn for turn in talk.turns if turn.role == "customer"]
    mood = last[-1].sentiment if last else "neu"
    kind = rng.choices(("csat", "ces", "nps"), (60, 20, 20))[0]
    place = {"neg": 0, "neu": 1, "pos": 2}[mood or "neu"]
    ranges = {
        "csat": ((1, 2), (3, 4), (4, 5)),
        "ces": ((5, 7), (3, 5), (1, 3)),
        "nps": ((0, 5), (6, 8), (9, 10)),
    }[kind]
    language = "id" if spec.language == "mix" else spec.language
    comment = bank.line(f"customer.emotion_{mood}", language, rng) if rng.random() < 0.4 else ""
    answered = spec.start + timedelta(hours=rng.uniform(1, 40))
    return {
        "response_id": f"R-{spec.number:06d}", "crm_id": spec.person.crm_id or "",
        "interaction_ref": talk.natives[-1 if spec.channel != "voice" else 0],
        "survey_type": kind, "score": rng.randint(*ranges[place]),
        "comment": wording.expand(comment, rng).replace("{brand}", company.BRAND),
        "answered_at": answered.isoformat(timespec="seconds"),
    }  # fmt: skip
