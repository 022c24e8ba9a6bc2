-- Grain: one row per customer turn that asks for a human.
with requests as (
    select
        interaction_id,
        turn_no,
        arg_max(annotation_id, (score, annotation_id)) as annotation_id,
        arg_max(evidence, (score, annotation_id)) as quote,
        max(score) as score
    from {{ ref('fct_annotation') }}
    where family = 'flag' and tag = 'asks_human' and role = 'customer'
    group by interaction_id, turn_no
),

turns as (
    select
        turns.interaction_id,
        turns.turn_no,
        turns.role,
        turns.speaker_key,
        coalesce(
            turns.sent_at,
            interactions.started_at + to_microseconds(cast(turns.start_seconds * 1e6 as bigint))
        ) as spoken_at
    from {{ ref('stg_turns') }} as turns
    inner join {{ ref('stg_interactions') }} as interactions
        on turns.interaction_id = interactions.interaction_id
    where turns.interaction_id in (select requests.interaction_id from requests)
),

asked as (
    select
        requests.interaction_id,
        requests.turn_no,
        requests.annotation_id,
        requests.quote,
        requests.score,
        here.spoken_at as asked_at,
        arg_max(earlier.role, earlier.turn_no) as asked_of,
        arg_max(earlier.speaker_key, earlier.turn_no) as asked_of_key
    from requests
    left join turns as here
        on requests.interaction_id = here.interaction_id and requests.turn_no = here.turn_no
    left join turns as earlier
        on
            requests.interaction_id = earlier.interaction_id
            and requests.turn_no > earlier.turn_no
            and earlier.role in ('agent', 'bot')
    group by all
),

answered as (
    select
        asked.interaction_id,
        asked.turn_no,
        min(turns.turn_no) as human_turn,
        arg_min(turns.spoken_at, turns.turn_no) as human_at
    from asked
    inner join turns
        on
            asked.interaction_id = turns.interaction_id
            and asked.turn_no < turns.turn_no
            and turns.role = 'agent'
            -- Who already speaks with a person asks for another one.
            and (asked.asked_of is distinct from 'agent' or asked.asked_of_key <> turns.speaker_key)
    group by asked.interaction_id, asked.turn_no
)

select
    asked.annotation_id as request_id,
    asked.interaction_id,
    asked.turn_no,
    asked.quote,
    asked.score,
    coalesce(asked.asked_of, 'nobody') as asked_of,
    asked.asked_at,
    case
        when answered.human_turn is not null or interactions.transfers > 0 then true
        -- Agents without a key cannot be told apart.
        when asked.asked_of = 'agent' and asked.asked_of_key is null then null
        else false
    end as is_honoured,
    case
        when answered.human_turn is not null then 'agent'
        when interactions.transfers > 0 then 'transfer'
    end as honoured_by,
    answered.human_turn,
    answered.human_turn - asked.turn_no as human_after_turns,
    case
        when answered.human_at >= asked.asked_at
            then date_diff('microsecond', asked.asked_at, answered.human_at) / 1e6
    end as human_after_seconds,
    interactions.person_id,
    interactions.channel,
    interactions.language,
    interactions.business_date
from asked
inner join {{ ref('fct_interaction') }} as interactions
    on asked.interaction_id = interactions.interaction_id
left join answered
    on asked.interaction_id = answered.interaction_id and asked.turn_no = answered.turn_no
