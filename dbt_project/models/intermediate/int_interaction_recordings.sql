-- Grain: one row per interaction that was recorded.
with recordings as (
    select *
    from {{ ref('stg_recordings') }}
    where interaction_id is not null
    -- The same recording in two formats counts once.
    qualify row_number() over (
        partition by interaction_id, name_hash order by duration_seconds desc, recording_id
    ) = 1
)

select
    interaction_id,
    count(*) as recordings,
    round(fsum(duration_seconds), 3) as recorded_seconds,
    -- One part that could not be measured leaves the whole unknown.
    case when count(talk_seconds) = count(*) then round(fsum(talk_seconds), 3) end
        as speech_seconds,
    case when count(non_talk_seconds) = count(*) then round(fsum(non_talk_seconds), 3) end
        as silence_seconds,
    max(longest_silence_seconds) as longest_silence_seconds,
    case when count(overlap_seconds) = count(*) then round(fsum(overlap_seconds), 3) end
        as overlap_seconds,
    case when count(interruptions) = count(*) then cast(sum(interruptions) as bigint) end
        as interruptions,
    max(words_per_minute) as words_per_minute
from recordings
group by interaction_id
