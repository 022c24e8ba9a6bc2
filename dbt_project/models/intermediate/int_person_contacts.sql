-- Grain: one row per person with at least one interaction.
{%- set in_30d = within_days('contacts.business_date', 'contacts.as_of_date', 30) %}
{%- set in_90d = within_days('contacts.business_date', 'contacts.as_of_date', 90) %}

with contacts as (
    select
        *,
        max(business_date) over () as as_of_date,
        -- Ties in time are broken by id, so that rebuilds agree.
        row_number() over (
            partition by person_id order by started_at desc, interaction_id desc
        ) as newest_first,
        max(started_at) filter (where agent_turns > 0) over (partition by person_id)
            as last_agent_contact_at
    from {{ ref('fct_interaction') }}
),

summed as (
    select
        person_id,
        max(as_of_date) as as_of_date,
        count(*) as interactions_total,
        count(*) filter (where {{ in_30d }}) as interactions_30d,
        count(*) filter (where {{ in_90d }}) as interactions_90d,
        count(*) filter (where channel = 'voice') as interactions_voice,
        count(*) filter (where channel = 'chat') as interactions_chat,
        count(*) filter (where channel = 'email') as interactions_email,
        count(*) filter (where channel = 'social') as interactions_social,
        max(started_at) as last_interaction_at,
        max(channel) filter (where newest_first = 1) as last_interaction_channel,
        max(primary_driver) filter (where newest_first = 1) as last_interaction_driver,
        count(*) filter (where is_repeat_contact and {{ in_90d }}) as repeat_contacts_90d,
        {{ mean('cast(is_first_contact_resolved as integer)') }} as fcr_rate,
        {{ mean_where('sentiment_mean', in_90d) }} as sentiment_mean_90d,
        arg_max(sentiment_end, (started_at, interaction_id))
            filter (where sentiment_end is not null) as sentiment_last,
        cast(sum(transfers) filter (where {{ in_90d }}) as bigint) as transfers_90d,
        {{ mean_where('wait_seconds', in_90d) }} as wait_seconds_mean_90d,
        count(*) filter (where asked_human and {{ in_90d }}) as asks_human_90d,
        count(*) filter (where not human_honoured and {{ in_90d }}) as human_not_honoured_90d,
        count(*) filter (where complaint and {{ in_90d }}) as complaints_90d,
        count(*) filter (where purchase_intent and {{ in_90d }}) as purchase_intent_90d,
        -- Promised and not spoken with an agent since.
        count(*) filter (
            where follow_up
            and {{ in_90d }}
            and started_at >= coalesce(last_agent_contact_at, started_at)
        ) as open_follow_ups,
        cast(
            coalesce(sum(compliance_findings) filter (where {{ in_90d }}), 0) as bigint
        ) as compliance_findings_90d,
        -- Null as long as the customer has not said a word in the window.
        case max(
            case churn_level when 'explicit' then 2 when 'implied' then 1 when 'none' then 0 end
        ) filter (where {{ in_90d }})
            when 2 then 'explicit'
            when 1 then 'implied'
            when 0 then 'none'
        end as churn_level
    from contacts
    where person_id is not null
    group by person_id
),

favourites as (
    select
        person_id,
        channel as preferred_channel
    from contacts
    where person_id is not null and coalesce(direction, 'inbound') = 'inbound'
    group by person_id, channel
    qualify row_number() over (
        partition by person_id order by count(*) desc, max(started_at) desc, channel
    ) = 1
),

spoken as (
    select
        person_id,
        language as spoken_language
    from contacts
    where person_id is not null and language is not null
    group by person_id, language
    qualify row_number() over (
        partition by person_id
        order by language = 'other', count(*) desc, max(started_at) desc, language
    ) = 1
),

topics as (
    select
        person_id,
        primary_driver as top_driver_90d
    from contacts
    where person_id is not null and primary_driver is not null and {{ in_90d }}
    group by person_id, primary_driver
    qualify row_number() over (
        partition by person_id
        order by primary_driver = 'other', count(*) desc, max(started_at) desc, primary_driver
    ) = 1
)

select
    summed.*,
    favourites.preferred_channel,
    spoken.spoken_language,
    topics.top_driver_90d
from summed
left join favourites on summed.person_id = favourites.person_id
left join spoken on summed.person_id = spoken.person_id
left join topics on summed.person_id = topics.person_id
