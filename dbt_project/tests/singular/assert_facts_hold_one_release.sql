-- After a promotion all partitions must have been read again; a mix of releases shows otherwise.
select release
from {{ ref('fct_annotation') }}
where release <> '{{ var("release") }}'
group by release
