-- Grain: one row per recording.
select
    -- ids
    recording_id,
    interaction_id,
    file_sha256,
    record_id,
    payload_id,
    -- when
    business_date,
    started_at,
    -- which
    tied_by,
    format,
    codec,
    sample_rate,
    channels,
    -- how long
    duration_seconds,
    talk_seconds,
    non_talk_seconds,
    longest_silence_seconds,
    customer_talk_seconds,
    agent_talk_seconds,
    overlap_seconds,
    -- how they spoke
    interruptions,
    customer_interruptions,
    agent_interruptions,
    channel_talk_seconds,
    channel_loudness_dbfs,
    clipped_samples,
    words,
    words_per_minute,
    -- how it is known
    transcript_source,
    transcript_engine,
    not_analysed,
    measures_version
from {{ ref('stg_recordings') }}
