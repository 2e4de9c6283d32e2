"""Roles from files: tables, JSON, job XML, boards known by their shape, JobPosting; row by row.

What is stated surely becomes a typed fact, other words are kept unread, and every row that is
left out is named with line, field and reason. Imported roles wait for a moderator.
"""
