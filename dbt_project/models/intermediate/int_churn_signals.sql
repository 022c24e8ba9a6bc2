-- Grain: one row per person and kind of churn signal seen within 90 days.
with as_of as (
    select max(business_date) as as_of_date
    from {{ ref('fct_interaction') }}
),

in_contacts as (
    select
        contacts.person_id,
        contacts.business_date,
        contacts.channel,
        unnest([
            case when contacts.churn_level = 'explicit' then 'explicit_words' end,
            case when contacts.churn_level = 'implied' then 'implied_words' end,
            case when contacts.primary_driver = 'termination' then 'termination_contacts' end,
            case when contacts.is_repeat_contact then 'repeat_contacts' end,
            case
                when contacts.sentiment_mean < {{ var('negative_sentiment_below') }}
                    then 'negative_contacts'
            end,
            case when contacts.complaint then 'complaints' end,
            case when not contacts.human_honoured then 'human_not_honoured' end
        ]) as signal
    from {{ ref('fct_interaction') }} as contacts
    cross join as_of
    where
        contacts.person_id is not null
        and {{ within_days('contacts.business_date', 'as_of.as_of_date', 90) }}
),

in_answers as (
    select
        scores.person_id,
        {{ business_date('scores.scored_at') }} as business_date,
        'survey' as channel,
        'detractor_answers' as signal
    from {{ ref('int_scores') }} as scores
    cross join as_of
    where
        scores.person_id is not null
        and (
            (scores.score_type = 'nps' and scores.score <= 6)
            or (scores.score_type = 'csat' and scores.score <= 2)
        )
        and {{ within_days(business_date('scores.scored_at'), 'as_of.as_of_date', 90) }}
),

seen as (
    select * from in_contacts
    union all
    select * from in_answers
),

counted as (
    select
        person_id,
        signal,
        count(*) as occurrences,
        max(business_date) as last_date,
        arg_max(channel, (business_date, channel)) as last_channel
    from seen
    where signal is not null
    group by person_id, signal
)

select
    counted.person_id,
    counted.signal,
    counted.occurrences,
    counted.last_date,
    counted.last_channel,
    round(least(counted.occurrences * weights.weight_each, weights.weight_most), 4)
        as contribution,
    case
        when counted.signal in ('explicit_words', 'implied_words')
            then weights.one || ': ' || counted.last_date || ' ' || counted.last_channel
        when counted.occurrences = 1 then '1 ' || weights.one
        else counted.occurrences || ' ' || weights.many
    end as reason
from counted
inner join {{ ref('churn_weights') }} as weights on counted.signal = weights.signal
