"""Files whose structure was changed: a picture comes out, or one of our errors, soon and small."""

import os
import random
import resource
import time

import pytest
from mutants import SOURCES, mutant, parts_of

import fewcolors

MUTANTS = int(os.environ.get("FEWCOLORS_MUTANTS", "5000"))
"""Of all formats together. `benchmarks/mutations.py` runs more, each in a process of its own."""

MAX_SECONDS = 10.0
MAX_BYTES_MORE = 1 << 30

MAX_PIXELS = 250_000
"""A header that was changed may ask for many pixels; more would take longer than a minute."""


@pytest.mark.parametrize("kind", SOURCES)
def test_the_parts_of_a_file_are_the_file(kind: str) -> None:
    data = SOURCES[kind]()
    parts = parts_of(data)
    assert len(parts) > 1
    assert b"".join(parts) == data


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", SOURCES)
def test_a_picture_or_one_of_our_errors(kind: str) -> None:
    data = SOURCES[kind]()
    fewcolors.compress(data, effort="fast")  # it is sound to begin with
    draws = random.Random(kind)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    n_pictures = 0
    for number in range(MUTANTS // len(SOURCES)):
        changed = mutant(kind, draws, data)
        start = time.process_time()
        try:
            result = fewcolors.compress(
                changed, 16, effort="fast", n_threads=1, max_pixels=MAX_PIXELS
            )
        except fewcolors.FewcolorsError:
            pass
        except Exception as error:
            pytest.fail(f"mutant {number} of {kind}: {type(error).__name__}: {error}")
        else:
            n_pictures += 1
            assert result.n_colors <= 16
        assert time.process_time() - start < MAX_SECONDS
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * 1024 < MAX_BYTES_MORE
    assert n_pictures > 0  # else nothing but the first bytes would be tried
