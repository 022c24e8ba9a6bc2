-- Which issues emerged in the last two weeks, the least likely chance first?
select
    business_date,
    driver,
    dimension,
    value,
    interactions,
    round(usual, 1) as usual,
    chance,
    quote
from marts.emerging_issues
where
    is_emerging
    and business_date > (select max(fct_interaction.business_date) - 14 from marts.fct_interaction)
order by chance, business_date;
