-- Grain: one row per business date, driver, dimension and value with enough contacts to judge.
-- A day is compared with the same weekday of the weeks before; a day without any contact at all
-- is a gap in the data, a day without contacts of this kind is a zero.
with by_facts as (
    select
        interaction_id,
        business_date,
        person_id,
        primary_driver as driver,
        sentiment_mean,
        primary_driver_score,
        quote,
        unnest(['all', 'channel', 'queue', 'campaign']) as dimension,
        unnest(['all', channel, queue, campaign]) as value
    from {{ ref('fct_interaction') }}
    where primary_driver is not null
),

-- Products and brands of the feedback taxonomy; who only praises has no issue.
mentions as (
    select
        interaction_id,
        split_part(tag, '.', 1) as product,
        arg_max(evidence, (score, annotation_id)) as quote
    from {{ ref('fct_annotation') }}
    where family = 'feedback' and role = 'customer' and split_part(tag, '.', 2) <> 'praise'
    group by interaction_id, split_part(tag, '.', 1)
),

contacts as (
    select * from by_facts
    union all
    select
        mentions.interaction_id,
        facts.business_date,
        facts.person_id,
        facts.primary_driver as driver,
        facts.sentiment_mean,
        facts.primary_driver_score,
        mentions.quote,
        'product' as dimension,
        mentions.product as value
    from mentions
    inner join {{ ref('fct_interaction') }} as facts
        on mentions.interaction_id = facts.interaction_id
    where facts.primary_driver is not null
),

cells as (
    select
        business_date,
        driver,
        dimension,
        value,
        count(*) as interactions,
        count(distinct person_id) as persons,
        {{ mean("cast(sentiment_mean < " ~ var('negative_sentiment_below') ~ " as integer)") }}
            as negative_share,
        -- A quote that is hardly more than a placeholder tells nothing.
        arg_max(
            struct_pack(said := quote, contact := interaction_id),
            (coalesce(primary_driver_score, 0), interaction_id)
        ) filter (where length(regexp_replace(quote, '\[[A-Z_]+\]', '', 'g')) >= 12) as loudest
    from contacts
    where value is not null
    group by business_date, driver, dimension, value
),

days as (
    select distinct business_date
    from {{ ref('fct_interaction') }}
),

like_days as (
    select
        days.business_date,
        earlier.business_date as earlier_date
    from days
    inner join days as earlier
        on
            earlier.business_date < days.business_date
            and earlier.business_date >= days.business_date - 7 * {{ var('emerging_weeks') }}
            and (days.business_date - earlier.business_date) % 7 = 0
),

-- Everything that could ring on a day: seen that day or on one of the days it is compared with.
candidates as (
    select
        like_days.business_date,
        cells.dimension,
        cells.driver,
        cells.value
    from like_days
    inner join cells on like_days.earlier_date = cells.business_date
    union
    select
        business_date,
        dimension,
        driver,
        value
    from cells
),

-- The chance of a false alarm on a day is shared out among all that could ring.
allowances as (
    select
        business_date,
        dimension,
        count(*) as series,
        least(
            {{ var('emerging_chance') }}, {{ var('emerging_false_alarms_a_day') }} / count(*)
        ) as chance_allowed
    from candidates
    group by business_date, dimension
),

compared as (
    select
        cells.business_date,
        cells.driver,
        cells.dimension,
        cells.value,
        count(*) as history_days,
        coalesce(sum(earlier.interactions), 0) as history_total,
        coalesce(max(earlier.interactions), 0) as history_most
    from cells
    inner join like_days on cells.business_date = like_days.business_date
    left join cells as earlier
        on
            like_days.earlier_date = earlier.business_date
            and cells.driver = earlier.driver
            and cells.dimension = earlier.dimension
            and cells.value = earlier.value
    where cells.interactions >= {{ var('emerging_least_contacts') }}
    group by cells.business_date, cells.driver, cells.dimension, cells.value
),

judged as (
    select
        cells.business_date,
        cells.driver,
        cells.dimension,
        cells.value,
        cells.interactions,
        cells.persons,
        cells.negative_share,
        cells.loudest,
        compared.history_days,
        compared.history_total,
        compared.history_most,
        allowances.series,
        allowances.chance_allowed,
        {{ rare_count('cells.interactions', 'compared.history_total', 'compared.history_days') }}
            as chance
    from cells
    inner join compared
        on
            cells.business_date = compared.business_date
            and cells.driver = compared.driver
            and cells.dimension = compared.dimension
            and cells.value = compared.value
    inner join allowances
        on
            cells.business_date = allowances.business_date
            and cells.dimension = allowances.dimension
    where compared.history_days >= {{ var('emerging_least_weeks') }}
)

select
    business_date,
    driver,
    dimension,
    value,
    interactions,
    round(history_total / history_days, 6) as usual,
    history_days,
    cast(history_most as bigint) as history_most,
    round(chance, 9) as chance,
    series,
    round(chance_allowed, 9) as chance_allowed,
    -- The largest of the earlier days must be passed too: history may be burstier than Poisson.
    chance <= chance_allowed and interactions > history_most as is_emerging,
    persons,
    negative_share,
    loudest.said as quote,
    loudest.contact as quote_interaction_id
from judged
