"""Mappings: YAML files in which a company says how its own exports are to be read."""
