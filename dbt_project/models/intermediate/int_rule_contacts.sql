-- Grain: one row per contact that a rule about persons looks at.
-- A contact counts when its words say so (a tag of family contact), or when it belongs to a
-- campaign that the rule names, so that calls which nobody answered count too.
with tagged as (
    select
        interaction_id,
        turn_no,
        tag as rule_id,
        evidence,
        detector,
        detector_version,
        rulebook_version
    from {{ ref('stg_annotations') }}
    where family = 'contact'
),

looked_at as (
    select
        rules.*,
        interactions.interaction_id,
        interactions.event_date,
        interactions.channel,
        interactions.started_at,
        persons.person_id,
        tagged.turn_no,
        tagged.evidence,
        tagged.detector,
        tagged.detector_version,
        case
            when rules.kind = 'contact_hours' then coalesce(zones.timezone, rules.timezone)
            else rules.timezone
        end as clock
    from {{ ref('stg_contact_rules') }} as rules
    cross join {{ ref('stg_interactions') }} as interactions
    inner join {{ ref('int_interaction_persons') }} as persons
        on interactions.interaction_id = persons.interaction_id
    left join tagged
        on
            interactions.interaction_id = tagged.interaction_id
            and rules.rule_id = tagged.rule_id
            and rules.rulebook_version = tagged.rulebook_version
    left join {{ ref('int_person_crm') }} as crm on persons.person_id = crm.person_id
    left join {{ ref('city_zones') }} as zones on lower(trim(crm.city)) = zones.city
    where
        -- Strangers cannot be counted; their hours are judged by the zone of the rule.
        (persons.person_id is not null or rules.kind = 'contact_hours')
        and (len(rules.directions) = 0 or list_contains(rules.directions, interactions.direction))
        and (len(rules.channels) = 0 or list_contains(rules.channels, interactions.channel))
        and (
            tagged.interaction_id is not null
            or list_contains(rules.campaigns, interactions.campaign)
        )
)

select
    rule_id,
    rulebook_version,
    kind,
    opens,
    closes,
    weekdays,
    holidays,
    at_most,
    within_days,
    interaction_id,
    event_date,
    channel,
    started_at,
    person_id,
    turn_no,
    coalesce(evidence, '') as evidence,
    coalesce(detector, 'compliance') as detector,
    coalesce(detector_version, 'campaign') as detector_version,
    clock,
    timezone(clock, started_at) as started_there
from looked_at
