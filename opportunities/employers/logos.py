"""Make an uploaded picture safe to serve: decoded within bounds and written anew."""

import io
from typing import Final

from django.utils.translation import gettext as _
from PIL import Image

from opportunities.core import languages
from opportunities.core.errors import Fault, Invalid

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_SIDE: Final = 4096
SIDE: Final = 512
FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")
UNREADABLE: Final = (
    OSError, ValueError, SyntaxError, EOFError, MemoryError, OverflowError,
    Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip
"""What Pillow raises on broken or hostile files."""


def safe_logo(content: bytes) -> bytes:
    """Return the picture as a PNG of at most 512 pixels a side, without anything beside pixels.

    The size is read from the header and refused before a pixel is decoded, so that a small file
    cannot unpack into a huge picture.
    """
    if len(content) > MAX_BYTES:
        raise Invalid(Fault("logo", "too_large", _("A logo has at most 2 MB.")))
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if max(image.size) > MAX_SIDE:
                detail = _("A logo has at most %(most)s pixels a side.") % {
                    "most": languages.number(MAX_SIDE)
                }
                raise Invalid(Fault("logo", "too_many_pixels", detail))
            image.draft("RGB", (SIDE, SIDE))
            picture = image.convert("RGBA")
    except UNREADABLE as broken:
        detail = _("A logo is a PNG, JPEG, WebP or GIF picture.")
        raise Invalid(Fault("logo", "not_a_picture", detail)) from broken
    picture.thumbnail((SIDE, SIDE))
    anew = Image.new("RGBA", picture.size)
    anew.paste(picture)
    written = io.BytesIO()
    anew.save(written, format="PNG", optimize=True)
    return written.getvalue()
