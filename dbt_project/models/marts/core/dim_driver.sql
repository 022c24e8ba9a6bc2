-- Grain: one row per contact driver: the default fourteen and any of a taxonomy of one's own.
with used as (
    select primary_driver as driver
    from {{ ref('int_interaction_tags') }}
    where primary_driver is not null
    union
    select secondary_driver as driver
    from {{ ref('int_interaction_tags') }}
    where secondary_driver is not null
)

select
    coalesce(standard.driver, used.driver) as driver,
    coalesce(standard.label_en, replace(used.driver, '_', ' ')) as label_en,
    coalesce(standard.label_id, replace(used.driver, '_', ' ')) as label_id,
    standard.description,
    standard.driver is not null as is_standard
from {{ ref('drivers') }} as standard
full join used on standard.driver = used.driver
