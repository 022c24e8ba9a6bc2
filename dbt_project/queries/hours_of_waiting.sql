-- When do callers wait longest? By hour of the business day, calls that state their wait.
select
    started_hour,
    count(*) as calls,
    round(avg(wait_seconds)) as mean_wait_seconds,
    round(quantile_cont(wait_seconds, 0.9)) as wait_seconds_p90,
    count(*) filter (where disconnect_reason in ('abandoned', 'missed')) as unanswered
from marts.fct_interaction
where channel = 'voice' and wait_seconds is not null
group by started_hour
order by mean_wait_seconds desc;
