-- Grain: one row per judgement of a person on a criterion of the quality form.
with source as (
    select * from {{ source('lake', 'quality_judgements') }}
),

renamed as (
    select
        -- ids
        judgement_id,
        interaction_id,
        conversation_hash,
        reviewer_key,
        record_id,
        payload_id,
        -- what was judged
        criterion,
        outcome,
        redacted_reason,
        judged_at
    from source
)

select * from renamed
