-- Grain: one row per satisfaction score, given in the contact itself or in a survey.
select
    -- ids
    score_id,
    interaction_id,
    person_id,
    -- the score
    score_type,
    score,
    given_in,
    -- where it comes from
    record_id,
    payload_id,
    -- when
    scored_at,
    {{ business_date('scored_at') }} as business_date
from {{ ref('int_scores') }}
