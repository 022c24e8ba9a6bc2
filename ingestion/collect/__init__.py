"""Webhooks to landing files: taken in over HTTP, durable before they are acknowledged."""
