-- Grain: one row per interaction.
select
    interaction_id,
    {{ share_met('machine_outcome') }} as machine_score,
    {{ share_met('outcome') }} as score,
    count(*) filter (where outcome = 'met') as met,
    count(*) filter (where outcome = 'not_met') as not_met,
    count(*) filter (where outcome = 'not_applicable') as not_applicable,
    count(human_outcome) as overridden,
    string_agg(criterion, '; ' order by weight desc, criterion) filter (where outcome = 'not_met')
        as missed,
    any_value(agent_id) as agent_id,
    any_value(channel) as channel,
    any_value(language) as language,
    any_value(business_date) as business_date
from {{ ref('fct_quality') }}
group by interaction_id
