-- Grain: one row per customer record that the CRM calls lost.
with source as (
    select * from {{ source('lake', 'crm_churn_outcomes') }}
),

renamed as (
    select
        -- ids
        customer_key,
        record_id,
        payload_id,
        -- words
        reason,
        -- times
        churned_on,
        updated_at
    from source
)

select * from renamed
