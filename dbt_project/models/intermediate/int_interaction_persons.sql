-- Grain: one row per interaction.
with opened as (
    select
        turns.interaction_id,
        persons.person_id
    from {{ ref('int_interaction_turns') }} as turns
    inner join {{ ref('stg_persons') }} as persons
        on turns.first_customer_key = persons.handle_key
),

present as (
    select
        participants.interaction_id,
        persons.person_id,
        -- A public thread may show several people; the one with most handles stands for it.
        row_number() over (
            partition by participants.interaction_id
            order by count(*) desc, persons.person_id
        ) as place,
        count(*) over (partition by participants.interaction_id) as persons_present
    from {{ ref('stg_participants') }} as participants
    inner join {{ ref('stg_persons') }} as persons
        on participants.handle_key = persons.handle_key
    where participants.role = 'customer'
    group by participants.interaction_id, persons.person_id
)

select
    interactions.interaction_id,
    -- Whoever spoke first opened the contact.
    coalesce(opened.person_id, present.person_id) as person_id,
    coalesce(present.persons_present, 0) as persons_present
from {{ ref('stg_interactions') }} as interactions
left join opened on interactions.interaction_id = opened.interaction_id
left join present
    on interactions.interaction_id = present.interaction_id and present.place = 1
