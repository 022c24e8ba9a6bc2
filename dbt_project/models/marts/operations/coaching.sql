-- Grain: one row per agent and criterion that was assessed at least once.
with counted as (
    select
        agent_id,
        criterion,
        any_value(title_en) as title_en,
        any_value(title_id) as title_id,
        max(weight) as weight,
        count(*) as assessed,
        count(*) filter (where outcome = 'not_met') as missed,
        list(quote order by started_at desc, interaction_id) filter (
            where outcome = 'not_met' and quote is not null
        ) as quotes,
        list(interaction_id order by started_at desc, interaction_id) filter (
            where outcome = 'not_met' and quote is not null
        ) as interaction_ids
    from {{ ref('fct_quality') }}
    where agent_id is not null and outcome <> 'not_applicable'
    group by agent_id, criterion
)

select
    agent_id,
    criterion,
    title_en,
    title_id,
    assessed,
    missed,
    -- A rate over a handful of contacts judges chance, not a person.
    case when assessed >= {{ var('coaching_floor') }} then round(missed / assessed, 6) end
        as missed_rate,
    case
        when assessed >= {{ var('coaching_floor') }} then round(weight * missed / assessed, 6)
    end as priority,
    coalesce(quotes[1:3], cast([] as varchar[])) as newest_quotes,
    coalesce(interaction_ids[1:3], cast([] as varchar[])) as newest_interaction_ids
from counted
