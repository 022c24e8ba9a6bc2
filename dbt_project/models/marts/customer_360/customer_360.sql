-- Grain: one row per person.
-- Null means that nothing is known; counts are zero only when counting was possible.
with as_of as (
    select max(business_date) as as_of_date
    from {{ ref('fct_interaction') }}
),

last_scores as (
    select
        person_id,
        arg_max(score, (scored_at, score_id)) filter (where score_type = 'csat') as csat_last,
        arg_max(score, (scored_at, score_id)) filter (where score_type = 'nps') as nps_last,
        arg_max(score, (scored_at, score_id)) filter (where score_type = 'ces') as ces_last
    from {{ ref('int_scores') }}
    where person_id is not null
    group by person_id
),

churn as (
    select
        person_id,
        round(least(fsum(contribution), 1), 4) as churn_score,
        string_agg(reason, '; ' order by contribution desc, signal) as churn_reasons
    from {{ ref('int_churn_signals') }}
    group by person_id
)

select
    -- who
    customers.person_id,
    as_of.as_of_date,
    customers.customer_keys,
    crm.segment,
    crm.city,
    crm.consent_marketing,
    crm.consent_channels,
    coalesce(crm.preferred_language, contacts.spoken_language) as preferred_language,
    contacts.preferred_channel,
    -- what they are worth
    crm.lifetime_value,
    crm.monthly_fee,
    crm.currency,
    crm.active_subscriptions,
    crm.orders_90d,
    crm.last_order_at,
    -- how often they came
    coalesce(contacts.interactions_total, 0) as interactions_total,
    coalesce(contacts.interactions_30d, 0) as interactions_30d,
    coalesce(contacts.interactions_90d, 0) as interactions_90d,
    coalesce(contacts.interactions_voice, 0) as interactions_voice,
    coalesce(contacts.interactions_chat, 0) as interactions_chat,
    coalesce(contacts.interactions_email, 0) as interactions_email,
    coalesce(contacts.interactions_social, 0) as interactions_social,
    contacts.last_interaction_at,
    contacts.last_interaction_channel,
    contacts.last_interaction_driver,
    contacts.top_driver_90d,
    -- how it went
    contacts.fcr_rate,
    contacts.sentiment_mean_90d,
    contacts.sentiment_last,
    coalesce(contacts.repeat_contacts_90d, 0) as repeat_contacts_90d,
    contacts.transfers_90d,
    contacts.wait_seconds_mean_90d,
    coalesce(contacts.asks_human_90d, 0) as asks_human_90d,
    coalesce(contacts.human_not_honoured_90d, 0) as human_not_honoured_90d,
    coalesce(contacts.complaints_90d, 0) as complaints_90d,
    coalesce(contacts.purchase_intent_90d, 0) as purchase_intent_90d,
    coalesce(contacts.open_follow_ups, 0) as open_follow_ups,
    coalesce(contacts.compliance_findings_90d, 0) as compliance_findings_90d,
    last_scores.csat_last,
    last_scores.nps_last,
    last_scores.ces_last,
    -- whether they stay
    contacts.churn_level,
    -- Zero only for people who were in touch within the window and gave no sign.
    coalesce(churn.churn_score, case when contacts.interactions_90d > 0 then 0 end)
        as churn_score,
    churn.churn_reasons,
    crm.churned_on
from {{ ref('dim_customer') }} as customers
cross join as_of
left join {{ ref('int_person_crm') }} as crm on customers.person_id = crm.person_id
left join {{ ref('int_person_contacts') }} as contacts
    on customers.person_id = contacts.person_id
left join last_scores on customers.person_id = last_scores.person_id
left join churn on customers.person_id = churn.person_id
