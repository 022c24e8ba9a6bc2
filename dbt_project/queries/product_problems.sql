-- What do customers find wrong with which product, and in their own words?
select
    product,
    sum(mentions) as mentions,
    round(sum(negative_share * mentions) / sum(mentions), 2) as negative_share,
    arg_max(quotes, month) as newest_quotes
from marts.product_feedback
where aspect = 'problem'
group by product
order by mentions desc;
