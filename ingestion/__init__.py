"""From source files to conformed records: landing, connectors, rejects, coverage."""
