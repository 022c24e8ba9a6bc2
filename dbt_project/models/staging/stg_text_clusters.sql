-- Grain: one row per kind, week and group of texts, under the promoted release.
with source as (
    select * from {{ source('lake', 'text_clusters') }}
),

renamed as (
    select
        -- ids
        cluster_id,
        cluster_no,
        kind,
        -- words
        name,
        phrases,
        examples,
        example_interaction_ids,
        answers,
        answer_counts,
        drivers,
        driver_interactions,
        -- numbers
        mentions,
        interactions,
        -- times
        week
    from source
    where release = (select parameters.release from {{ source('lake', 'parameters') }})
)

select * from renamed
