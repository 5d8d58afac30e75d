"""A cash reference as the bar code that a shop's till reads."""

import base64

from barcode import Code128
from barcode.writer import SVGWriter

MOST = 40
_LOOK = {"module_height": 14.0, "quiet_zone": 4.0, "write_text": False}


def bar_code(reference: str | None) -> str | None:
    """A `data:` address of its picture; null for what no Code 128 can hold, or no till would read."""
    if not reference or len(reference) > MOST or not (reference.isascii() and reference.isprintable()):
        return None
    picture = Code128(reference, writer=SVGWriter()).render(_LOOK)
    return f"data:image/svg+xml;base64,{base64.b64encode(picture).decode()}"
