"""What every template may know about the site."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Return the site's name and address."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "SITE_HOST": urlsplit(settings.SITE_URL).hostname,
        "DEMO": settings.DEMO,
    }
