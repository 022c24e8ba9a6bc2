"""Scripts that fit the shipped models and word lists from data outside the project."""
