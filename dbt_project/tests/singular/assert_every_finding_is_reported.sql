-- Each compliance tag and each finding about a person appears as a finding, and the interaction
-- fact counts the same number.
with counted as (
    select
        (
            select count(*) from {{ ref('fct_annotation') }} where family = 'compliance'
        ) + (select count(*) from {{ ref('int_contact_findings') }}) as tagged,
        (select count(*) from {{ ref('compliance_findings') }}) as reported,
        (
            select coalesce(sum(compliance_findings), 0) from {{ ref('fct_interaction') }}
        ) as counted_in_facts
)

select *
from counted
where tagged <> reported or tagged <> counted_in_facts
