-- The law of coverage, file by file: received = accepted + duplicates + rejected.
select
    file_sha256,
    batch
from {{ ref('stg_coverage') }}
where (received = accepted + duplicates + rejected) is not true
