-- Grain: one row per judgement of a person, with the contact that it is about.
-- A native id names a conversation, of which the latest contact before the judgement is meant.
with candidates as (
    select
        judgements.judgement_id,
        interactions.interaction_id,
        interactions.started_at,
        true as by_id
    from {{ ref('stg_quality_judgements') }} as judgements
    inner join {{ ref('stg_interactions') }} as interactions
        on judgements.interaction_id = interactions.interaction_id
    union all
    select
        judgements.judgement_id,
        interactions.interaction_id,
        interactions.started_at,
        false as by_id
    from {{ ref('stg_quality_judgements') }} as judgements
    inner join {{ ref('stg_interactions') }} as interactions
        on
            judgements.conversation_hash = interactions.conversation_hash
            and judgements.judged_at >= interactions.started_at
),

found as (
    select
        judgement_id,
        arg_max(interaction_id, (by_id, started_at, interaction_id)) as interaction_id
    from candidates
    group by judgement_id
)

select
    judgements.judgement_id,
    found.interaction_id,
    judgements.criterion,
    judgements.outcome,
    judgements.reviewer_key,
    judgements.redacted_reason,
    judgements.judged_at,
    judgements.record_id,
    judgements.payload_id,
    -- Of several judgements the newest counts.
    found.interaction_id is not null
    and row_number() over (
        partition by found.interaction_id, judgements.criterion
        order by judgements.judged_at desc, judgements.judgement_id desc
    ) = 1 as is_newest
from {{ ref('stg_quality_judgements') }} as judgements
left join found on judgements.judgement_id = found.judgement_id
