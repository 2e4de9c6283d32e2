"""Ranks roles for candidates and candidates for roles."""

ENGINE_VERSION = "2026.12.1"
"""Raised with every change of the engine that changes a score or a list."""
