"""Find uploads that no row names: files that were to be deleted while their store was away."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from django.db.models import FileField
from django.utils import timezone

GRACE: Final = timedelta(days=1)
"""Age of a file from which its row must be there: a file is stored just before its row is."""


class Command(BaseCommand):
    """Deletes nothing unless it is told to."""

    help = "List uploads of more than a day ago that no row names; --delete deletes them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the choice."""
        parser.add_argument("--delete", action="store_true", help="delete what is listed")

    def handle(self, *, delete: bool, **_: Any) -> None:
        """Name each such file, and what became of them."""
        found = list(loose())
        for name in found:
            self.stdout.write(name)
            if delete:
                default_storage.delete(name)
        self.stdout.write(f"{len(found)} {'deleted' if delete else 'found'}.")


def loose() -> Iterator[str]:
    """Yield the names of stored files, a day old or older, that no row names."""
    fields = [
        (model, column)
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if isinstance(column, FileField)
    ]
    # What is stored is asked first: a row that comes meanwhile names its file.
    stored = [
        f"{folder}/{name}"
        for folder in sorted({str(column.upload_to).rstrip("/") for _, column in fields})
        for name in _files(folder)
    ]
    named = {
        name
        for model, column in fields
        for name in model._default_manager.values_list(column.attname, flat=True)  # noqa: SLF001
    }
    for name in stored:
        if name not in named and default_storage.get_modified_time(name) < timezone.now() - GRACE:
            yield name


def _files(folder: str) -> list[str]:
    with suppress(FileNotFoundError):
        return list(default_storage.listdir(folder)[1])
    return []
