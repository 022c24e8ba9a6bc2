{# The beginning of a text on one line, with a mark where more follows. #}
{% macro shortened(text) -%}
    case
        when length({{ text }}) > 160
            then left(regexp_replace({{ text }}, '\s+', ' ', 'g'), 160) || ' ...'
        else regexp_replace({{ text }}, '\s+', ' ', 'g')
    end
{%- endmacro %}
