"""The alarm of emerging issues: its probability, and how often it rings when nothing happened."""

from datetime import date, timedelta

import duckdb
import jinja2
import numpy as np
import pyarrow as pa
import pytest
import yaml
from scipy.stats import binom, poisson
from small_lake import PROJECT

VARS = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())["vars"]
MACROS = "".join(
    (PROJECT / "macros" / f"{name}.sql").read_text() for name in ("mean", "rare_count")
)
MODEL = PROJECT / "models" / "marts" / "product" / "emerging_issues.sql"
FIRST = date(2026, 1, 5)


def rendered(text: str, **changed: float) -> str:
    """SQL of the project as dbt would render it, reading tables by their plain names."""
    template = jinja2.Environment().from_string(MACROS + text)
    return template.render(ref=lambda name: name, var=(VARS | changed).__getitem__)


@pytest.mark.parametrize(
    ("contacts", "total", "days"),
    [(0, 0, 8), (5, 0, 8), (5, 8, 8), (12, 31, 8), (3, 40, 4), (60, 240, 8), (900, 6400, 8)],
)
def test_the_chance_is_that_of_the_exact_test_of_two_counts(contacts, total, days):
    macro = rendered(f"{{{{ rare_count({contacts}, {total}, {days}) }}}}")
    ((found,),) = duckdb.sql(f"select {macro}").fetchall()
    exact = binom.sf(contacts - 1, contacts + total, 1 / (days + 1))
    assert found == pytest.approx(exact, abs=1e-9)


def alarms(
    rate: float,
    queues: int,
    days: int,
    seed: int,
    burst: int = 0,
    cut: str = "queue",
    **changed: float,
) -> tuple[int, int]:
    """Days that could be judged and alarms, of Poisson days of `queues` unrelated queues.

    With `cut` product the same contacts speak of as many products. `changed` are variables.
    """
    counts = np.random.default_rng(seed).poisson(rate, (queues, days))
    counts[0, -1] += burst
    queue, day = (np.repeat(axis.ravel(), counts.ravel()) for axis in np.indices(counts.shape))
    facts = pa.table(
        {
            "interaction_id": [f"i{number}" for number in range(len(day))],
            "business_date": [FIRST + timedelta(days=int(number)) for number in day],
            "person_id": pa.nulls(len(day), pa.string()),
            "primary_driver": ["outage"] * len(day),
            "sentiment_mean": pa.nulls(len(day), pa.float64()),
            "primary_driver_score": pa.nulls(len(day), pa.float64()),
            "quote": pa.nulls(len(day), pa.string()),
            "channel": pa.nulls(len(day), pa.string()),
            "campaign": pa.nulls(len(day), pa.string()),
            "queue": [f"q{number}" for number in queue],
        }
    )
    spoken = pa.table(
        {
            "annotation_id": facts["interaction_id"],
            "interaction_id": facts["interaction_id"],
            "family": ["feedback"] * len(day),
            "tag": [f"{name}.problem" for name in facts["queue"].to_pylist()],
            "role": ["customer"] * len(day),
            "score": [0.9] * len(day),
            "evidence": [""] * len(day),
        }
    )
    with duckdb.connect() as connection:
        connection.register("fct_interaction", facts)
        connection.register("fct_annotation", spoken if cut == "product" else spoken.slice(0, 0))
        sql = rendered(MODEL.read_text(), **changed)
        ((found,),) = connection.sql(
            f"select count(*) filter (where is_emerging) from ({sql}) where dimension = '{cut}'"
        ).fetchall()
    judged = queues * (days - 7 * VARS["emerging_least_weeks"])
    return judged, int(found)


ALONE = {"emerging_false_alarms_a_day": 1000}
"""Every series rings for itself, as if there were no others."""


def test_false_alarms_stay_near_the_nominal_rate():
    judged, rung = alarms(rate=20, queues=120, days=105, seed=7, **ALONE)
    nominal = VARS["emerging_chance"]
    # Counts are whole, so the rate lies a little below the nominal one.
    assert 0.4 * nominal < rung / judged <= 1.3 * nominal


def test_rare_contacts_alarm_less_often_still():
    judged, rung = alarms(rate=1.5, queues=300, days=105, seed=7, **ALONE)
    assert rung / judged <= VARS["emerging_chance"]


def test_many_series_share_the_false_alarms_of_a_day():
    """300 products for 42 days: alone they would ring about seven times, together hardly ever."""
    _, alone = alarms(rate=5, queues=300, days=70, seed=11, cut="product", **ALONE)
    _, together = alarms(rate=5, queues=300, days=70, seed=11, cut="product")
    most = VARS["emerging_false_alarms_a_day"] * 42
    assert together <= poisson.isf(0.01, most) < alone
    _, loud = alarms(rate=5, queues=300, days=70, seed=11, burst=25, cut="product")
    assert loud == together + 1


def test_a_real_burst_rings():
    _, quiet = alarms(rate=3, queues=1, days=64, seed=3)
    _, loud = alarms(rate=3, queues=1, days=64, seed=3, burst=12)
    assert loud == quiet + 1
