"""Whether a file is a whole picture."""

__all__ = ["check_decodes"]


def check_decodes(data: bytes, max_pixels: int, max_frames: int) -> None:
    """Decodes a picture, or all frames of an animation, and keeps nothing of it.

    Args:
        data: all bytes of the file.
        max_pixels: larger ones are refused.
        max_frames: longer ones are refused.

    Raises:
        DecodeError: it is damaged, or no picture.
    """
    from ...animation.source import open_animation
    from ...decode import decode

    n_bytes = len(data)  # which are read already
    animation = open_animation(data, max_pixels, max_frames, n_bytes)
    if animation is None:
        decode(data, max_pixels=max_pixels, max_file_bytes=n_bytes)
        return
    for _ in animation.frames():
        pass
