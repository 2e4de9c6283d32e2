"""Roles from files: tables, JSON, job XML, boards known by their shape, JobPosting; row by row.

What is stated surely becomes a typed fact, other words are kept unread, and every row that is
left out is named with line, field and reason. Imported roles wait for a moderator.
"""

from opportunities.importing.columns import Naming, read_naming
from opportunities.importing.files import FORMATS, read
from opportunities.importing.jobs import ask, claim_waiting, work
from opportunities.importing.readings import read_due
from opportunities.importing.rows import BadRow, Record, Report, Unreadable
from opportunities.importing.tables import guarded
from opportunities.importing.writing import import_opportunities

__all__ = [
    "FORMATS", "BadRow", "Naming", "Record", "Report", "Unreadable", "ask", "claim_waiting",
    "guarded", "import_opportunities", "read", "read_due", "read_naming", "work",
]  # fmt: skip
