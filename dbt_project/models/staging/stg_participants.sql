-- Grain: one row per handle of one role in one interaction.
with source as (
    select * from {{ source('lake', 'participants') }}
),

renamed as (
    select
        -- ids
        interaction_id,
        handle_key,
        record_id,
        -- words
        role,
        handle_type,
        -- times
        event_date
    from source
)

select * from renamed
