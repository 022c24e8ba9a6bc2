-- Grain: one row per criterion of the quality form in force.
with source as (
    select * from {{ source('lake', 'quality_form') }}
),

renamed as (
    select
        criterion,
        title_en,
        title_id,
        weight,
        rulebook_version
    from source
)

select * from renamed
