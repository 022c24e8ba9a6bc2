-- Grain: one row per tag of the promoted release.
-- Identity changes reach old rows too, so the last step renews the person of every row whose
-- interaction now belongs to somebody else; that is why no partition has to be read again.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_changed_dates() }}",
    post_hook="{{ renew_persons() }}"
) }}

select
    -- ids
    md5(
        concat_ws(
            chr(31),
            annotations.release,
            annotations.interaction_id,
            coalesce(cast(annotations.turn_no as varchar), ''),
            coalesce(cast(annotations.char_start as varchar), ''),
            coalesce(cast(annotations.char_end as varchar), ''),
            annotations.family,
            annotations.tag,
            coalesce(annotations.detector, ''),
            coalesce(annotations.rulebook_version, '')
        )
    ) as annotation_id,
    annotations.interaction_id,
    persons.person_id,
    annotations.turn_no,
    turns.turn_id,
    turns.role,
    -- the tag
    annotations.family,
    annotations.tag,
    annotations.score,
    annotations.evidence,
    annotations.char_start,
    annotations.char_end,
    -- where it comes from
    annotations.detector,
    annotations.detector_version,
    annotations.rulebook_version,
    annotations.release,
    annotations.run_id,
    -- when
    interactions.business_date,
    annotations.event_date
from {{ ref('stg_annotations') }} as annotations
left join {{ ref('stg_turns') }} as turns
    on
        annotations.interaction_id = turns.interaction_id
        and annotations.turn_no = turns.turn_no
        and annotations.event_date = turns.event_date
left join {{ ref('stg_interactions') }} as interactions
    on annotations.interaction_id = interactions.interaction_id
left join {{ ref('int_interaction_persons') }} as persons
    on annotations.interaction_id = persons.interaction_id
where {{ in_changed_dates('annotations.event_date') }}
