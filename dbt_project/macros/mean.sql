{# A mean that does not depend on the order of rows, so that rebuilds agree to the last digit. #}
{% macro mean(value) -%}
    round(favg({{ value }}), 6)
{%- endmacro %}

{% macro mean_where(value, condition) -%}
    round(favg({{ value }}) filter (where {{ condition }}), 6)
{%- endmacro %}
