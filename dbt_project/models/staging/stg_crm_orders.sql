-- Grain: one row per order.
with source as (
    select * from {{ source('lake', 'crm_orders') }}
),

renamed as (
    select
        -- ids
        order_id,
        customer_key,
        record_id,
        payload_id,
        -- words
        product,
        currency,
        lower(status) as status,
        -- numbers
        amount,
        -- times
        ordered_at,
        {{ business_date('ordered_at') }} as business_date
    from source
)

select * from renamed
