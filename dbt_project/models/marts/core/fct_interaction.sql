-- Grain: one row per interaction.
with scores as (
    select
        interaction_id,
        -- What was said in the contact itself stands before a later survey.
        arg_max(score, (given_in = 'contact', scored_at, score_id))
            filter (where score_type = 'csat') as csat,
        arg_max(score, (given_in = 'contact', scored_at, score_id))
            filter (where score_type = 'ces') as ces,
        arg_max(score, (given_in = 'contact', scored_at, score_id))
            filter (where score_type = 'nps') as nps
    from {{ ref('int_scores') }}
    where interaction_id is not null
    group by interaction_id
),

-- Rules about persons: too many contacts, or at a forbidden hour on the customer's clock.
contact_findings as (
    select
        interaction_id,
        count(*) as findings
    from {{ ref('int_contact_findings') }}
    group by interaction_id
),

efforts as (
    -- No row without a sign: unknown effort is null, never zero.
    select
        interaction_id,
        round(least(fsum(points), 1), 6) as effort_score,
        string_agg(reason, '; ' order by points desc, reason) as effort_reasons
    from {{ ref('int_effort') }}
    group by interaction_id
)

select
    -- ids
    interactions.interaction_id,
    interactions.conversation_hash,
    persons.person_id,
    interactions.source_system,
    interactions.agent_id,
    interactions.payload_id,
    -- where and how
    interactions.channel,
    interactions.direction,
    interactions.campaign,
    interactions.queue,
    interactions.disconnect_reason,
    interactions.disposition,
    -- when
    interactions.business_date,
    cast(extract(hour from interactions.started_local) as integer) as started_hour,
    interactions.started_at,
    interactions.answered_at,
    interactions.ended_at,
    interactions.event_date,
    -- how long
    interactions.wait_seconds,
    interactions.hold_seconds,
    interactions.talk_seconds,
    interactions.after_work_seconds,
    turns.first_response_seconds,
    -- what the recording tells
    recordings.recordings,
    recordings.recorded_seconds,
    recordings.speech_seconds,
    recordings.silence_seconds,
    recordings.longest_silence_seconds,
    recordings.overlap_seconds,
    recordings.interruptions,
    recordings.words_per_minute,
    -- how much
    interactions.transfers,
    coalesce(turns.customer_turns, 0) as customer_turns,
    coalesce(turns.agent_turns, 0) as agent_turns,
    coalesce(turns.bot_turns, interactions.bot_turns, 0) as bot_turns,
    coalesce(turns.system_turns, 0) as system_turns,
    -- what was said
    coalesce(tags.language, interactions.source_language) as language,
    tags.sentiment_begin,
    tags.sentiment_end,
    tags.sentiment_shift,
    tags.sentiment_mean,
    tags.agent_sentiment_begin,
    tags.agent_sentiment_end,
    tags.agent_sentiment_shift,
    tags.agent_sentiment_mean,
    -- A contact without a customer's word has no topic; words without a topic are `other`.
    case when turns.customer_turns > 0 then coalesce(tags.primary_driver, 'other') end
        as primary_driver,
    tags.primary_driver_score,
    tags.secondary_driver,
    case when turns.customer_turns > 0 then coalesce(tags.churn_level, 'none') end
        as churn_level,
    tags.churn_score,
    coalesce(tags.follow_up, false) as follow_up,
    coalesce(tags.asked_human, false) as asked_human,
    tags.human_honoured,
    tags.human_after_turns,
    coalesce(tags.purchase_intent, false) as purchase_intent,
    coalesce(tags.complaint, false) as complaint,
    coalesce(tags.compliance_findings, 0) + coalesce(contact_findings.findings, 0)
        as compliance_findings,
    coalesce(tags.churn_evidence, tags.primary_driver_evidence) as quote,
    tags.churn_evidence,
    tags.release,
    -- how it ended
    scores.csat,
    scores.ces,
    scores.nps,
    repeats.is_repeat_contact,
    repeats.is_first_contact_resolved,
    -- what it cost the customer
    efforts.effort_score,
    efforts.effort_reasons
from {{ ref('stg_interactions') }} as interactions
inner join {{ ref('int_interaction_persons') }} as persons
    on interactions.interaction_id = persons.interaction_id
left join {{ ref('int_interaction_turns') }} as turns
    on interactions.interaction_id = turns.interaction_id
left join {{ ref('int_interaction_recordings') }} as recordings
    on interactions.interaction_id = recordings.interaction_id
left join {{ ref('int_interaction_tags') }} as tags
    on interactions.interaction_id = tags.interaction_id
left join {{ ref('int_repeat_contacts') }} as repeats
    on interactions.interaction_id = repeats.interaction_id
left join contact_findings
    on interactions.interaction_id = contact_findings.interaction_id
left join efforts on interactions.interaction_id = efforts.interaction_id
left join scores on interactions.interaction_id = scores.interaction_id
