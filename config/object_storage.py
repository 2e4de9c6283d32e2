"""Uploads in an object store that speaks S3, so that every web machine has the same ones.

Used where ``S3_BUCKET`` is set; needs the extra ``storage``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Final

from boto3.exceptions import RetriesExceededError
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection
from storages.backends.s3 import S3Storage

from opportunities.core.errors import Busy

SERVER_FAULT: Final = 500


class ObjectStorage(S3Storage):  # type: ignore[misc]  # untyped library
    """S3Storage with short patience: a store that is away is said to be so, by ``Busy``."""

    def __init__(self, *, by_path: bool, **options: Any) -> None:
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if by_path else "auto"},
            connect_timeout=2,
            read_timeout=10,
            retries={"mode": "standard", "total_max_attempts": 2},
            # Stores other than Amazon's refuse the checksums that boto3 adds by itself.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(
            client_config=config,
            transfer_config=TransferConfig(use_threads=False),
            default_acl=None,
            file_overwrite=False,
            **options,
        )

    def _open(self, name: str, mode: str = "rb") -> Any:
        """Return the file with all that is in it: what fails, fails before an answer begins."""
        with _away_is_busy():
            return super()._open(name, mode).open()

    def _save(self, name: str, content: IO[bytes]) -> str:
        with _away_is_busy():
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        """Delete a file; one that is not there is deleted already."""
        with _away_is_busy():
            super().delete(name)

    def exists(self, name: str) -> bool:
        """Say whether there is such a file."""
        with _away_is_busy():
            return bool(super().exists(name))


@contextmanager
def _away_is_busy() -> Iterator[None]:
    """Raise ``Busy`` for a store that cannot be reached or fails; a refusal stays what it is."""
    try:
        yield
    except (NoConnection, HTTPClientError, RetriesExceededError) as error:
        raise Busy("Files cannot be reached just now.") from error
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] < SERVER_FAULT:
            raise
        raise Busy("Files cannot be reached just now.") from error
