-- Grain: one row per fact that a customer had to give again, and the turn that shows it.
with tags as (
    select
        annotation_id,
        interaction_id,
        turn_no,
        char_start,
        role,
        family,
        split_part(tag, '.', 1) as kind,
        -- Personal data carries its own type; facts of questions are spelled in lower case.
        case
            when family = 'effort' then split_part(tag, '.', 2)
            else lower(tag)
        end as fact,
        evidence
    from {{ ref('fct_annotation') }}
    where
        (family = 'effort' and contains(tag, '.'))
        or (
            family = 'pii' and role = 'customer'
            and tag in ('PHONE', 'EMAIL', 'ADDRESS', 'NIK', 'NPWP', 'KK', 'CARD', 'BANK_ACCOUNT')
        )
),

first_given as (
    select
        interaction_id,
        fact,
        min(turn_no) as turn_no,
        arg_min(evidence, (turn_no, char_start, annotation_id)) as evidence
    from tags
    where kind = 'first_given'
    group by interaction_id, fact
),

within_contact as (
    select
        asked.annotation_id,
        asked.interaction_id,
        asked.turn_no,
        asked.fact,
        asked.evidence as quote,
        given.interaction_id as first_interaction_id,
        given.turn_no as first_turn_no,
        given.evidence as first_quote,
        -- A bot's or a colleague's answer was not handed on.
        case
            when interactions.transfers > 0 or (asked.role = 'agent' and turns.bot_turns > 0)
                then 'after_handover'
            else 'same_contact'
        end as scope
    from tags as asked
    inner join first_given as given
        on
            asked.interaction_id = given.interaction_id
            and asked.fact = given.fact
            and asked.turn_no > given.turn_no
    inner join {{ ref('stg_interactions') }} as interactions
        on asked.interaction_id = interactions.interaction_id
    left join {{ ref('int_interaction_turns') }} as turns
        on asked.interaction_id = turns.interaction_id
    where asked.kind = 'asked_again'
),

placeholders as (
    select
        interaction_id,
        fact,
        arg_min(annotation_id, (turn_no, char_start)) as annotation_id,
        min(turn_no) as turn_no,
        arg_min(evidence, (turn_no, char_start)) as quote
    from tags
    where family = 'pii'
    group by interaction_id, fact
),

next_contact as (
    select
        later.annotation_id,
        later.interaction_id,
        later.turn_no,
        later.fact,
        later.quote,
        earlier.interaction_id as first_interaction_id,
        earlier.turn_no as first_turn_no,
        earlier.quote as first_quote,
        'next_contact' as scope
    from {{ ref('int_repeat_contacts') }} as repeats
    inner join placeholders as later on repeats.interaction_id = later.interaction_id
    inner join placeholders as earlier
        on
            repeats.previous_interaction_id = earlier.interaction_id
            and later.fact = earlier.fact
),

found as (
    select * from within_contact
    union all
    select * from next_contact
)

select
    found.annotation_id as repeat_id,
    found.interaction_id,
    found.turn_no,
    found.fact,
    found.scope,
    found.quote,
    found.first_interaction_id,
    found.first_turn_no,
    found.first_quote,
    interactions.person_id,
    interactions.agent_id,
    interactions.channel,
    interactions.business_date
from found
inner join {{ ref('fct_interaction') }} as interactions
    on found.interaction_id = interactions.interaction_id
