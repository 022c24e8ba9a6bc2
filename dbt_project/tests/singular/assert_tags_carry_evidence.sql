-- A tag without the words that support it is a defect. Only a rule about something never said
-- has no words to show.
{{ config(severity='warn') }}

select
    annotation_id,
    family,
    tag
from {{ ref('fct_annotation') }}
where coalesce(evidence, '') = '' and family <> 'compliance'
