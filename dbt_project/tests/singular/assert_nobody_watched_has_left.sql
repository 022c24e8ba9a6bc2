-- Whoever has left is no longer watched.
select watched.person_id
from {{ ref('churn_watchlist') }} as watched
inner join {{ ref('customer_360') }} as customers
    on watched.person_id = customers.person_id
where customers.churned_on <= customers.as_of_date
