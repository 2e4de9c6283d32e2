"""What somebody finds who reads the table of sessions."""

from importlib import import_module

from django.conf import settings


def sessions():
    """Return all rows, whatever table the site keeps them in."""
    return import_module(settings.SESSION_ENGINE).SessionStore.get_model_class().objects.all()


def everything_in_sessions():
    """Return all that stands in them, as text."""
    return " ".join(str(row.get_decoded()) for row in sessions())
