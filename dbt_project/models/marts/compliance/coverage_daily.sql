-- Grain: one row per business date, from the first to the last with a file or a contact.
-- Days without anything are rows too, so that a gap is seen and not only missing.
with landed as (
    select
        business_date,
        count(distinct file_sha256) as files,
        sum(received) as received,
        sum(accepted) as accepted,
        sum(duplicates) as duplicates,
        sum(rejected) as rejected
    from {{ ref('stg_coverage') }}
    group by business_date
),

happened as (
    select
        business_date,
        count(*) as interactions,
        count(*) filter (where channel = 'voice') as interactions_voice,
        count(*) filter (where channel = 'chat') as interactions_chat,
        count(*) filter (where channel = 'email') as interactions_email,
        count(*) filter (where channel = 'social') as interactions_social
    from {{ ref('fct_interaction') }}
    group by business_date
),

bounds as (
    select
        min(business_date) as first_date,
        max(business_date) as last_date
    from (
        select business_date from landed
        union all
        select business_date from happened
    ) as days
),

calendar as (
    select cast(unnest(generate_series(first_date, last_date, interval 1 day)) as date)
        as business_date
    from bounds
)

select
    calendar.business_date,
    coalesce(landed.files, 0) as files,
    cast(coalesce(landed.received, 0) as bigint) as received,
    cast(coalesce(landed.accepted, 0) as bigint) as accepted,
    cast(coalesce(landed.duplicates, 0) as bigint) as duplicates,
    cast(coalesce(landed.rejected, 0) as bigint) as rejected,
    coalesce(happened.interactions, 0) as interactions,
    coalesce(happened.interactions_voice, 0) as interactions_voice,
    coalesce(happened.interactions_chat, 0) as interactions_chat,
    coalesce(happened.interactions_email, 0) as interactions_email,
    coalesce(happened.interactions_social, 0) as interactions_social
from calendar
left join landed
    on calendar.business_date = landed.business_date
left join happened
    on calendar.business_date = happened.business_date
