"""Clients that others would generate from the schema, against the served API."""
