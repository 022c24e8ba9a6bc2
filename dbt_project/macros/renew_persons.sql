{# Set person_id anew where identity resolution has changed its mind; touches no other row. #}
{% macro renew_persons() -%}
    {%- if execute and is_incremental() -%}
        update {{ this }} as facts
        set person_id = persons.person_id
        from {{ ref('int_interaction_persons') }} as persons
        where
            facts.interaction_id = persons.interaction_id
            and facts.person_id is distinct from persons.person_id
    {%- endif -%}
{%- endmacro %}
