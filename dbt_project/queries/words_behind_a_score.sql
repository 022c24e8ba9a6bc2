-- The words behind the most at-risk customer's churn level, with the version that tagged them.
select
    fct_annotation.business_date,
    fct_annotation.interaction_id,
    fct_annotation.turn_no,
    fct_annotation.tag,
    fct_annotation.score,
    fct_annotation.evidence,
    fct_annotation.detector,
    fct_annotation.detector_version
from marts.fct_annotation
where
    fct_annotation.family = 'churn'
    and fct_annotation.person_id = (
        select person_id from marts.churn_watchlist order by churn_score desc, person_id limit 1
    )
order by fct_annotation.business_date, fct_annotation.turn_no;
