-- Grain: one row per subscription.
with source as (
    select * from {{ source('lake', 'crm_subscriptions') }}
),

renamed as (
    select
        -- ids
        subscription_id,
        customer_key,
        record_id,
        payload_id,
        -- words
        product,
        plan,
        currency,
        lower(status) as status,
        -- numbers
        monthly_fee,
        -- times
        started_on,
        ended_on,
        updated_at
    from source
)

select * from renamed
