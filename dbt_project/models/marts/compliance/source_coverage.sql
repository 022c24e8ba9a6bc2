-- Grain: one row per connector and business date of counting.
select
    coalesce(connector, 'none') as connector,
    business_date,
    count(distinct file_sha256) as files,
    cast(sum(received) as bigint) as received,
    cast(sum(accepted) as bigint) as accepted,
    cast(sum(duplicates) as bigint) as duplicates,
    cast(sum(rejected) as bigint) as rejected,
    round(sum(rejected) / nullif(sum(received), 0), 6) as rejected_share
from {{ ref('stg_coverage') }}
group by coalesce(connector, 'none'), business_date
