-- Grain: one row per agent and criterion that was assessed at least once.
with missed as (
    select
        quality.interaction_id,
        quality.criterion,
        quality.turn_no,
        said.redacted_text as said
    from {{ ref('fct_quality') }} as quality
    inner join {{ ref('stg_turns') }} as said
        on quality.interaction_id = said.interaction_id and quality.turn_no = said.turn_no
    where quality.outcome = 'not_met' and quality.agent_id is not null and said.role = 'customer'
),

-- The words that called for something say little alone: what was said, and what the agent answered.
exchanges as (
    select
        missed.interaction_id,
        missed.criterion,
        any_value(missed.said) as said,
        arg_min(answers.redacted_text, answers.turn_no) as answered
    from missed
    left join {{ ref('stg_turns') }} as answers
        on
            missed.interaction_id = answers.interaction_id
            and missed.turn_no < answers.turn_no
            and answers.role = 'agent'
    group by missed.interaction_id, missed.criterion
),

judged as (
    select
        quality.agent_id,
        quality.criterion,
        quality.title_en,
        quality.title_id,
        quality.weight,
        quality.outcome,
        quality.interaction_id,
        quality.started_at,
        coalesce(
            {{ shortened('exchanges.said') }} || ' -> ' || {{ shortened('exchanges.answered') }},
            quality.quote
        ) as quote
    from {{ ref('fct_quality') }} as quality
    left join exchanges
        on
            quality.interaction_id = exchanges.interaction_id
            and quality.criterion = exchanges.criterion
    where quality.agent_id is not null and quality.outcome <> 'not_applicable'
),

counted as (
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
    from judged
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
