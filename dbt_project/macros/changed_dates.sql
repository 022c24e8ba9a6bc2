{#
    Incremental by silver partition. A partition that changed is forgotten and read again as a
    whole, so late, changed and vanished rows all end as they would in a full refresh. Which
    dates changed is data (source changed_dates), not a variable: other variables would make dbt
    parse the whole project again in every run.
    Usage: pre_hook="{{ forget_changed_dates() }}" and `where {{ in_changed_dates() }}`.
#}
{% macro forget_changed_dates() -%}
    {%- if execute and is_incremental() -%}
        delete from {{ this }} where {{ in_changed_dates() }}
    {%- endif -%}
{%- endmacro %}

{% macro in_changed_dates(column='event_date') -%}
    {%- if is_incremental() -%}
        {{ column }} in (select changed_dates.event_date from {{ source('lake', 'changed_dates') }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
