-- Grain: one row per finding of a compliance rule.
select
    findings.annotation_id as finding_id,
    findings.tag as rule_id,
    findings.score,
    findings.evidence as quote,
    findings.interaction_id,
    findings.turn_no,
    findings.turn_id,
    findings.role,
    interactions.person_id,
    interactions.agent_id,
    interactions.channel,
    interactions.direction,
    interactions.campaign,
    findings.business_date,
    -- A rule about the whole contact (something never said) points at its beginning.
    {{ local_time(
        "coalesce("
        ~ "turns.sent_at, "
        ~ "interactions.started_at + to_microseconds(cast(turns.start_seconds * 1e6 as bigint)), "
        ~ "interactions.started_at)"
    ) }} as found_local,
    findings.detector,
    findings.detector_version,
    findings.rulebook_version,
    findings.release
from {{ ref('fct_annotation') }} as findings
inner join {{ ref('fct_interaction') }} as interactions
    on findings.interaction_id = interactions.interaction_id
left join {{ ref('stg_turns') }} as turns
    on
        findings.interaction_id = turns.interaction_id
        and findings.turn_no = turns.turn_no
where findings.family = 'compliance'
