-- Grain: one row per file, source and missing thing.
with waiting as (
    select
        file_sha256,
        source_system,
        waits_for,
        count(*) as conversations,
        cast(sum(records) as bigint) as records
    from {{ ref('stg_waiting') }}
    group by file_sha256, source_system, waits_for
),

landed as (
    select
        file_sha256,
        min(file_name) as file_name,
        min(landed_at) as waiting_since,
        min(business_date) as business_date
    from {{ ref('stg_coverage') }}
    group by file_sha256
),

newest as (
    select max(business_date) as last_date from {{ ref('stg_coverage') }}
)

select
    waiting.source_system,
    landed.file_name,
    waiting.waits_for,
    waiting.conversations,
    waiting.records,
    landed.waiting_since,
    date_diff('day', landed.business_date, newest.last_date) as days_waiting,
    waiting.file_sha256
from waiting
cross join newest
left join landed
    on waiting.file_sha256 = landed.file_sha256
