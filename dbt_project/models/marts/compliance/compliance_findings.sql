-- Grain: one row per finding of a compliance rule.
-- Rules about words were decided when the words were tagged, rules about persons are decided here.
with findings as (
    select
        annotation_id as finding_id,
        tag as rule_id,
        score,
        evidence as quote,
        interaction_id,
        turn_no,
        detector,
        detector_version,
        rulebook_version
    from {{ ref('fct_annotation') }}
    where family = 'compliance'
    union all
    select
        md5(concat_ws(chr(31), 'person', rulebook_version, rule_id, interaction_id)) as finding_id,
        rule_id,
        1.0 as score,
        quote,
        interaction_id,
        turn_no,
        detector,
        detector_version,
        rulebook_version
    from {{ ref('int_contact_findings') }}
)

select
    findings.finding_id,
    findings.rule_id,
    findings.score,
    findings.quote,
    findings.interaction_id,
    findings.turn_no,
    turns.turn_id,
    turns.role,
    interactions.person_id,
    interactions.agent_id,
    interactions.channel,
    interactions.direction,
    interactions.campaign,
    interactions.business_date,
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
    (select parameters.release from {{ source('lake', 'parameters') }}) as release
from findings
inner join {{ ref('fct_interaction') }} as interactions
    on findings.interaction_id = interactions.interaction_id
left join {{ ref('stg_turns') }} as turns
    on
        findings.interaction_id = turns.interaction_id
        and findings.turn_no = turns.turn_no
