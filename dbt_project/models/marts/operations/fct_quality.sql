-- Grain: one row per interaction and criterion of the quality form.
with judged as (
    select
        annotation_id,
        interaction_id,
        split_part(tag, '.', 1) as criterion,
        split_part(tag, '.', 2) as outcome,
        score as weight,
        evidence as quote,
        turn_no,
        detector_version,
        rulebook_version,
        release
    from {{ ref('fct_annotation') }}
    where family = 'quality'
    -- One judgement per criterion, whoever wrote the tags: a miss is not outvoted.
    qualify row_number() over (
        partition by interaction_id, split_part(tag, '.', 1), rulebook_version
        order by split_part(tag, '.', 2) desc, turn_no, annotation_id
    ) = 1
),

said as (
    select
        criterion,
        rulebook_version,
        max(weight) as weight
    from judged
    group by criterion, rulebook_version
),

-- A criterion that applied nowhere is shown too. Tags of a release that was made with another
-- form than is installed keep that form.
form as (
    select * from said
    union all
    select
        forms.criterion,
        forms.rulebook_version,
        forms.weight
    from {{ ref('stg_quality_form') }} as forms
    left join said
        on forms.criterion = said.criterion and forms.rulebook_version = said.rulebook_version
    where
        said.criterion is null
        and (
            forms.rulebook_version in (select said.rulebook_version from said)
            or not exists (select 1 from said)
        )
)

select
    interactions.interaction_id,
    form.criterion,
    criteria.title_en,
    criteria.title_id,
    form.weight,
    coalesce(judged.outcome, 'not_applicable') as machine_outcome,
    people.outcome as human_outcome,
    coalesce(people.outcome, judged.outcome, 'not_applicable') as outcome,
    judged.quote,
    judged.turn_no,
    judged.annotation_id,
    people.judgement_id,
    people.reviewer_key,
    people.judged_at,
    people.redacted_reason as judgement_reason,
    interactions.agent_id,
    interactions.channel,
    interactions.direction,
    interactions.language,
    interactions.business_date,
    interactions.started_at,
    judged.detector_version,
    form.rulebook_version,
    judged.release
from {{ ref('fct_interaction') }} as interactions
cross join form
left join judged
    on
        interactions.interaction_id = judged.interaction_id
        and form.criterion = judged.criterion
        and form.rulebook_version = judged.rulebook_version
left join {{ ref('int_quality_judgements') }} as people
    on
        interactions.interaction_id = people.interaction_id
        and form.criterion = people.criterion
        and people.is_newest
left join {{ ref('stg_quality_form') }} as criteria on form.criterion = criteria.criterion
