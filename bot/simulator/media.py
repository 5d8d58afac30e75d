"""What a phone of the simulator sends as a file: the picture of a receipt; a sound that is silent."""

import io
from functools import cache

from PIL import Image, ImageDraw

_INK, _LINE = (52, 58, 70), (214, 218, 226)
_LINES = ("COMPROBANTE DE PAGO", "SPEI · enviado", "Monto  $600.00", "Clave de rastreo  AC20261124")


@cache
def content(content_type: str) -> tuple[bytes, str]:
    """The bytes, and what they are."""
    if content_type.startswith("audio/"):
        return b"OggS" + bytes(60), "audio/ogg"
    picture = Image.new("RGB", (360, 240), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((12, 12, 347, 227), outline=_LINE, width=2)
    for number, line in enumerate(_LINES):
        draw.text((32, 34 + 44 * number), line, fill=_INK, font_size=19)
        draw.line((32, 64 + 44 * number, 328, 64 + 44 * number), fill=_LINE)
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=88)
    return made.getvalue(), "image/jpeg"
