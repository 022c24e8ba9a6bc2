-- Grain: one row per month, product and aspect that customers spoke about.
with sentiments as (
    select
        interaction_id,
        turn_no,
        arg_max(tag, (score, tag)) as sentiment
    from {{ ref('fct_annotation') }}
    where family = 'sentiment'
    group by interaction_id, turn_no
),

mentions as (
    select
        cast(date_trunc('month', annotations.business_date) as date) as month,
        split_part(annotations.tag, '.', 1) as product,
        split_part(annotations.tag, '.', 2) as aspect,
        annotations.annotation_id,
        annotations.interaction_id,
        annotations.person_id,
        annotations.business_date,
        sentiments.sentiment,
        regexp_replace(annotations.evidence, '\s+', ' ', 'g') as quote
    from {{ ref('fct_annotation') }} as annotations
    left join sentiments
        on
            annotations.interaction_id = sentiments.interaction_id
            and annotations.turn_no = sentiments.turn_no
    where annotations.family = 'feedback' and annotations.role = 'customer'
),

-- Many people use the same words; a quote is shown once.
quotes as (
    select
        month,
        product,
        aspect,
        quote,
        max((business_date, annotation_id)) as newest,
        row_number() over (
            partition by month, product, aspect
            order by max((business_date, annotation_id)) desc
        ) as place
    from mentions
    group by month, product, aspect, quote
),

shown as (
    select
        month,
        product,
        aspect,
        string_agg(quote, ' | ' order by place) as quotes,
        arg_min(newest[2], place) as quote_annotation_id
    from quotes
    where place <= 3
    group by month, product, aspect
),

counts as (
    select
        month,
        product,
        aspect,
        count(*) as mentions,
        count(distinct interaction_id) as interactions,
        count(distinct person_id) as persons,
        {{ mean("cast(sentiment = 'neg' as integer)") }} as negative_share
    from mentions
    group by month, product, aspect
)

select
    counts.month,
    counts.product,
    counts.aspect,
    counts.mentions,
    counts.interactions,
    counts.persons,
    counts.negative_share,
    shown.quotes,
    shown.quote_annotation_id
from counts
inner join shown
    on
        counts.month = shown.month
        and counts.product = shown.product
        and counts.aspect = shown.aspect
