"""What two releases of the taggers say differently about the same conversations.

Tags are compared where they stand: by interaction, turn and family, and by tag where a turn may
carry several of a family. A criterion of the quality form is judged once an interaction, so it is
compared by interaction wherever its words stand. Reads one pinned snapshot; writes nothing. What the differences do to
the marts belongs to `mart_diff`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from warehouse.delta import Lake
from warehouse.snapshot import Snapshot, attach
from warehouse.sql import literal

ONE_PER_TURN: Final = ("language", "sentiment", "churn")
"""Families of which a turn carries at most one tag: another tag there is a change of answer."""

_COMPARED = """
create temp table compared as
with said as (
    select
        release,
        interaction_id,
        case when family = 'quality' then -1 else turn_no end as place,
        min(turn_no) as turn_no,
        family,
        case
            when family in ({single}) then ''
            when family = 'quality' then split_part(tag, '.', 1)
            else tag
        end as slot,
        string_agg(distinct tag, ', ' order by tag) as tag,
        list(evidence order by char_start, char_end) as quotes
    from lake.annotations
    where release in ({a}, {b})
    group by all
),
answers as (
    select
        interaction_id,
        coalesce(after.turn_no, before.turn_no) as turn_no,
        coalesce(before.family, after.family) as family,
        before.tag as tag_before,
        after.tag as tag_after,
        before.quotes as quotes_before,
        after.quotes as quotes_after
    from (from said where release = {a}) as before
    full outer join (from said where release = {b}) as after
        using (interaction_id, place, family, slot)
),
drivers as (
    -- What the contact is first about; `other` only when it is about nothing else.
    select
        interaction_id,
        coalesce(
            arg_min(tag, (turn_no, -score, tag)) filter (where tag <> 'other'), 'other'
        ) as driver
    from lake.annotations
    where release = {a} and family = 'driver'
    group by all
)
select
    answers.*,
    case
        when tag_before is null then 'gained'
        when tag_after is null then 'lost'
        when tag_before <> tag_after or quotes_before <> quotes_after then 'changed'
        else 'kept'
    end as change,
    drivers.driver,
    interactions.agent_id
from answers
left join drivers using (interaction_id)
left join lake.interactions as interactions using (interaction_id)
"""
_COUNTS = """
    count(*) filter (where change = 'gained') as gained,
    count(*) filter (where change = 'lost') as lost,
    count(*) filter (where change = 'changed') as changed,
    count(*) filter (where change = 'kept') as kept
"""
_BY = {
    "tags": ("family", "coalesce(tag_after, tag_before) as tag"),
    "drivers": ("coalesce(driver, 'none') as driver",),
    "agents": ("coalesce(agent_id, 'none') as agent_id",),
}
_QUOTES = """
select
    change,
    family,
    tag_before,
    tag_after,
    interaction_id,
    turn_no,
    driver,
    agent_id,
    coalesce(quotes_after, quotes_before)[1] as quote
from compared
where change <> 'kept'
qualify row_number() over (
    partition by change, family, tag_before, tag_after order by interaction_id, turn_no
) <= {quotes}
order by family, coalesce(tag_after, tag_before), change, interaction_id, turn_no
"""


@dataclass(frozen=True)
class ReleaseDiff:
    """Counts of gained, lost, changed and kept tags, and some of the words behind them.

    `tags`, `drivers` and `agents` hold only groups in which something differs. The driver is the
    contact's first one under release `a`.
    """

    a: str
    b: str
    tags: Sequence[dict[str, Any]]
    drivers: Sequence[dict[str, Any]]
    agents: Sequence[dict[str, Any]]
    quotes: Sequence[dict[str, Any]]

    @property
    def same(self) -> bool:
        """Whether both releases say the same everywhere."""
        return not self.tags


def release_diff(lake: Lake, snapshot: Snapshot, a: str, b: str, *, quotes: int) -> ReleaseDiff:
    """Compare two releases; at most `quotes` places per kind of difference."""
    with duckdb.connect() as connection:
        attach(connection, lake, snapshot)
        single = ", ".join(map(literal, ONE_PER_TURN))
        connection.execute(_COMPARED.format(single=single, a=literal(a), b=literal(b)))
        groups = {name: _grouped(connection, keys) for name, keys in _BY.items()}
        found = _rows(connection, _QUOTES.format(quotes=int(quotes)))
    return ReleaseDiff(a, b, quotes=found, **groups)


def _grouped(connection: duckdb.DuckDBPyConnection, keys: Sequence[str]) -> list[dict[str, Any]]:
    places = range(1, len(keys) + 1)
    return _rows(
        connection,
        f"select {', '.join(keys)}, {_COUNTS} from compared group by all"
        " having gained + lost + changed > 0"
        f" order by gained + lost + changed desc, {', '.join(map(str, places))}",
    )


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
