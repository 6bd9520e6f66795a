"""A picture that was sent with the form of a page: known by its content, and measured, before anybody prints it."""

import io

from flask import request

from app.errors import ValidationError
from app.i18n import _

LARGEST_SIDE = 4_000  # pixels
_KILOBYTE = 2**10


def sent_picture(field: str, *, most_kilobytes: int) -> bytes | None:
    """Return the PNG or JPEG that the present form sent in this field; None where none was chosen.

    Raises ValidationError for content of another kind, whatever the name says, for a damaged picture, and for one
    above the limit or with a side of more than 4,000 pixels (R4).
    """
    from PIL import Image  # noqa: PLC0415  # A megabyte, for the process that is sent a picture.

    sent = request.files.get(field)
    if sent is None or not sent.filename:
        return None
    content = sent.read(most_kilobytes * _KILOBYTE + 1)
    if len(content) > most_kilobytes * _KILOBYTE:
        raise ValidationError(
            "picture.size", _("“%(name)s” is larger than %(limit)s KB."), field=field, name=sent.filename,
            limit=most_kilobytes,
        )  # fmt: skip
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            too_large = max(picture.size) > LARGEST_SIDE
            if not too_large:
                picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(
            "picture.kind", _("“%(name)s” is no PNG or JPEG picture."), field=field, name=sent.filename
        ) from error
    if too_large:
        raise ValidationError(
            "picture.side", _("“%(name)s” has a side of more than %(limit)s pixels."), field=field, name=sent.filename,
            limit=LARGEST_SIDE,
        )  # fmt: skip
    return content
