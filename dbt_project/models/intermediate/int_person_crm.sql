-- Grain: one row per person whom the CRM knows.
with as_of as (
    select max(business_date) as as_of_date
    from {{ ref('stg_interactions') }}
),

keys as (
    select
        person_id,
        handle_key as customer_key
    from {{ ref('stg_persons') }}
    where handle_type = 'crm_id'
),

customers as (
    select
        keys.person_id,
        count(*) as customer_keys,
        -- Several records of one person: the newest that says anything about the matter.
        arg_max(customers.segment, (customers.updated_at, customers.customer_key))
            filter (where customers.segment is not null) as segment,
        arg_max(customers.city, (customers.updated_at, customers.customer_key))
            filter (where customers.city is not null) as city,
        arg_max(customers.preferred_language, (customers.updated_at, customers.customer_key))
            filter (where customers.preferred_language is not null) as preferred_language,
        arg_max(customers.birth_year, (customers.updated_at, customers.customer_key))
            filter (where customers.birth_year is not null) as birth_year,
        min(customers.signed_up_on) as signed_up_on,
        -- A refusal in any record counts.
        bool_and(customers.marketing_consent) as consent_marketing,
        arg_max(customers.consent_channels, (customers.updated_at, customers.customer_key))
            filter (where customers.marketing_consent) as consent_channels,
        round(fsum(customers.lifetime_value), 2) as lifetime_value
    from keys
    inner join {{ ref('stg_crm_customers') }} as customers
        on keys.customer_key = customers.customer_key
    group by keys.person_id
),

subscriptions as (
    select
        keys.person_id,
        count(*) as active_subscriptions,
        -- Fees in two currencies have no sum.
        case
            when count(distinct subscriptions.currency) <= 1
                then round(fsum(subscriptions.monthly_fee), 2)
        end as monthly_fee,
        case when count(distinct subscriptions.currency) = 1 then min(subscriptions.currency) end
            as currency
    from keys
    inner join {{ ref('stg_crm_subscriptions') }} as subscriptions
        on keys.customer_key = subscriptions.customer_key
    cross join as_of
    where
        subscriptions.status = 'active'
        and (subscriptions.ended_on is null or subscriptions.ended_on > as_of.as_of_date)
    group by keys.person_id
),

orders as (
    select
        keys.person_id,
        count(*) filter (
            where {{ within_days('orders.business_date', 'as_of.as_of_date', 90) }}
        ) as orders_90d,
        max(orders.ordered_at) as last_order_at
    from keys
    inner join {{ ref('stg_crm_orders') }} as orders
        on keys.customer_key = orders.customer_key
    cross join as_of
    where coalesce(orders.status, '') not in ('cancelled', 'canceled')
    group by keys.person_id
),

outcomes as (
    select
        keys.person_id,
        min(outcomes.churned_on) as churned_on
    from keys
    inner join {{ ref('stg_crm_churn_outcomes') }} as outcomes
        on keys.customer_key = outcomes.customer_key
    group by keys.person_id
)

select
    customers.person_id,
    customers.customer_keys,
    customers.segment,
    customers.city,
    customers.preferred_language,
    customers.birth_year,
    customers.signed_up_on,
    customers.consent_marketing,
    -- No address for marketing without consent.
    case when customers.consent_marketing then customers.consent_channels end as consent_channels,
    customers.lifetime_value,
    coalesce(subscriptions.active_subscriptions, 0) as active_subscriptions,
    subscriptions.monthly_fee,
    subscriptions.currency,
    coalesce(orders.orders_90d, 0) as orders_90d,
    orders.last_order_at,
    outcomes.churned_on
from customers
left join subscriptions on customers.person_id = subscriptions.person_id
left join orders on customers.person_id = orders.person_id
left join outcomes on customers.person_id = outcomes.person_id
