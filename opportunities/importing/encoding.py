"""How the bytes of a file are written, where nobody said it."""

import codecs


def encoding_of(start: bytes) -> str:
    """Return how a file is written that begins so.

    A byte order mark tells, as do the zeros of UTF-16. It is the Windows-1252 of spreadsheets where
    no letter beyond ASCII is written as in UTF-8; single damaged bytes are none.
    """
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(start) > 8 and not any(start[1:40:2]) and all(start[0:40:2]):
        return "utf-16-le"
    text = start.decode("utf-8", "surrogateescape")
    beyond = {letter for letter in text if not letter.isascii()}
    if beyond and all("\udc80" <= letter <= "\udcff" for letter in beyond):
        told = start.decode("cp1252", "replace")
        if (
            all(letter.isprintable() or letter.isspace() for letter in told)
            and "\ufffd" not in told
        ):
            return "cp1252"
    return "utf-8-sig"
