-- Whom should the retention team call first, and what did they say?
select
    person_id,
    churn_level,
    churn_score,
    churn_reasons,
    revenue_at_risk,
    currency,
    preferred_channel,
    may_be_contacted,
    quote
from marts.churn_watchlist
order by churn_score desc, revenue_at_risk desc nulls last
limit 20;
