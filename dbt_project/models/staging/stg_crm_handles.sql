-- Grain: one row per handle of one CRM customer.
with source as (
    select * from {{ source('lake', 'crm_handles') }}
),

renamed as (
    select
        -- ids
        customer_key,
        handle_key,
        record_id,
        -- words
        handle_type
    from source
)

select * from renamed
