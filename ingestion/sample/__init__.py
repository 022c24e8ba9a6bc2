"""The bundled sample: a seeded generator of source files of an invented company.

It writes what real sources deliver, so that the real connectors read it. Tables, tags and
anything else that the pipeline derives do not belong here.
"""
