-- Grain: one row per inbound interaction of a known person about a known driver.
{{ config(materialized='view') }}

{%- set repeat_days = var('repeat_days') | int %}

with as_of as (
    select max(business_date) as as_of_date
    from {{ ref('stg_interactions') }}
),

contacts as (
    select
        interactions.interaction_id,
        interactions.started_at,
        interactions.business_date,
        interactions.channel,
        lag(interactions.started_at) over earlier_first as previous_at,
        lag(interactions.interaction_id) over earlier_first as previous_id,
        lag(interactions.channel) over earlier_first as previous_channel,
        lead(interactions.started_at) over earlier_first as next_at
    from {{ ref('stg_interactions') }} as interactions
    inner join {{ ref('int_interaction_persons') }} as persons
        on interactions.interaction_id = persons.interaction_id
    inner join {{ ref('int_interaction_tags') }} as tags
        on interactions.interaction_id = tags.interaction_id
    where
        persons.person_id is not null
        -- Two contacts about something unknown need not be about the same thing.
        and tags.primary_driver <> 'other'
        -- The company calling back is service, not a repeated effort of the customer.
        and coalesce(interactions.direction, 'inbound') = 'inbound'
    window earlier_first as (
        partition by persons.person_id, tags.primary_driver
        order by interactions.started_at, interactions.interaction_id
    )
)

select
    contacts.interaction_id,
    coalesce(contacts.started_at - contacts.previous_at <= interval {{ repeat_days }} day, false)
        as is_repeat_contact,
    case
        when contacts.next_at - contacts.started_at <= interval {{ repeat_days }} day then false
        when contacts.business_date + {{ repeat_days }} < as_of.as_of_date then true
    end as is_first_contact_resolved,
    case
        when contacts.started_at - contacts.previous_at <= interval {{ repeat_days }} day
            then contacts.previous_id
    end as previous_interaction_id,
    -- The same matter carried to another channel.
    coalesce(
        contacts.started_at - contacts.previous_at <= interval {{ repeat_days }} day
        and contacts.previous_channel <> contacts.channel,
        false
    ) as is_channel_hop
from contacts
cross join as_of
