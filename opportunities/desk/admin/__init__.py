"""The staff desk in the admin: no status can be edited here, every button calls an operation."""

from opportunities.desk.admin import desk, people

__all__ = ["desk", "people"]
