{#
    How rare a count of `contacts` is after `total` contacts on `days` earlier like days: the
    probability of at least as many if nothing had changed. It is the tail of the negative
    binomial that predicts one more day of the same Poisson rate, and equals the exact test of
    two Poisson counts, so that a short history makes alarms rarer, not wilder.
#}
{% macro rare_count(contacts, total, days) -%}
    greatest(0, 1 - coalesce(list_sum(list_transform(
        range(cast({{ contacts }} as bigint)),
        lambda k: exp(
            lgamma({{ total }} + 1 + k) - lgamma(k + 1) - lgamma({{ total }} + 1)
            - k * ln({{ days }} + 1) + ({{ total }} + 1) * ln({{ days }} / ({{ days }} + 1.0))
        )
    )), 0))
{%- endmacro %}
