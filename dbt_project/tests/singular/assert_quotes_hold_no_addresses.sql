-- No e-mail address and no Indonesian mobile number stands in words that leave the lake.
{{ config(severity='warn') }}

select annotation_id
from {{ ref('fct_annotation') }}
where regexp_matches(evidence, '[\w.+-]+@[\w-]+\.\w|(\+62|\b62|\b0)8[0-9][0-9 .-]{7,}')
