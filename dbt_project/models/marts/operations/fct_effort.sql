-- Grain: one row per interaction and reason for effort.
select
    efforts.interaction_id,
    efforts.reason,
    efforts.source,
    efforts.occurrences,
    efforts.points,
    efforts.turn_no,
    efforts.quote,
    efforts.detail,
    interactions.person_id,
    interactions.channel,
    interactions.language,
    interactions.primary_driver,
    interactions.business_date
from {{ ref('int_effort') }} as efforts
inner join {{ ref('fct_interaction') }} as interactions
    on efforts.interaction_id = interactions.interaction_id
