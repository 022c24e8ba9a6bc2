-- Grain: one row per recording.
with source as (
    select * from {{ source('lake', 'recordings') }}
),

renamed as (
    select
        -- ids
        recording_id,
        interaction_id,
        file_sha256,
        name_hash,
        record_id,
        payload_id,
        -- words
        tied_by,
        format,
        codec,
        transcript_source,
        transcript_engine,
        not_analysed,
        measures_version,
        -- numbers
        sample_rate,
        channels,
        duration_seconds,
        talk_seconds,
        non_talk_seconds,
        longest_silence_seconds,
        customer_talk_seconds,
        agent_talk_seconds,
        overlap_seconds,
        interruptions,
        customer_interruptions,
        agent_interruptions,
        channel_talk_seconds,
        channel_loudness_dbfs,
        clipped_samples,
        words,
        words_per_minute,
        -- times
        started_at,
        {{ business_date('started_at') }} as business_date
    from source
)

select * from renamed
