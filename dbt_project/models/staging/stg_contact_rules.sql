-- Grain: one row per rule of the promoted release that asks about the person.
with source as (
    select * from {{ source('lake', 'contact_rules') }}
),

renamed as (
    select
        -- ids
        rule_id,
        rulebook_version,
        kind,
        -- which contacts
        directions,
        channels,
        campaigns,
        -- at which hours
        timezone,
        opens,
        closes,
        weekdays,
        holidays,
        -- how often
        at_most,
        within_days
    from source
)

select * from renamed
