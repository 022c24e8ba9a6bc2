-- Grain: one row per interaction and reason for effort.
with said as (
    select
        interaction_id,
        split_part(tag, '.', 1) as reason,
        count(*) as occurrences,
        min(turn_no) as turn_no,
        arg_min(evidence, (turn_no, char_start, tag)) as quote
    from {{ ref('fct_annotation') }}
    where family = 'effort' and not starts_with(tag, 'first_given.')
    group by interaction_id, split_part(tag, '.', 1)
),

repeated as (
    select
        interaction_id,
        previous_interaction_id,
        is_channel_hop
    from {{ ref('int_repeat_contacts') }}
    where is_repeat_contact
),

behaved as (
    select
        interaction_id,
        'repeat_contact' as reason,
        1 as occurrences,
        'after ' || previous_interaction_id as detail
    from repeated
    union all
    select
        interaction_id,
        'channel_hop' as reason,
        1 as occurrences,
        'after ' || previous_interaction_id as detail
    from repeated
    where is_channel_hop
    union all
    select
        interaction_id,
        'waited' as reason,
        1 as occurrences,
        'wait_seconds = ' || cast(round(wait_seconds, 1) as varchar) as detail
    from {{ ref('stg_interactions') }}
    where wait_seconds >= {{ var('effort_wait_seconds') }}
    union all
    select
        interaction_id,
        'transferred' as reason,
        transfers as occurrences,
        'transfers = ' || cast(transfers as varchar) as detail
    from {{ ref('stg_interactions') }}
    where transfers > 0
),

signs as (
    select
        interaction_id,
        reason,
        occurrences,
        turn_no,
        quote,
        cast(null as varchar) as detail
    from said
    union all
    select
        interaction_id,
        reason,
        occurrences,
        cast(null as integer) as turn_no,
        cast(null as varchar) as quote,
        detail
    from behaved
)

select
    signs.interaction_id,
    signs.reason,
    weights.source,
    cast(signs.occurrences as bigint) as occurrences,
    round(least(signs.occurrences * weights.weight_each, weights.weight_most), 6) as points,
    signs.turn_no,
    signs.quote,
    signs.detail
from signs
inner join {{ ref('effort_weights') }} as weights on signs.reason = weights.reason
