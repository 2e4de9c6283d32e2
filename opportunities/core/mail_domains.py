"""Domains of e-mail addresses that prove nothing about who writes from them."""

from typing import Final

from disposable_email_domains import blocklist

FREE_MAIL: Final = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com",
        "icloud.com", "me.com", "aol.com", "gmx.com", "gmx.net", "gmx.de", "web.de", "mail.com",
        "proton.me", "protonmail.com", "tutanota.com", "zoho.com", "yandex.com", "mail.ru",
        "qq.com", "163.com", "hotmail.co.uk", "yahoo.co.uk", "yahoo.co.in", "rediffmail.com",
    }
)  # fmt: skip
"""Providers where anybody has an address: they prove nothing about an employer."""


def is_disposable(domain: str) -> bool:
    """Say whether a domain, or the one it is part of, hands out throw-away addresses."""
    parts = domain.lower().split(".")
    return any(".".join(parts[index:]) in blocklist for index in range(len(parts) - 1))
