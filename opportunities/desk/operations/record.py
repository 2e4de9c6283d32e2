"""The record of decisions, looked through by the names of what was decided on."""

import re
from typing import Final

from django.contrib.postgres.search import Lexeme, SearchQuery
from django.db.models import Q, QuerySet

from opportunities.accounts.models import User
from opportunities.employers.models import Employer
from opportunities.moderation.models import Decision
from opportunities.roles.models import Opportunity
from opportunities.roles.models.listings import SEARCH_CONFIG
from opportunities.skills.vocabulary.words import STOP_WORDS

MAX_SEARCH: Final = 100
WORD: Final = re.compile(r"\w+")
MAX_WORDS: Final = 6
"""Words of a search that count; each is looked up in three tables."""


def decisions_about(text: str) -> QuerySet[Decision]:
    """Return the decisions in whose employer, person or title of a role every word stands.

    Titles are found by the index of the search for roles, so by how a word begins.
    """
    words = _words(text)
    if not words:
        return Decision.objects.none()
    about_people = Decision.objects.filter(account__isnull=False)
    judged, found = User.objects.filter(pk__in=about_people.values("account")), Q()
    for word in words:
        title = SearchQuery(Lexeme(word, prefix=True, weight="A"), config=SEARCH_CONFIG)
        named = Q(name__unaccent__icontains=word)
        found &= (
            Q(employer__in=Employer.objects.filter(named))
            | Q(opportunity__in=Opportunity.objects.filter(search=title))
            | Q(account__in=judged.filter(named | Q(email__icontains=word)))
        )
    return Decision.objects.filter(found)


def recorded(text: str, *, employer: Employer | None = None) -> QuerySet[Decision]:
    """Return the decisions about what is searched for, or all; of an employer, if one is named."""
    rows = decisions_about(text) if text else Decision.objects.all()
    return rows.filter(employer=employer) if employer else rows


def _words(text: str) -> list[str]:
    """Return the words that tell something; of a name like "Do It", all."""
    words = WORD.findall(text)
    telling = [word for word in words if word.casefold() not in STOP_WORDS]
    return (telling or words)[:MAX_WORDS]
