"""From mail boxes, APIs and CRM databases to files in the landing folder."""
