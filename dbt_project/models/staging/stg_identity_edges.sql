-- Grain: one row per piece of evidence that two handles belong together.
with source as (
    select * from {{ source('lake', 'identity_edges') }}
),

renamed as (
    select
        -- ids
        edge_id,
        left_key,
        right_key,
        evidence_id,
        -- words
        left_type,
        right_type,
        rule,
        evidence_kind,
        active,
        inactive_reason,
        identity_version,
        -- numbers
        observations
    from source
)

select * from renamed
