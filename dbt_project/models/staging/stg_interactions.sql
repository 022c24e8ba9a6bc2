-- Grain: one row per interaction.
with source as (
    select * from {{ source('lake', 'interactions') }}
),

renamed as (
    select
        -- ids
        interaction_id,
        conversation_hash,
        source_system,
        agent_id,
        payload_id,
        -- words
        channel,
        direction,
        campaign,
        queue,
        disconnect_reason,
        disposition,
        language as source_language,
        -- numbers
        wait_seconds,
        hold_seconds,
        talk_seconds,
        after_work_seconds,
        transfers,
        bot_turns,
        csat,
        ces,
        nps,
        -- times
        started_at,
        answered_at,
        ended_at,
        event_date,
        {{ local_time('started_at') }} as started_local,
        {{ business_date('started_at') }} as business_date
    from source
)

select * from renamed
