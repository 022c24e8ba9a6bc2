"""From records of all sources to conformed rows: interactions, turns, participants, CRM."""
