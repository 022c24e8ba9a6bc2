-- Grain: one row per answer to one survey question.
with source as (
    select * from {{ source('lake', 'survey_responses') }}
),

renamed as (
    select
        -- ids
        response_id,
        customer_key,
        conversation_hash,
        record_id,
        payload_id,
        -- words
        survey_type,
        redacted_comment,
        -- numbers
        score,
        -- times
        answered_at,
        {{ business_date('answered_at') }} as business_date
    from source
)

select * from renamed
