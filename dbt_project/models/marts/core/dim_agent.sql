-- Grain: one row per agent who handled an interaction.
select
    agent_id,
    count(*) as interactions,
    min(business_date) as first_seen,
    max(business_date) as last_seen,
    string_agg(distinct channel, ', ' order by channel) as channels
from {{ ref('fct_interaction') }}
where agent_id is not null
group by agent_id
