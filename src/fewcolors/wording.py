"""Figures in words, the same in reports, notes and figures."""

__all__ = ["colors", "kilobytes", "times_smaller"]


def kilobytes(n_bytes: int) -> str:
    """Returns a size in kB of 1000 bytes, as file managers count."""
    return f"{n_bytes / 1000:,.1f} kB"


def times_smaller(ratio: float) -> str:
    """Returns how much smaller the result is, or larger."""
    return f"{ratio:.1f} times smaller" if ratio >= 1 else f"{1 / ratio:.1f} times larger"


def colors(count: int) -> str:
    """Returns a number of colours."""
    return "1 colour" if count == 1 else f"{count:,} colours"
