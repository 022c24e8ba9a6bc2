{# Rows for which the expression is not true; an unknown outcome fails as well. #}
{% test expression_is_true(model, expression) %}
select *
from {{ model }}
where ({{ expression }}) is not true
{% endtest %}
