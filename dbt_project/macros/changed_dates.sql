{#
    Incremental by silver partition. A partition that changed is forgotten and read again as a
    whole, so late, changed and vanished rows all end as they would in a full refresh.
    Usage: pre_hook="{{ forget_changed_dates() }}" and `where {{ in_changed_dates() }}`.
#}
{% macro forget_changed_dates() -%}
    {%- if execute and is_incremental() -%}
        delete from {{ this }} where {{ in_changed_dates() }}
    {%- endif -%}
{%- endmacro %}

{% macro in_changed_dates(column='event_date') -%}
    {%- set dates = var('changed_dates', none) -%}
    {%- if dates is none or not is_incremental() -%}
        true
    {%- elif dates | length == 0 -%}
        false
    {%- else -%}
        {{ column }} in (
            {%- for day in dates %}date '{{ modules.datetime.date.fromisoformat(day | string) }}'
                {%- if not loop.last %}, {% endif %}{% endfor -%}
        )
    {%- endif -%}
{%- endmacro %}

{# True when no list of changed dates was given: then tables are made anew. #}
{% macro rebuild_all() -%}
    {{ return(true if var('changed_dates', none) is none else none) }}
{%- endmacro %}
