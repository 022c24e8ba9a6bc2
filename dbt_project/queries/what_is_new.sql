-- What were the last two weeks about, and on which days did a driver exceed its own history?
select
    interactions.primary_driver as driver,
    count(distinct interactions.interaction_id) as contacts,
    count(distinct issues.business_date) as days_beyond_history,
    min(issues.chance) as least_chance,
    arg_min(issues.quote, issues.chance) as quote
from marts.fct_interaction as interactions
left join marts.emerging_issues as issues
    on
        interactions.primary_driver = issues.driver
        and interactions.business_date = issues.business_date
        and issues.is_emerging
where
    interactions.primary_driver is not null
    and interactions.business_date > (select max(fct_interaction.business_date) - 14 from marts.fct_interaction)
group by interactions.primary_driver
order by days_beyond_history desc, contacts desc;
