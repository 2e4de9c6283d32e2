"""An advert that somebody pastes: what it surely says, each fact with the words that say it.

Pure functions of their text: no database, no clock, no network.
"""
