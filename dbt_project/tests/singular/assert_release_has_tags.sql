-- Tags exist, but none of the promoted release: the release is misspelt or was never written.
select 'no tags of release {{ var("release") }}' as problem
where
    exists (select 1 from {{ source('lake', 'annotations') }})
    and not exists (select 1 from {{ ref('stg_annotations') }})
