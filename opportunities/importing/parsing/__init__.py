"""Turn the words of job boards into typed facts; what cannot be read surely stays unread.

Functions of their text and the table of cities alone: no database, no clock. Each returns what it
understood and says whether the words said more than that.
"""

from opportunities.importing.parsing.choices import (
    field_of_work,
    format_named,
    is_shadowing,
    schedule,
    truth,
    words_of,
)
from opportunities.importing.parsing.dates import Start, last_day, parse_date, parse_start
from opportunities.importing.parsing.durations import Duration, parse_duration
from opportunities.importing.parsing.numerals import parse_number
from opportunities.importing.parsing.payments import Payment, parse_payment
from opportunities.importing.parsing.places import Place, country_code, parse_place, says_mode

__all__ = [
    "Duration", "Payment", "Place", "Start", "country_code", "field_of_work", "format_named",
    "is_shadowing", "last_day", "parse_date", "parse_duration", "parse_number", "parse_payment",
    "parse_place", "parse_start", "says_mode", "schedule", "truth", "words_of",
]  # fmt: skip
