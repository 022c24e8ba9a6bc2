-- After a promotion all partitions must have been read again; a mix of releases shows otherwise.
select release
from {{ ref('fct_annotation') }}
where release not in (select parameters.release from {{ source('lake', 'parameters') }})
group by release
