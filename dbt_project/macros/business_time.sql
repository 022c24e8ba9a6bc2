{# Clock and calendar of the business zone; the zone is always named, never the session's. #}
{% macro local_time(moment) -%}
    timezone('{{ var("business_timezone") }}', {{ moment }})
{%- endmacro %}

{% macro business_date(moment) -%}
    cast({{ local_time(moment) }} as date)
{%- endmacro %}

{# Within the last `days` days, the as-of day included. #}
{% macro within_days(day, as_of, days) -%}
    ({{ day }} > {{ as_of }} - {{ days }} and {{ day }} <= {{ as_of }})
{%- endmacro %}
