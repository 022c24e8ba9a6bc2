{# Weight of the met criteria over the weight of those that apply; null when none applies. #}
{% macro share_met(outcome) -%}
    round(
        fsum(case when {{ outcome }} = 'met' then weight else 0 end)
        / nullif(fsum(weight) filter (where {{ outcome }} <> 'not_applicable'), 0),
        6
    )
{%- endmacro %}
