-- Grain: one row per turn that still stands (deleted messages left out).
with source as (
    select * from {{ source('lake', 'turns') }}
),

renamed as (
    select
        -- ids
        turn_id,
        interaction_id,
        speaker_key,
        reply_to_turn_id,
        record_id,
        payload_id,
        -- words
        role,
        state,
        redacted_text,
        -- numbers
        turn_no,
        start_seconds,
        end_seconds,
        -- times
        sent_at,
        changed_at,
        event_date
    from source
    where coalesce(state, 'sent') <> 'deleted'
)

select * from renamed
