-- Grain: one row per satisfaction score, given in the contact itself or in a survey.
{%- set survey_days = var('survey_days') | int %}

with contacts as (
    select
        interactions.interaction_id,
        interactions.conversation_hash,
        interactions.started_at,
        coalesce(interactions.ended_at, interactions.started_at) as ended_at,
        interactions.csat,
        interactions.ces,
        interactions.nps,
        interactions.payload_id,
        persons.person_id
    from {{ ref('stg_interactions') }} as interactions
    inner join {{ ref('int_interaction_persons') }} as persons
        on interactions.interaction_id = persons.interaction_id
),

surveys as (
    select
        surveys.response_id,
        surveys.conversation_hash,
        surveys.survey_type,
        surveys.score,
        surveys.answered_at,
        surveys.record_id,
        surveys.payload_id,
        persons.person_id
    from {{ ref('stg_survey_responses') }} as surveys
    left join {{ ref('stg_persons') }} as persons
        on surveys.customer_key = persons.handle_key
),

candidates as (
    select
        surveys.response_id,
        contacts.interaction_id,
        contacts.person_id,
        true as by_conversation,
        contacts.started_at <= surveys.answered_at as was_before,
        contacts.started_at
    from surveys
    inner join contacts on surveys.conversation_hash = contacts.conversation_hash
    union all
    select
        surveys.response_id,
        contacts.interaction_id,
        contacts.person_id,
        false as by_conversation,
        true as was_before,
        contacts.started_at
    from surveys
    inner join contacts
        on
            surveys.person_id = contacts.person_id
            and surveys.answered_at >= contacts.ended_at
            and surveys.answered_at <= contacts.ended_at + interval {{ survey_days }} day
),

matched as (
    select
        response_id,
        interaction_id,
        person_id
    from candidates
    qualify row_number() over (
        partition by response_id
        order by by_conversation desc, was_before desc, started_at desc, interaction_id
    ) = 1
),

from_contacts as (
    unpivot (
        select
            interaction_id,
            person_id,
            payload_id,
            ended_at as scored_at,
            csat,
            ces,
            nps
        from contacts
    )
    on csat, ces, nps
    into name score_type value score
)

select
    interaction_id || ' ' || score_type as score_id,
    interaction_id,
    person_id,
    score_type,
    score,
    scored_at,
    'contact' as given_in,
    cast(null as varchar) as record_id,
    payload_id
from from_contacts
union all
select
    surveys.response_id as score_id,
    matched.interaction_id,
    coalesce(surveys.person_id, matched.person_id) as person_id,
    surveys.survey_type as score_type,
    surveys.score,
    surveys.answered_at as scored_at,
    'survey' as given_in,
    surveys.record_id,
    surveys.payload_id
from surveys
left join matched on surveys.response_id = matched.response_id
