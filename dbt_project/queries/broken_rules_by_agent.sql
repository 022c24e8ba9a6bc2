-- Which rules were broken, by whom, and with what words?
select
    rule_id,
    agent_id,
    count(*) as findings,
    max(business_date) as latest,
    arg_max(quote, business_date) as latest_quote
from marts.compliance_findings
group by rule_id, agent_id
order by findings desc, rule_id, agent_id;
