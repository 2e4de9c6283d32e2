"""Turn the words of job boards into typed facts; what cannot be read surely stays unread.

Functions of their text and the table of cities alone: no database, no clock. Each returns what it
understood and says whether the words said more than that.
"""
