{# A number as people write it: thousands apart, no decimals where there are none. #}
{% macro plain_number(column) -%}
regexp_replace(format('{:,.2f}', {{ column }}), '\.00$', '')
{%- endmacro %}
