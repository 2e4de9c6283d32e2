"""The vocabulary of skills as text: reading it from files and finding skills in free text.

Pure: no database, clock or randomness, so that commands without a database use it too.
"""
