-- Tags exist, but none of the promoted release: the release is misspelt or was never written.
select 'no tags of release ' || release as problem
from {{ source('lake', 'parameters') }}
where
    exists (select 1 from {{ source('lake', 'annotations') }})
    and not exists (select 1 from {{ ref('stg_annotations') }})
