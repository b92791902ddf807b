"""Whether a file is a whole picture, and whether all of it was read."""

__all__ = ["check_decodes", "check_loses_nothing"]


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


def check_loses_nothing(path: str, *, keep_metadata: bool) -> None:
    """Refuses to replace a PNG by a result that lacks what a damaged chunk of it says.

    Args:
        path: of the PNG.
        keep_metadata: whether the result is to have the metadata.

    Raises:
        DecodeError: a chunk that says how the pixels look, or one of the metadata, is damaged.
        OSError: it cannot be read.
    """
    from ...decode.png.chunks import read_png
    from ...errors import DecodeError

    with open(path, "rb") as file:
        png = read_png(file, lambda width, height: None)
    lost = [kind for kind in png.left_out if keep_metadata or kind == "tRNS"]
    if png.is_color_damaged:
        lost.append("what its colours mean")
    if lost:
        raise DecodeError(
            f"not replaced, as parts are damaged that the result lacks: {', '.join(lost)}; "
            "get it anew from its source, or write the result elsewhere with -o"
        )
