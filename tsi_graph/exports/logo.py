"""The logo of a saved view: a small picture as a data: address, which pages show as it is and paper as PNG."""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from tsi_graph.errors import NotFound, Unusable
from tsi_graph.exports.canvas import Canvas
from tsi_graph.exports.places import MM

LARGEST = 200_000
"""Bytes of a logo."""
PIXELS = 4_000_000
"""What a picture may unfold to: a file of a few bytes can be a wall."""
ROOM = (45.0, 11.0)
"""Millimetres that it may take at the head of a sheet."""
EDGE = 5.0
"""Millimetres of white above and left of it."""
DOTS = 300
"""Of an inch of paper."""
KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


def address(path: Path) -> str:
    """A picture as the address that a page carries within. Raises NotFound for a file that cannot be read, Unusable
    for what is no picture or too large."""
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise NotFound(f"No logo {str(path)!r} that can be read: {fault.strerror or fault}.") from fault
    kind = next((kind for start, kind in KINDS.items() if data.startswith(start)), None)
    if kind is None or len(data) > LARGEST:
        raise Unusable(f"A logo is a PNG, JPEG or GIF of at most {LARGEST // 1000} kB; {path.name} is not.")
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


@lru_cache(maxsize=16)  # each as large as a logo may be
def printed(address: str) -> tuple[bytes, tuple[float, float]]:
    """A logo as PNG, and its width and height in millimetres. Raises ValueError for what cannot be drawn.

    On white, since paper is; no finer than a printer.
    """
    import warnings

    from PIL import Image, UnidentifiedImageError

    kind, _, code = address.partition(";base64,")
    if kind not in [f"data:{one}" for one in KINDS.values()]:
        raise ValueError("a logo is a PNG, JPEG or GIF picture as a data: address")
    too_many = f"a logo has at most {PIXELS // 1_000_000} million pixels"
    try:
        data = base64.b64decode(code, validate=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we count ourselves
            opened = Image.open(BytesIO(data), formats=("PNG", "JPEG", "GIF"))
        with opened as found:
            wide, high = found.size
            if wide * high > PIXELS:
                raise ValueError(too_many)
            drawn = found.convert("RGBA")
    except Image.DecompressionBombError as fault:
        raise ValueError(too_many) from fault
    except (binascii.Error, UnidentifiedImageError, OSError, SyntaxError) as fault:
        raise ValueError("a logo is a PNG, JPEG or GIF picture that can be opened") from fault
    scale = min(ROOM[0] / wide, ROOM[1] / high)
    size = (wide * scale, high * scale)
    fine = DOTS / 25.4
    if wide > size[0] * fine:
        drawn = drawn.resize([max(round(side * fine), 1) for side in size], Image.Resampling.LANCZOS)
    paper = Image.new("RGB", drawn.size, "white")
    paper.paste(drawn, mask=drawn.getchannel("A"))
    out = BytesIO()
    paper.save(out, "PNG")
    return out.getvalue(), size


def strip(address: str) -> float:
    """How many points higher a logo makes a sheet: none without one."""
    return (EDGE + printed(address)[1][1]) * MM if address else 0.0


def draw(canvas: Canvas, address: str) -> None:
    """Puts the logo at the head of a sheet that is higher by `strip`."""
    if address:
        png, (wide, high) = printed(address)
        canvas.picture(png, (EDGE + 1) * MM, canvas.height - strip(address), wide * MM, high * MM)
