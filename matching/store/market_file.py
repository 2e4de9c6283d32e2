"""Keep the market in a file that every process of a machine maps, so that all share one memory.

A file holds the columns of one version as of one commit, and is never changed: it is written
beside, and renamed. Whoever opens it compares everything that could differ, and reads the database
where anything does. Nothing in it is executed.
"""

import contextlib
import hashlib
import json
import mmap
import os
import struct
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
import structlog
from django.conf import settings
from numpy.typing import NDArray

from matching import ENGINE_VERSION
from matching.engine import Candidates, Opportunities, pack_candidates, pack_opportunities
from matching.engine.columns import Flags, Longs
from matching.models import PackedCandidate

CRC: Final = struct.Struct("<I")
"""What a file begins with: the checksum of all that follows."""
LENGTH: Final = struct.Struct("<I")
"""Of the header, which is JSON; the columns follow it."""
ALIGNED: Final = 64
SUFFIX: Final = ".market"
FILES_KEPT: Final = 2
"""Of one version; a process that still maps an older one keeps its memory."""
BESIDE_SECONDS: Final = 3600
"""Age from which a file that is still being written was left by a process that died."""

logger = structlog.get_logger(__name__)


class Unusable(Exception):
    """This file is damaged, or of another program."""


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """The columns of a market as of one commit; they cannot be written to."""

    seq: int
    roles: Opportunities
    candidates: Candidates
    shown: Flags
    thresholds: Longs


def _arrays(kept: Kept) -> dict[str, NDArray[Any]]:
    sides = {"roles": kept.roles, "candidates": kept.candidates}
    columns = {
        f"{side}.{item.name}": getattr(content, item.name)
        for side, content in sides.items()
        for item in fields(content)
    }
    return {name: np.ascontiguousarray(column) for name, column in columns.items()} | {
        "shown": kept.shown,
        "thresholds": kept.thresholds,
    }


def _layout() -> str:
    """Return a digest of everything that a file's columns mean to this program."""
    nothing = Kept(
        seq=0,
        roles=pack_opportunities([], priors={}),
        candidates=pack_candidates([]),
        shown=np.zeros(0, np.bool_),
        thresholds=np.zeros(0, np.int64),
    )
    told = [(name, array.dtype.str, array.shape[1:]) for name, array in _arrays(nothing).items()]
    return hashlib.sha256(repr((ENGINE_VERSION, told)).encode()).hexdigest()


LAYOUT: Final = _layout()


def folder() -> Path:
    """Return where this machine's files are."""
    return Path(settings.VAR_DIR) / "snapshots"


def _path(run: str, seq: int) -> Path:
    return folder() / f"{run}-{seq:020d}{SUFFIX}"


def is_there(run: str, seq: int) -> bool:
    """Say whether there is a file of this version as of this commit."""
    return _path(run, seq).exists()


def write(run: str, kept: Kept) -> None:
    """Write a file of this version, and let older ones go; raises ``OSError``."""
    arrays = _arrays(kept)
    offset, places = 0, {}
    for name, array in arrays.items():
        places[name] = {"type": array.dtype.str, "shape": array.shape, "at": offset}
        offset += -(-array.nbytes // ALIGNED) * ALIGNED
    header = json.dumps({"layout": LAYOUT, "run": run, "seq": kept.seq, "arrays": places}).encode()
    header += b" " * (-(CRC.size + LENGTH.size + len(header)) % ALIGNED)

    def content() -> Iterator[bytes]:
        yield LENGTH.pack(len(header)) + header
        for array in arrays.values():
            yield array.tobytes() + bytes(-array.nbytes % ALIGNED)

    crc = 0
    for part in content():
        crc = zlib.crc32(part, crc)
    folder().mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(suffix=".beside", dir=folder())
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(CRC.pack(crc))
            file.writelines(content())
        Path(beside).replace(_path(run, kept.seq))
    finally:
        Path(beside).unlink(missing_ok=True)
    _sweep(run)


def newest(run: str, *, until: int, after: int = -1) -> Kept | None:
    """Map the newest sound file of this version as of a commit in this range, if there is one."""
    for path in sorted(folder().glob(f"{run}-*{SUFFIX}"), reverse=True):
        if not after < int(path.stem.rpartition("-")[2]) <= until:
            continue
        try:
            return _open(path, run)
        except (Unusable, OSError) as error:
            logger.warning("snapshot file cannot be used", file=path.name, reason=str(error))
            with contextlib.suppress(OSError):
                path.unlink()
    return None


def _open(path: Path, run: str) -> Kept:
    begin = CRC.size + LENGTH.size
    with path.open("rb") as file:
        if path.stat().st_size < begin:
            raise Unusable("shorter than its head")
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if CRC.unpack_from(content) != (zlib.crc32(memoryview(content)[CRC.size :]),):
        raise Unusable("damaged")
    # The checksum holds, so that what follows is as it was written.
    (length,) = LENGTH.unpack_from(content, CRC.size)
    header = json.loads(content[begin : begin + length])
    if (header["layout"], header["run"]) != (LAYOUT, run):
        raise Unusable("of another version")
    arrays: dict[str, NDArray[Any]] = {
        name: np.ndarray(place["shape"], place["type"], content, begin + length + place["at"])
        for name, place in header["arrays"].items()
    }

    def side[Side: (Opportunities, Candidates)](name: str, kind: type[Side]) -> Side:
        return kind(**{item.name: arrays[f"{name}.{item.name}"] for item in fields(kind)})

    return Kept(
        seq=header["seq"],
        roles=side("roles", Opportunities),
        candidates=side("candidates", Candidates),
        shown=arrays["shown"],
        thresholds=arrays["thresholds"],
    )


def _sweep(run: str) -> None:
    """Remove the files of other versions, older ones of this, and what was never finished."""
    mine = sorted(folder().glob(f"{run}-*{SUFFIX}"))
    unwanted = set(folder().glob(f"*{SUFFIX}")) - set(mine[-FILES_KEPT:])
    abandoned = time.time() - BESIDE_SECONDS
    with contextlib.suppress(OSError):
        unwanted |= {path for path in folder().glob("*.beside") if path.stat().st_mtime < abandoned}
    for path in unwanted:
        path.unlink(missing_ok=True)


def forget_erased() -> int:
    """Remove this machine's files from before somebody left the market; return how many."""
    removed = 0
    for path in folder().glob(f"*{SUFFIX}"):
        seq = int(path.stem.rpartition("-")[2])
        if PackedCandidate.objects.filter(fixed__isnull=True, seq__gt=seq).exists():
            path.unlink(missing_ok=True)
            removed += 1
    return removed
