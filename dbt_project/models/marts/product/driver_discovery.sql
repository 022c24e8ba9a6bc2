-- Grain: one row per week and topic that no driver names.
with topics as (
    select
        *,
        min(week) over (partition by cluster_id) as first_week,
        sum(interactions) over (partition by cluster_id) as all_interactions,
        lag(interactions) over (partition by cluster_id order by week) as last_interactions,
        lag(week) over (partition by cluster_id order by week) as last_week
    from {{ ref('stg_text_clusters') }}
    where kind = 'topic'
)

select
    week,
    cluster_id as topic_id,
    name,
    array_to_string(phrases, ' / ') as phrases,
    interactions,
    -- A week without the topic is a zero, not a gap.
    cast(case when last_week = week - 7 then last_interactions else 0 end as bigint)
        as week_before,
    first_week,
    drivers[1] as likeliest_driver,
    array_to_string(examples, ' | ') as examples,
    example_interaction_ids[1] as example_interaction_id
from topics
where all_interactions >= {{ var('topic_least_contacts') }}
