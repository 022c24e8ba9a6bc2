-- Grain: one row per landed file in one batch.
with source as (
    select * from {{ source('lake', 'coverage') }}
),

renamed as (
    select
        -- ids
        file_sha256,
        batch,
        -- words
        name as file_name,
        connector,
        -- numbers
        received,
        accepted,
        duplicates,
        rejected,
        -- times
        counted_at,
        {{ business_date('counted_at') }} as business_date
    from source
)

select * from renamed
