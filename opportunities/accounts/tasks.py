"""Celery entry points: each may run twice or late, and only calls one function."""

from celery import shared_task

from opportunities.accounts import factor_secrets


@shared_task(soft_time_limit=100, time_limit=120, expires=3600.0)
def encrypt_factors(**_: object) -> None:
    """Encrypt the second factors that a former release or a former key has left."""
    factor_secrets.encrypt_all()
