"""Rank roles for candidates and candidates for roles."""
