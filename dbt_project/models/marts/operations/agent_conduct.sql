-- Grain: one row per agent who handled an interaction.
with recordings as (
    select
        interaction_id,
        fsum(agent_talk_seconds) as agent_talk_seconds,
        fsum(customer_talk_seconds) as customer_talk_seconds,
        sum(agent_interruptions) as agent_interruptions
    from {{ ref('fct_recording') }}
    where interaction_id is not null and agent_talk_seconds is not null
    group by interaction_id
),

timed as (
    select
        interactions.agent_id,
        interactions.channel,
        interactions.talk_seconds,
        interactions.hold_seconds,
        interactions.first_response_seconds,
        interactions.recorded_seconds,
        interactions.silence_seconds,
        recordings.agent_interruptions,
        -- What was measured stands before what a transcript's times say.
        coalesce(recordings.agent_talk_seconds, turns.agent_spoken_seconds) as agent_seconds,
        coalesce(recordings.customer_talk_seconds, turns.customer_spoken_seconds)
            as customer_seconds
    from {{ ref('fct_interaction') }} as interactions
    left join recordings on interactions.interaction_id = recordings.interaction_id
    left join {{ ref('int_interaction_turns') }} as turns
        on interactions.interaction_id = turns.interaction_id
    where interactions.agent_id is not null
)

select
    agent_id,
    count(*) as interactions,
    {{ mean('talk_seconds') }} as talk_seconds_mean,
    {{ mean('hold_seconds') }} as hold_seconds_mean,
    -- Seconds in a chat and hours in a mail thread have no common mean.
    {{ mean("case when channel = 'chat' then first_response_seconds end") }}
        as chat_first_response_seconds_mean,
    {{ mean("case when channel = 'email' then first_response_seconds end") }}
        as email_first_response_seconds_mean,
    round(
        fsum(agent_seconds) filter (where customer_seconds is not null)
        / nullif(
            fsum(agent_seconds + customer_seconds) filter (where agent_seconds is not null), 0
        ),
        6
    ) as agent_talk_share,
    round(
        fsum(silence_seconds)
        / nullif(fsum(recorded_seconds) filter (where silence_seconds is not null), 0),
        6
    ) as silence_share,
    {{ mean('agent_interruptions') }} as interruptions_mean
from timed
group by agent_id
