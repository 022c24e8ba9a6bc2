-- Grain: one row per landed file and name, as counted when it was read last.
with source as (
    select * from {{ source('lake', 'coverage') }}
),

-- A file that was read again has one row for each reading; the day it arrived stays the first.
counting as (
    select
        *,
        min(counted_at) over (partition by file_sha256, name) as landed_at
    from source
    qualify row_number() over (partition by file_sha256, name order by batch desc) = 1
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
        landed_at,
        {{ business_date('landed_at') }} as business_date
    from counting
)

select * from renamed
