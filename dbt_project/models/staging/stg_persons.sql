-- Grain: one row per handle of a customer (agents left out).
with source as (
    select * from {{ source('lake', 'persons') }}
),

renamed as (
    select
        -- ids
        handle_key,
        person_id,
        -- words
        handle_type,
        identity_version
    from source
    where handle_type <> 'agent_id'
)

select * from renamed
