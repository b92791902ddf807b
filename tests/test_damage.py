"""No original is replaced by less than what it held, wherever its file is damaged."""

from collections import Counter

import damage
import pytest
from mutants import saved

FILES = 2
"""`benchmarks/damage.py` takes 20 of each format."""


@pytest.mark.long
@pytest.mark.parametrize("format_", damage.SETTINGS)
def test_nothing_is_lost(format_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(damage, "STEP", 50)
    counts: Counter[str] = Counter()
    for number, image in zip(range(FILES), damage.pictures(None), strict=False):
        counts += damage.outcomes(damage.file_of(image, format_, number), format_)
    assert counts["lost"] == 0
    assert counts["refused or kept"] > 0


def test_a_loss_would_be_seen() -> None:
    image = next(damage.pictures(None)).convert("RGB")
    whole = saved(image, "PNG")
    image.paste((0, 0, 0), (0, damage.SIDE // 2, damage.SIDE, damage.SIDE))
    assert damage.shows_the_same(whole, whole)
    assert not damage.shows_the_same(saved(image, "PNG"), whole)
