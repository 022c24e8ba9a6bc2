-- Turns, participants and tags lie in the partition of their interaction. Reading again only the
-- changed partitions relies on it: a row elsewhere would be missed until the next full refresh.
with rows_elsewhere as (
    select 'turns' as table_name, interaction_id, event_date from {{ ref('stg_turns') }}
    union all
    select 'annotations' as table_name, interaction_id, event_date from {{ ref('stg_annotations') }}
    union all
    select 'participants' as table_name, interaction_id, event_date
    from {{ ref('stg_participants') }}
)

select distinct
    rows_elsewhere.table_name,
    rows_elsewhere.interaction_id,
    rows_elsewhere.event_date
from rows_elsewhere
inner join {{ ref('stg_interactions') }} as interactions
    on rows_elsewhere.interaction_id = interactions.interaction_id
where rows_elsewhere.event_date <> interactions.event_date
