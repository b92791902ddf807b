"""What the first bytes of a PNG or GIF claim, read before a worker is troubled with it.

Workers refuse pictures by their headers too, of every format; but a client that sends huge claims
without end would keep them busy with that.
"""

import struct

from .refusal import Refusal

__all__ = ["check_claims"]

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
GIF = (b"GIF87a", b"GIF89a")


def check_claims(data: bytes, max_pixels: int) -> None:
    """Refuses a picture whose header claims too many pixels.

    Args:
        data: the file.
        max_pixels: the most that it may have.

    Raises:
        Refusal: it claims more.
    """
    width, height = 0, 0
    if data.startswith(PNG) and len(data) >= len(PNG) + 8:
        width, height = struct.unpack_from(">II", data, len(PNG))
    elif data.startswith(GIF) and len(data) >= 10:
        width, height = struct.unpack_from("<HH", data, 6)
    if width * height > max_pixels:
        raise Refusal(
            413,
            f"{width} x {height} is {width * height:,} pixels, over the limit of {max_pixels:,}; "
            "choose a smaller picture",
        )
