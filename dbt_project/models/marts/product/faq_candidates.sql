-- Grain: one row per question that enough contacts asked.
with questions as (
    select * from {{ ref('stg_text_clusters') }}
    where kind = 'question'
),

totals as (
    select
        cluster_id,
        arg_min(name, week) as name,
        sum(mentions) as mentions,
        sum(interactions) as interactions,
        count(*) as weeks,
        min(week) as first_week,
        max(week) as last_week,
        arg_max(examples[1], (mentions, week)) as question,
        arg_max(example_interaction_ids[1], (mentions, week)) as question_interaction_id
    from questions
    group by cluster_id
),

driver_rows as (
    select
        cluster_id,
        unnest(drivers) as driver,
        unnest(driver_interactions) as contacts
    from questions
),

driver_totals as (
    select
        cluster_id,
        driver,
        sum(contacts) as contacts
    from driver_rows
    group by cluster_id, driver
),

driver_lists as (
    select
        cluster_id,
        string_agg(driver || ' ' || contacts, ', ' order by contacts desc, driver) as drivers
    from driver_totals
    group by cluster_id
),

answer_rows as (
    select
        cluster_id,
        unnest(answers) as answer,
        unnest(answer_counts) as given
    from questions
),

answer_totals as (
    select
        cluster_id,
        answer,
        sum(given) as given
    from answer_rows
    group by cluster_id, answer
    -- What one agent said once is no answer that agents use.
    having sum(given) >= 2
),

answers as (
    select
        cluster_id,
        arg_min(answer, (-given, answer)) as answer,
        max(given) as given
    from answer_totals
    group by cluster_id
),

-- An answer of few is no answer of the company.
usual_answers as (
    select answers.*
    from answers
    inner join totals on answers.cluster_id = totals.cluster_id
    where answers.given >= {{ var('faq_least_answer_share') }} * totals.mentions
)

select
    totals.cluster_id as question_id,
    totals.name,
    totals.question,
    cast(totals.mentions as bigint) as mentions,
    cast(totals.interactions as bigint) as interactions,
    totals.weeks,
    totals.first_week,
    totals.last_week,
    driver_lists.drivers,
    usual_answers.answer,
    cast(coalesce(usual_answers.given, 0) as bigint) as answer_given,
    totals.question_interaction_id
from totals
left join driver_lists on totals.cluster_id = driver_lists.cluster_id
left join usual_answers on totals.cluster_id = usual_answers.cluster_id
where totals.interactions >= {{ var('faq_least_contacts') }}
