-- Grain: one row per interaction that has tags in the promoted release.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_changed_dates() }}"
) }}

with turns as (
    select
        interaction_id,
        turn_no,
        role
    from {{ ref('stg_turns') }}
    where {{ in_changed_dates() }}
),

tags as (
    select
        annotations.interaction_id,
        annotations.event_date,
        annotations.release,
        annotations.turn_no,
        annotations.family,
        annotations.tag,
        annotations.score,
        annotations.evidence,
        turns.role
    from {{ ref('stg_annotations') }} as annotations
    left join turns
        on
            annotations.interaction_id = turns.interaction_id
            and annotations.turn_no = turns.turn_no
    where {{ in_changed_dates('annotations.event_date') }}
),

languages as (
    select
        interaction_id,
        tag as language,
        -- `other` wins only alone: it also stands for turns too short to tell.
        row_number() over (
            partition by interaction_id
            order by tag = 'other', count(*) desc, round(fsum(score), 6) desc, tag
        ) as place
    from tags
    where family = 'language' and role = 'customer'
    group by interaction_id, tag
),

turn_sentiments as (
    select
        interaction_id,
        role,
        turn_no,
        arg_max(tag, (score, tag)) as sentiment,
        {{ mean("case tag when 'pos' then score when 'neg' then -score else 0 end") }} as valence
    from tags
    where family = 'sentiment' and role in ('customer', 'agent')
    group by interaction_id, role, turn_no
),

sentiments as (
    select
        interaction_id,
        role,
        arg_min(sentiment, turn_no) as sentiment_begin,
        arg_max(sentiment, turn_no) as sentiment_end,
        -- One turn shows a mood, not a change of mood.
        case
            when count(*) > 1
                then round(arg_max(valence, turn_no) - arg_min(valence, turn_no), 6)
        end as sentiment_shift,
        {{ mean('valence') }} as sentiment_mean
    from turn_sentiments
    group by interaction_id, role
),

driver_places as (
    select
        interaction_id,
        tag as driver,
        max(score) as driver_score,
        arg_max(evidence, (score, -turn_no, evidence)) as driver_evidence,
        row_number() over (
            partition by interaction_id
            -- People say first why they are here, and thank last whatever it was about.
            order by
                tag = 'other',
                tag = 'praise_thanks',
                round(fsum(score / (1 + turn_no)), 6) desc,
                max(score) desc,
                min(turn_no),
                tag
        ) as place
    from tags
    where family = 'driver' and role = 'customer'
    group by interaction_id, tag
),

drivers as (
    select
        interaction_id,
        max(driver) filter (where place = 1) as primary_driver,
        max(driver_score) filter (where place = 1) as primary_driver_score,
        max(driver_evidence) filter (where place = 1) as primary_driver_evidence,
        max(driver) filter (where place = 2 and driver <> 'other') as secondary_driver
    from driver_places
    group by interaction_id
),

signals as (
    select
        interaction_id,
        max(event_date) as event_date,
        max(release) as release,
        bool_or(family = 'churn' and tag = 'explicit' and role = 'customer') as churn_explicit,
        bool_or(family = 'churn' and tag = 'implied' and role = 'customer') as churn_implied,
        max(score) filter (
            where family = 'churn' and tag in ('implied', 'explicit') and role = 'customer'
        ) as churn_score,
        arg_max(evidence, (tag = 'explicit', score, -turn_no, evidence)) filter (
            where family = 'churn' and tag in ('implied', 'explicit') and role = 'customer'
        ) as churn_evidence,
        -- Agents promise follow-ups as often as customers ask for them.
        bool_or(family = 'flag' and tag = 'follow_up') as follow_up,
        bool_or(family = 'flag' and tag = 'asks_human' and role = 'customer') as asked_human,
        bool_or(family = 'flag' and tag = 'purchase_intent' and role = 'customer')
            as purchase_intent,
        bool_or(family = 'flag' and tag = 'complaint' and role = 'customer') as complaint,
        min(turn_no) filter (
            where family = 'flag' and tag = 'asks_human' and role = 'customer'
        ) as asked_human_turn,
        count(*) filter (where family = 'compliance') as compliance_findings
    from tags
    group by interaction_id
),

answers as (
    select
        signals.interaction_id,
        min(turns.turn_no) as human_turn
    from signals
    inner join turns
        on
            signals.interaction_id = turns.interaction_id
            and turns.turn_no > signals.asked_human_turn
            and turns.role = 'agent'
    group by signals.interaction_id
)

select
    signals.interaction_id,
    signals.event_date,
    signals.release,
    languages.language,
    sentiments.sentiment_begin,
    sentiments.sentiment_end,
    sentiments.sentiment_shift,
    sentiments.sentiment_mean,
    agent_sentiments.sentiment_begin as agent_sentiment_begin,
    agent_sentiments.sentiment_end as agent_sentiment_end,
    agent_sentiments.sentiment_shift as agent_sentiment_shift,
    agent_sentiments.sentiment_mean as agent_sentiment_mean,
    drivers.primary_driver,
    drivers.primary_driver_score,
    drivers.primary_driver_evidence,
    drivers.secondary_driver,
    case
        when signals.churn_explicit then 'explicit'
        when signals.churn_implied then 'implied'
        else 'none'
    end as churn_level,
    signals.churn_score,
    signals.churn_evidence,
    signals.follow_up,
    signals.asked_human,
    signals.purchase_intent,
    signals.complaint,
    case when signals.asked_human then answers.human_turn is not null end as human_honoured,
    answers.human_turn - signals.asked_human_turn as human_after_turns,
    signals.compliance_findings
from signals
left join languages
    on signals.interaction_id = languages.interaction_id and languages.place = 1
left join sentiments
    on signals.interaction_id = sentiments.interaction_id and sentiments.role = 'customer'
left join sentiments as agent_sentiments
    on
        signals.interaction_id = agent_sentiments.interaction_id
        and agent_sentiments.role = 'agent'
left join drivers on signals.interaction_id = drivers.interaction_id
left join answers on signals.interaction_id = answers.interaction_id
