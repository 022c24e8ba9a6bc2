-- Grain: one row per waiting conversation of a source and file that tells of it.
with source as (
    select * from {{ source('lake', 'waiting') }}
),

renamed as (
    select
        -- ids
        conversation_hash,
        file_sha256,
        -- words
        source_system,
        waits_for,
        -- numbers
        records
    from source
)

select * from renamed
