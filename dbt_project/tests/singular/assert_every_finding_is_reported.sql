-- Each compliance tag appears as a finding, and the interaction fact counts the same number.
with counted as (
    select
        (
            select count(*) from {{ ref('fct_annotation') }} where family = 'compliance'
        ) as tagged,
        (select count(*) from {{ ref('compliance_findings') }}) as reported,
        (
            select coalesce(sum(compliance_findings), 0) from {{ ref('fct_interaction') }}
        ) as counted_in_facts
)

select *
from counted
where tagged <> reported or tagged <> counted_in_facts
