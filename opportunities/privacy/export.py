"""All of a person's data in one ZIP archive: a JSON file for each table, and the person's files."""

import json
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Model, QuerySet
from django.http import FileResponse
from django.utils.translation import gettext_lazy
from knox.models import AuthToken

from opportunities.accounts.models import User
from opportunities.candidates import profiles
from opportunities.candidates.models import CandidateProfile
from opportunities.candidates.profiles import ProfileOwner
from opportunities.core import clock
from opportunities.privacy.inventory import entries
from opportunities.roles.models import Opportunity

IN_MEMORY: Final = 5 * 1024 * 1024
SECRETS: Final = frozenset({
    "password", "secret_digest", "handle", "digest", "token_key", "key", "data", "file", "sha256",
    "session_key", "session_data", "whose", "proof",
})  # fmt: skip
"""Columns that open something or mean nothing outside: they are no data about the person."""

README: Final = gettext_lazy(
    "This archive holds everything that %(site)s keeps about you, as of %(at)s.\n"
    "Each JSON file is one table; a table without rows has an empty list. Your CVs are in files/.\n"
)


class _Readable(DjangoJSONEncoder):
    """Bytes as the text that they are."""

    def default(self, o: Any) -> Any:
        """Return what JSON can write."""
        if isinstance(o, bytes | memoryview):
            return bytes(o).decode("utf-8", "replace")
        return super().default(o)


def archive(*, owner: ProfileOwner, at: datetime) -> IO[bytes]:
    """Return a ZIP archive of everything kept about the owner, at its start."""
    user = owner if isinstance(owner, User) else None
    profile = (
        CandidateProfile.objects.of(user).first()
        if user is not None
        else profiles.find(owner=owner)
    )
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (the caller closes)
    try:
        with ZipFile(file, "w", ZIP_DEFLATED) as archived:
            archived.writestr(
                "README.txt",
                README % {"site": settings.SITE_NAME, "at": clock.said(at, pattern="j F Y, H:i")},
            )
            if user is not None:
                _write(archived, "account", User.objects.filter(pk=user.pk))
            if profile is not None:
                _write(archived, "profile", CandidateProfile.objects.filter(pk=profile.pk))
                _write_files(archived, profile)
            for entry in entries():
                rows = entry.rows(user=user, profile=profile)
                _write(archived, entry.name, rows, sealed=entry.sealed)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def download(*, owner: ProfileOwner, at: datetime) -> FileResponse:
    """Answer with the archive as a file that nobody else may keep."""
    return FileResponse(
        archive(owner=owner, at=at),
        as_attachment=True,
        filename="my-data.zip",
        headers={"Cache-Control": "private, no-store"},
        content_type="application/zip",
    )


def _write(
    archived: ZipFile, name: str, rows: QuerySet[Any], *, sealed: frozenset[str] = frozenset()
) -> None:
    readable = list(_readable(rows, sealed=sealed))
    text = json.dumps(readable, cls=_Readable, ensure_ascii=False, indent=1)
    archived.writestr(f"{name}.json", text)


def _readable(rows: QuerySet[Any], *, sealed: frozenset[str]) -> QuerySet[Any]:
    """Return the columns that mean something to a person: public ids and names of other rows."""
    columns = []
    named: dict[str, F] = {}
    for column in rows.model._meta.concrete_fields:
        if column.name in SECRETS | sealed:
            continue
        other: type[Model] | None = column.related_model if column.is_relation else None
        public = _public_columns(other) if other else []
        if public:
            named |= {f"{column.name}_{name}": F(f"{column.name}__{name}") for name in public}
        elif other not in {User, AuthToken}:
            columns.append(column.attname)
        if other is Opportunity:
            named[f"{column.name}_employer"] = F(f"{column.name}__employer__name")
    return rows.values(*columns, **named)


def _public_columns(model: type[Model]) -> list[str]:
    """Return by which columns another row is told: by its title or name too, if it has an id."""
    names = {column.name for column in model._meta.concrete_fields}
    public = [name for name in ("public_id", "slug") if name in names][:1]
    return [*public, *(name for name in ("title", "name") if public and name in names)]


def _write_files(archived: ZipFile, profile: CandidateProfile) -> None:
    for number, resume in enumerate(profile.resumes.order_by("id"), 1):
        try:
            with resume.file.open("rb") as content:
                archived.writestr(f"files/resume-{number}.pdf", content.read())
        except FileNotFoundError:
            archived.writestr(f"files/resume-{number}.missing.txt", resume.name)
