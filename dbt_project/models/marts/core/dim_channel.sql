-- Grain: one row per channel.
select
    channel,
    label_en,
    label_id,
    is_spoken,
    is_public
from {{ ref('channels') }}
