-- Grain: one row per person who has not left yet and shows signs of leaving.
with quotes as (
    select
        person_id,
        arg_max(churn_evidence, (churn_level = 'explicit', started_at, interaction_id)) as quote,
        arg_max(interaction_id, (churn_level = 'explicit', started_at, interaction_id))
            as quote_interaction_id
    from {{ ref('fct_interaction') }}
    where person_id is not null and churn_evidence is not null
    group by person_id
)

select
    customers.person_id,
    customers.as_of_date,
    customers.churn_level,
    customers.churn_score,
    customers.churn_reasons,
    customers.monthly_fee * 12 as revenue_at_risk,
    customers.currency,
    customers.segment,
    customers.city,
    customers.last_interaction_at as last_contact_at,
    customers.last_interaction_channel as last_contact_channel,
    customers.preferred_channel,
    customers.preferred_language,
    customers.open_follow_ups,
    quotes.quote,
    quotes.quote_interaction_id,
    -- Unknown consent is no consent.
    coalesce(customers.consent_marketing, false) as may_be_contacted,
    customers.consent_channels
from {{ ref('customer_360') }} as customers
left join quotes on customers.person_id = quotes.person_id
where
    (customers.churned_on is null or customers.churned_on > customers.as_of_date)
    and (
        customers.churn_level in ('implied', 'explicit')
        or customers.churn_score >= {{ var('watch_score') }}
    )
