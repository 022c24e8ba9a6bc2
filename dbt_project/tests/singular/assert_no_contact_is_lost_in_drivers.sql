-- Every contact with a driver is counted once, and the shares of a day add up to one.
with days as (
    select
        business_date,
        sum(interactions) as interactions,
        sum(share) as share
    from {{ ref('contact_drivers_daily') }}
    group by business_date
),

facts as (
    select
        business_date,
        count(*) as interactions
    from {{ ref('fct_interaction') }}
    where primary_driver is not null
    group by business_date
)

select
    facts.business_date,
    facts.interactions as expected,
    days.interactions as found,
    days.share
from facts
full join days on facts.business_date = days.business_date
where
    facts.interactions is distinct from days.interactions
    or abs(days.share - 1) > 0.001
