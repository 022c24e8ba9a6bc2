-- A CRM customer whom identity resolution does not know would be missing from the 360.
{{ config(severity='warn') }}

select customers.customer_key
from {{ ref('stg_crm_customers') }} as customers
left join {{ ref('stg_persons') }} as persons
    on customers.customer_key = persons.handle_key
where persons.handle_key is null
