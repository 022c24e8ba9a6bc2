-- Grain: one row per business date, driver, channel and language.
-- Contacts without a customer's word (missed calls, unanswered campaigns) have no driver.
with cells as (
    select
        business_date,
        primary_driver as driver,
        channel,
        coalesce(language, 'other') as language,
        count(*) as interactions,
        count(distinct person_id) as persons,
        {{ mean('cast(is_repeat_contact as integer)') }} as repeat_rate,
        {{ mean("cast(sentiment_mean < " ~ var('negative_sentiment_below') ~ " as integer)") }}
            as negative_share,
        {{ mean('wait_seconds') }} as wait_seconds_mean
    from {{ ref('fct_interaction') }}
    where primary_driver is not null
    group by business_date, primary_driver, channel, coalesce(language, 'other')
)

select
    business_date,
    driver,
    channel,
    language,
    interactions,
    round(interactions / sum(interactions) over (partition by business_date), 6) as share,
    persons,
    repeat_rate,
    negative_share,
    wait_seconds_mean
from cells
