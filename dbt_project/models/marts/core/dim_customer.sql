-- Grain: one row per person.
with handles as (
    select
        person_id,
        count(*) as handles,
        count(*) filter (where handle_type = 'phone') as phones,
        count(*) filter (where handle_type = 'email') as emails,
        count(*) filter (
            where handle_type in (
                'whatsapp_user_id', 'messenger_user_id', 'instagram_user_id',
                'x_user_id', 'x_username', 'mastodon_account', 'facebook_user_id'
            )
        ) as social_handles,
        max(identity_version) as identity_version
    from {{ ref('stg_persons') }}
    group by person_id
),

links as (
    select
        persons.person_id,
        count(*) as identity_links
    from {{ ref('stg_identity_edges') }} as edges
    inner join {{ ref('stg_persons') }} as persons
        on edges.left_key = persons.handle_key
    where edges.active
    group by persons.person_id
),

contacts as (
    select
        person_id,
        count(*) as interactions,
        string_agg(distinct channel, ', ' order by channel) as channels_used,
        min(business_date) as first_seen,
        max(business_date) as last_seen
    from {{ ref('fct_interaction') }}
    where person_id is not null
    group by person_id
)

select
    handles.person_id,
    coalesce(crm.customer_keys, 0) as customer_keys,
    crm.segment,
    crm.city,
    crm.preferred_language,
    crm.birth_year,
    crm.signed_up_on,
    crm.lifetime_value,
    handles.handles,
    handles.phones,
    handles.emails,
    handles.social_handles,
    coalesce(links.identity_links, 0) as identity_links,
    contacts.channels_used,
    contacts.first_seen,
    contacts.last_seen,
    coalesce(contacts.interactions, 0) as interactions,
    handles.identity_version
from handles
left join {{ ref('int_person_crm') }} as crm on handles.person_id = crm.person_id
left join links on handles.person_id = links.person_id
left join contacts on handles.person_id = contacts.person_id
