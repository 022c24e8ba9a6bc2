-- Grain: one row per tag of the promoted release.
with source as (
    select * from {{ source('lake', 'annotations') }}
),

renamed as (
    select
        -- ids
        interaction_id,
        release,
        run_id,
        -- words
        family,
        tag,
        evidence,
        detector,
        detector_version,
        rulebook_version,
        -- numbers
        turn_no,
        char_start,
        char_end,
        score,
        -- times
        event_date
    from source
    where release = (select parameters.release from {{ source('lake', 'parameters') }})
)

select * from renamed
