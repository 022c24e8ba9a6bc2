"""Tags with evidence: redaction, language, sentiment, drivers, churn, compliance. Pure functions."""
