-- Grain: one row per contact that breaks a rule about persons: too often, or at a forbidden hour
-- on the customer's own clock.
with contacts as (
    select * from {{ ref('int_rule_contacts') }}
),

too_often as (
    select
        contacts.rule_id,
        contacts.interaction_id,
        count(*) as made,
        string_agg(
            strftime(earlier.started_there, '%Y-%m-%d %H:%M:%S') || ' ' || earlier.channel,
            '; '
            order by earlier.started_at, earlier.interaction_id
        ) as which
    from contacts
    inner join contacts as earlier
        on
            contacts.rule_id = earlier.rule_id
            and contacts.person_id = earlier.person_id
            and cast(earlier.started_there as date)
            > cast(contacts.started_there as date) - contacts.within_days
            and (earlier.started_at, earlier.interaction_id)
            <= (contacts.started_at, contacts.interaction_id)
    where contacts.kind = 'contact_frequency'
    group by contacts.rule_id, contacts.interaction_id, contacts.at_most
    having count(*) > contacts.at_most
),

at_odd_hours as (
    select
        rule_id,
        interaction_id
    from contacts
    where
        kind = 'contact_hours'
        and (
            not list_contains(weekdays, isodow(started_there))
            or list_contains(holidays, cast(started_there as date))
            or cast(started_there as time) not between opens and closes
        )
)

select
    contacts.rule_id,
    contacts.interaction_id,
    contacts.event_date,
    contacts.person_id,
    contacts.turn_no,
    case
        when too_often.made is not null
            then
                too_often.made || ' contacts in ' || contacts.within_days || ' day(s), '
                || contacts.at_most || ' allowed: ' || too_often.which
        else
            trim(contacts.evidence || ' at ')
            || strftime(contacts.started_there, ' %Y-%m-%d %H:%M:%S ') || contacts.clock
    end as quote,
    contacts.detector,
    contacts.detector_version,
    contacts.rulebook_version
from contacts
left join too_often
    on
        contacts.rule_id = too_often.rule_id
        and contacts.interaction_id = too_often.interaction_id
left join at_odd_hours
    on
        contacts.rule_id = at_odd_hours.rule_id
        and contacts.interaction_id = at_odd_hours.interaction_id
where too_often.interaction_id is not null or at_odd_hours.interaction_id is not null
