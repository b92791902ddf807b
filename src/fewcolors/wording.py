"""Figures in words, the same in reports, notes and figures."""

from collections.abc import Iterable

__all__ = [
    "colors",
    "kilobytes",
    "most_similar",
    "percent",
    "rounded",
    "score_word",
    "times_smaller",
]

SCORE_WORDS = ((90, "like the original"), (70, "high"), (50, "fair"))
"""From which score on each word holds; see docs/quality.md."""


def kilobytes(n_bytes: int) -> str:
    """Returns a size in kB of 1000 bytes, as file managers count."""
    return f"{rounded(n_bytes / 1000):,.1f} kB"


def times_smaller(ratio: float) -> str:
    """Returns how much smaller the result is, or larger.

    >>> times_smaller(3.21), times_smaller(0.5), times_smaller(1.03), times_smaller(0.999)
    ('3.2 times smaller', '2.0 times larger', '3% smaller', 'about the same size')
    """
    times = max(ratio, 1 / ratio)
    what = "smaller" if ratio >= 1 else "larger"
    if f"{times:.1f}" != "1.0":
        return f"{times:.1f} times {what}"
    share = round(100 * abs(1 - 1 / ratio))
    return f"{share}% {what}" if share else "about the same size"


def colors(count: int) -> str:
    """Returns a number of colours."""
    return "1 colour" if count == 1 else f"{count:,} colours"


def score_word(score: float) -> str:
    """Returns what a score means.

    >>> score_word(93.4), score_word(75), score_word(50), score_word(-47)
    ('like the original', 'high', 'fair', 'poor')
    """
    return next((word for least, word in SCORE_WORDS if score >= least), "poor")


def percent(share: float) -> str:
    """Returns a share, never as "-0%".

    >>> percent(0.25), percent(-0.001)
    ('25%', '0%')
    """
    return f"{rounded(100 * share, 0):.0f}%"


def rounded(value: float, digits: int = 1) -> float:
    """Returns a number rounded to some digits, and 0 rather than -0."""
    return round(value, digits) + 0.0


def most_similar(word: str, known: Iterable[str]) -> str | None:
    """Returns the known word most similar to one that was mistyped, if any is similar at all.

    >>> most_similar("diter", ["seed", "dither"])
    'dither'
    """
    import difflib  # which only mistakes need

    return next(iter(difflib.get_close_matches(word, list(known), n=1)), None)
