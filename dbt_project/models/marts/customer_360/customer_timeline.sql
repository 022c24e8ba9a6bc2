-- Grain: one row per person and event.
with keys as (
    select
        person_id,
        handle_key as customer_key
    from {{ ref('stg_persons') }}
    where handle_type = 'crm_id'
),

interactions as (
    select
        person_id,
        'interaction' as event_type,
        interaction_id as source_id,
        started_at as event_at,
        business_date,
        channel,
        concat_ws(' ', coalesce(direction, 'inbound'), channel) as title,
        concat_ws(
            ' · ',
            primary_driver,
            sentiment_end,
            case when churn_level <> 'none' then 'churn ' || churn_level end,
            case when asked_human then 'asked for a human' end,
            case when not human_honoured then 'no human answered' end,
            case when complaint then 'complaint' end,
            case when purchase_intent then 'purchase intent' end,
            case when follow_up then 'follow-up' end,
            case when compliance_findings > 0 then compliance_findings || ' compliance findings' end,
            disconnect_reason
        ) as summary,
        quote,
        interaction_id,
        payload_id
    from {{ ref('fct_interaction') }}
    where person_id is not null
),

orders as (
    select
        keys.person_id,
        'order' as event_type,
        orders.order_id as source_id,
        orders.ordered_at as event_at,
        orders.business_date,
        cast(null as varchar) as channel,
        concat_ws(' ', 'ordered', orders.product) as title,
        concat_ws(' ', orders.status, orders.currency, {{ plain_number('orders.amount') }}) as summary,
        cast(null as varchar) as quote,
        cast(null as varchar) as interaction_id,
        orders.payload_id
    from {{ ref('stg_crm_orders') }} as orders
    inner join keys on orders.customer_key = keys.customer_key
),

subscription_days as (
    select
        *,
        'subscription_start' as event_type,
        started_on as event_on
    from {{ ref('stg_crm_subscriptions') }}
    union all
    select
        *,
        'subscription_end' as event_type,
        ended_on as event_on
    from {{ ref('stg_crm_subscriptions') }}
),

subscriptions as (
    select
        keys.person_id,
        days.event_type,
        days.subscription_id as source_id,
        timezone('{{ var("business_timezone") }}', cast(days.event_on as timestamp)) as event_at,
        days.event_on as business_date,
        cast(null as varchar) as channel,
        concat_ws(
            ' ',
            case days.event_type when 'subscription_start' then 'started' else 'ended' end,
            days.product
        ) as title,
        concat_ws(' ', days.plan, days.currency, {{ plain_number('days.monthly_fee') }}) as summary,
        cast(null as varchar) as quote,
        cast(null as varchar) as interaction_id,
        days.payload_id
    from subscription_days as days
    inner join keys on days.customer_key = keys.customer_key
    where days.event_on is not null
),

surveys as (
    select
        scores.person_id,
        'survey' as event_type,
        surveys.response_id as source_id,
        surveys.answered_at as event_at,
        surveys.business_date,
        cast(null as varchar) as channel,
        'answered ' || surveys.survey_type as title,
        surveys.survey_type || ' ' || {{ plain_number('surveys.score') }} as summary,
        surveys.redacted_comment as quote,
        scores.interaction_id,
        surveys.payload_id
    from {{ ref('stg_survey_responses') }} as surveys
    inner join {{ ref('int_scores') }} as scores
        on surveys.response_id = scores.score_id and scores.given_in = 'survey'
    where scores.person_id is not null
),

churn_outcomes as (
    select
        keys.person_id,
        'churn_outcome' as event_type,
        outcomes.customer_key as source_id,
        timezone('{{ var("business_timezone") }}', cast(outcomes.churned_on as timestamp))
            as event_at,
        outcomes.churned_on as business_date,
        cast(null as varchar) as channel,
        'left' as title,
        outcomes.reason as summary,
        cast(null as varchar) as quote,
        cast(null as varchar) as interaction_id,
        outcomes.payload_id
    from {{ ref('stg_crm_churn_outcomes') }} as outcomes
    inner join keys on outcomes.customer_key = keys.customer_key
    where outcomes.churned_on is not null
),

events as (
    select * from interactions
    union all
    select * from orders
    union all
    select * from subscriptions
    union all
    select * from surveys
    union all
    select * from churn_outcomes
)

select
    event_type || ' ' || source_id as event_id,
    person_id,
    event_type,
    event_at,
    business_date,
    channel,
    title,
    summary,
    quote,
    source_id,
    interaction_id,
    payload_id
from events
