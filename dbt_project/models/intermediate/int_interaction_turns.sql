-- Grain: one row per interaction that has turns.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_changed_dates() }}"
) }}

with turns as (
    select
        turns.interaction_id,
        turns.event_date,
        turns.role,
        turns.turn_no,
        turns.speaker_key,
        -- A turn whose end is not known, or lies before its start, has no length.
        case when turns.end_seconds >= turns.start_seconds
            then turns.end_seconds - turns.start_seconds
        end as spoken_seconds,
        -- Calls know seconds from their start, messages know the clock.
        coalesce(
            turns.sent_at,
            interactions.started_at + to_microseconds(cast(turns.start_seconds * 1e6 as bigint))
        ) as spoken_at,
        min(turns.turn_no) filter (where turns.role = 'customer')
            over (partition by turns.interaction_id) as first_customer_turn
    from {{ ref('stg_turns') }} as turns
    left join {{ ref('stg_interactions') }} as interactions
        on turns.interaction_id = interactions.interaction_id
    where {{ in_changed_dates('turns.event_date') }}
),

counted as (
    select
        interaction_id,
        max(event_date) as event_date,
        count(*) filter (where role = 'customer') as customer_turns,
        count(*) filter (where role = 'agent') as agent_turns,
        count(*) filter (where role = 'bot') as bot_turns,
        count(*) filter (where role = 'system') as system_turns,
        max(speaker_key) filter (where turn_no = first_customer_turn and role = 'customer')
            as first_customer_key,
        min(spoken_at) filter (where turn_no = first_customer_turn) as first_customer_at,
        min(spoken_at) filter (where role = 'agent' and turn_no > first_customer_turn)
            as first_agent_at,
        max(spoken_at) as last_turn_at,
        round(fsum(spoken_seconds) filter (where role = 'customer'), 3) as customer_spoken_seconds,
        round(fsum(spoken_seconds) filter (where role = 'agent'), 3) as agent_spoken_seconds
    from turns
    group by interaction_id
)

select
    interaction_id,
    event_date,
    customer_turns,
    agent_turns,
    bot_turns,
    system_turns,
    first_customer_key,
    first_customer_at,
    -- Clocks of two systems may disagree; an answer is never earlier than its question.
    case
        when first_agent_at < first_customer_at then 0
        else date_diff('microsecond', first_customer_at, first_agent_at) / 1e6
    end as first_response_seconds,
    last_turn_at,
    customer_spoken_seconds,
    agent_spoken_seconds
from counted
