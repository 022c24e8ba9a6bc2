-- Where do people ask for a human in vain?
select
    channel,
    primary_driver,
    count(*) as asked,
    count(*) filter (where human_honoured) as honoured,
    round(avg(human_after_turns), 1) as mean_turns_until_human
from marts.fct_interaction
where asked_human
group by channel, primary_driver
order by asked - honoured desc, asked desc;
