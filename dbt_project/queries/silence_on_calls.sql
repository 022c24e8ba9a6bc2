-- In which queues do callers listen to silence, and who cuts in? Recorded calls, by queue.
select
    coalesce(queue, 'none stated') as queue,
    count(*) as recorded_calls,
    round(sum(silence_seconds) / sum(recorded_seconds), 2) as silence_share,
    round(avg(longest_silence_seconds)) as mean_longest_silence,
    round(avg(words_per_minute)) as mean_words_per_minute,
    sum(interruptions) as interruptions
from marts.fct_interaction
where recorded_seconds > 0 and silence_seconds is not null
group by all
order by silence_share desc, queue;
