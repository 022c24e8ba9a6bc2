-- What drives contacts in the last seven days, and how does that differ from the week before?
with weeks as (
    select
        driver,
        sum(interactions) filter (where business_date > last_day - 7) as this_week,
        sum(interactions) filter (where business_date <= last_day - 7) as week_before
    from marts.contact_drivers_daily
    cross join (select max(business_date) as last_day from marts.contact_drivers_daily)
    where business_date > last_day - 14
    group by driver
)

select
    dim_driver.label_en,
    dim_driver.label_id,
    coalesce(weeks.this_week, 0) as this_week,
    coalesce(weeks.week_before, 0) as week_before
from weeks
inner join marts.dim_driver on weeks.driver = dim_driver.driver
order by this_week desc;
