-- Grain: one row per judgement of a person on a criterion of the quality form.
select
    judgements.judgement_id,
    judgements.interaction_id,
    judgements.criterion,
    judgements.outcome,
    quality.machine_outcome,
    case
        when judgements.interaction_id is null then 'unknown_interaction'
        when quality.criterion is null then 'unknown_criterion'
        when judgements.is_newest then 'counts'
        else 'replaced'
    end as status,
    judgements.reviewer_key,
    judgements.judged_at,
    judgements.redacted_reason as reason,
    quality.agent_id,
    quality.channel,
    quality.business_date,
    judgements.record_id,
    judgements.payload_id
from {{ ref('int_quality_judgements') }} as judgements
left join {{ ref('fct_quality') }} as quality
    on
        judgements.interaction_id = quality.interaction_id
        and judgements.criterion = quality.criterion
qualify row_number() over (
    partition by judgements.judgement_id order by quality.rulebook_version
) = 1
