"""The web process: threads that share a pool of database connections."""

import os

from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from config import observing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_POOL_SIZE", "14")

observing.trace()
application = get_wsgi_application()

# Commands and workers run these checks by themselves; a web server must be asked.
for problem in run_checks(tags=["security"]):
    if problem.is_serious():
        raise ImproperlyConfigured(str(problem))
