"""Why a fault that no test noticed is none, by the name that the report gives it."""

from typing import Final

WHY: Final = {
    "70f8547126": "It changes nothing: two bytes too many are refused as one is.",
    "ced10cb6e7": "A stronger lock of the same row: nobody waits who would not have waited.",
    "a17289ae1e": "Only a count in the log, where another sweep holds the row.",
    "d247d8513e": "The page and the API each refuse a larger file before it is read.",
    "2d5da8e555": "What is left over after one place was taken makes the line unread all the same.",
    "31e85d5efc": "How many imports one sweep hands out.",
    "9d35db5455": "Only whose names are looked up beforehand; what is written is asked again.",
    "4ae031dc49": "It changes nothing: one times one is one.",
    "ea890396f9": "Words between two lengths are left over: the line is unread all the same.",
    "68e1927e3b": "It changes nothing: no triple of words ends where the text begins.",
    "0bb8803119": "It changes nothing: NumPy takes any negative length as the one that follows.",
    "41c6b34111": "It leases endpoints that are owed nothing, and gives them back in that turn.",
    "17a3e7816f": "How many notices one turn takes.",
    "f65a683aca": "A cursor of that length is refused as malformed anyhow.",
    "c4c1cb36d0": "A token of that length is looked up, and not found.",
    "6aee0801b6": "It changes nothing: one row more is read, and cut off.",
    "ffb222b10c": "It changes nothing: one piece and none are said alike, only more are counted.",
}
