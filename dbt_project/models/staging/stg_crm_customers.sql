-- Grain: one row per customer record of the CRM.
with source as (
    select * from {{ source('lake', 'crm_customers') }}
),

renamed as (
    select
        -- ids
        customer_key,
        record_id,
        payload_id,
        -- words
        segment,
        city,
        preferred_language,
        marketing_consent,
        consent_channels,
        -- numbers
        birth_year,
        lifetime_value,
        -- times
        signed_up_on,
        updated_at
    from source
)

select * from renamed
