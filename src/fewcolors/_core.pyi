"""
The kernels of fewcolors. Arguments are trusted: call them through the package.
"""

import enum
from collections.abc import Sequence
from typing import Annotated

import numpy
from numpy.typing import NDArray
from typing_extensions import Buffer

def unfilter(
    stored: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    above: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    pixel_bytes: int,
) -> Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")]: ...
def unfilter_in_place(
    rows: Annotated[
        Buffer | NDArray[numpy.uint8], dict(dtype="uint8", shape=(None,), order="C", device="cpu")
    ],
    n_rows: int,
    pixel_bytes: int,
) -> bool: ...

class Space(enum.Enum):
    SRGB = 0

    OKLAB = 1

    OKLAB_CHROMA = 2

    OKLAB_AND_SRGB = 3

    OKLAB_TOE = 4

def to_space(
    colors: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    space: Space,
    dims: int,
    separate_kinds: bool = False,
) -> Annotated[memoryview, dict(dtype="float64", shape=(None, None), order="C")]: ...
def from_space(
    rows: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None, None), order="C", device="cpu", writable=False),
    ],
    space: Space,
    separate_kinds: bool = False,
) -> Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")]: ...
def ciede2000(l1: float, a1: float, b1: float, l2: float, a2: float, b2: float) -> float: ...
def color_difference(
    one: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    other: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
) -> float: ...
def local_contrast(
    pixels: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    width: int,
    channels: int,
    n_threads: int,
) -> Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")]: ...
def flat_areas(
    pixels: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    width: int,
    channels: int,
) -> tuple[
    Annotated[memoryview, dict(dtype="uint8", shape=(None, 4), order="C")],
    Annotated[memoryview, dict(dtype="float64", shape=(None,), order="C")],
    Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")],
]: ...
def with_locked(
    contrast: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    is_flat: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
) -> Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")]: ...
def copy_flat(
    is_flat: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    from_indices: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    indices: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
) -> Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")]: ...
def repetition(
    pixels: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    width: int,
    channels: int,
    n_threads: int,
) -> tuple[float, float]: ...
def repetition_of_indices(
    indices: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    width: int,
    palette: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    n_threads: int,
) -> tuple[float, float]: ...
def count_colors(
    pixels: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    channels: int,
    contrast: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    keep_transparent: bool,
    n_threads: int,
) -> tuple[
    Annotated[memoryview, dict(dtype="uint8", shape=(None, 4), order="C")],
    Annotated[memoryview, dict(dtype="float64", shape=(None,), order="C")],
]: ...
def merge_colors(
    colors: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    counts: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None,), order="C", device="cpu", writable=False),
    ],
    other_colors: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    other_counts: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None,), order="C", device="cpu", writable=False),
    ],
) -> tuple[
    Annotated[memoryview, dict(dtype="uint8", shape=(None, 4), order="C")],
    Annotated[memoryview, dict(dtype="float64", shape=(None,), order="C")],
]: ...
def map_colors(
    pixels: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    channels: int,
    colors: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    labels: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    n_threads: int,
) -> Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")]: ...
def is_in_order(
    colors: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
) -> bool: ...
def are_weights(
    weights: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None,), order="C", device="cpu", writable=False),
    ],
) -> bool: ...
def holds_colors(
    pixels: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    channels: int,
    colors: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    n_threads: int,
) -> bool: ...

class Seeding(enum.Enum):
    PLUS_PLUS = 0

    RANDOM = 1

def unique_rows(
    rows: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None, None), order="C", device="cpu", writable=False),
    ],
    weights: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None,), order="C", device="cpu", writable=False),
    ]
    | None,
    n_threads: int,
) -> tuple[
    Annotated[memoryview, dict(dtype="float64", shape=(None, None), order="C")],
    Annotated[memoryview, dict(dtype="float64", shape=(None,), order="C")],
    Annotated[memoryview, dict(dtype="int32", shape=(None,), order="C")],
]: ...
def unique_byte_rows(
    rows: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, None), order="C", device="cpu", writable=False),
    ],
    weights: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None,), order="C", device="cpu", writable=False),
    ]
    | None,
    n_threads: int,
) -> tuple[
    Annotated[memoryview, dict(dtype="float64", shape=(None, None), order="C")],
    Annotated[memoryview, dict(dtype="float64", shape=(None,), order="C")],
    Annotated[memoryview, dict(dtype="int32", shape=(None,), order="C")],
]: ...
def mean_variance(
    rows: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None, None), order="C", device="cpu", writable=False),
    ],
    weights: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None,), order="C", device="cpu", writable=False),
    ],
) -> float: ...
def coarsen(
    rows: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None, None), order="C", device="cpu", writable=False),
    ],
    weights: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None,), order="C", device="cpu", writable=False),
    ],
    levels: int,
) -> tuple[
    Annotated[memoryview, dict(dtype="float64", shape=(None, None), order="C")],
    Annotated[memoryview, dict(dtype="float64", shape=(None,), order="C")],
]: ...
def best_restarts(
    rows: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None, None), order="C", device="cpu", writable=False),
    ],
    weights: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None,), order="C", device="cpu", writable=False),
    ],
    *,
    k: int,
    seeding: Seeding,
    n_init: int,
    n_best: int,
    max_iter: int,
    tolerance: float,
    seed: int,
    n_threads: int,
) -> list[
    tuple[Annotated[memoryview, dict(dtype="float64", shape=(None, None), order="C")], int]
]: ...
def lloyd(
    rows: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None, None), order="C", device="cpu", writable=False),
    ],
    weights: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None,), order="C", device="cpu", writable=False),
    ],
    centroids: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None, None), order="C", device="cpu", writable=False),
    ],
    max_iter: int,
    tolerance: float,
    n_threads: int,
) -> tuple[
    Annotated[memoryview, dict(dtype="float64", shape=(None, None), order="C")],
    Annotated[memoryview, dict(dtype="int32", shape=(None,), order="C")],
    float,
    int,
]: ...
def best_fit(
    rows: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None, None), order="C", device="cpu", writable=False),
    ],
    weights: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None,), order="C", device="cpu", writable=False),
    ],
    starts: Sequence[
        Annotated[
            Buffer | NDArray[numpy.float64],
            dict(dtype="float64", shape=(None, None), order="C", device="cpu", writable=False),
        ]
    ],
    *,
    trial_iter: int,
    max_iter: int,
    tolerance: float,
    n_threads: int,
) -> tuple[
    Annotated[memoryview, dict(dtype="float64", shape=(None, None), order="C")],
    Annotated[memoryview, dict(dtype="int32", shape=(None,), order="C")],
    float,
    int,
    int,
]: ...
def nearest(
    rows: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None, None), order="C", device="cpu", writable=False),
    ],
    centroids: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None, None), order="C", device="cpu", writable=False),
    ],
    n_threads: int,
) -> Annotated[memoryview, dict(dtype="int32", shape=(None,), order="C")]: ...
def chain_alike(
    rows: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None, None), order="C", device="cpu", writable=False),
    ],
) -> Annotated[memoryview, dict(dtype="int32", shape=(None,), order="C")]: ...
def missed_colors(
    colors: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    counts: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None,), order="C", device="cpu", writable=False),
    ],
    palette: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    limit: int,
) -> Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")]: ...
def snap_to_dominant(
    colors: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    counts: Annotated[
        Buffer | NDArray[numpy.float64],
        dict(dtype="float64", shape=(None,), order="C", device="cpu", writable=False),
    ],
    labels: Annotated[
        Buffer | NDArray[numpy.int32],
        dict(dtype="int32", shape=(None,), order="C", device="cpu", writable=False),
    ],
    share: float,
    palette: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
) -> Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")]: ...
def missed_areas(
    areas: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    *,
    n_exact: int,
    palette: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    tolerance: float,
    apart: float,
    limit: int,
) -> Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")]: ...
def label_colors(
    colors: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    palette: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    space: Space,
    dims: int,
    n_threads: int,
) -> Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")]: ...
def copy_transparent(
    pixels: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    from_indices: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    indices: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
) -> Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")]: ...
def assign_size_aware(
    pixels: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    width: int,
    channels: int,
    contrast: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    palette: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    *,
    fidelity: float,
    rows: int,
    columns: int,
    far_tries: int,
    is_drawing: bool = False,
    n_threads: int,
) -> tuple[
    Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")],
    Annotated[memoryview, dict(dtype="uint16", shape=(None, 2), order="C")],
]: ...
def diffuse_error(
    pixels: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    width: int,
    channels: int,
    palette: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    strength: float,
    n_threads: int,
) -> Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")]: ...
def dither_ordered(
    pixels: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    width: int,
    channels: int,
    palette: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    n_threads: int,
) -> Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")]: ...
def renumber(
    indices: Annotated[
        Buffer | NDArray[numpy.uint8], dict(dtype="uint8", shape=(None,), order="C", device="cpu")
    ],
    places: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    n_threads: int,
) -> None: ...
def compare(
    pixels: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    width: int,
    channels: int,
    indices: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    palette: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    n_threads: int,
) -> tuple[list[int], float]: ...
def score(
    pixels: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    width: int,
    channels: int,
    indices: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    palette: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None, 4), order="C", device="cpu", writable=False),
    ],
    n_threads: int,
) -> float: ...
def ssimulacra2(
    original: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    distorted: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    width: int,
    height: int,
    n_threads: int,
) -> float: ...
def largest_index(
    indices: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
) -> int: ...
def pack_scanlines(
    indices: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    width: int,
    bit_depth: int,
) -> Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")]: ...
def filter_scanlines(
    scanlines: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    n_bytes: int,
) -> Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")]: ...
def deflate_copy_plan(
    indices: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    width: int,
    copy_plan: Annotated[
        Buffer | NDArray[numpy.uint16],
        dict(dtype="uint16", shape=(None, 2), order="C", device="cpu", writable=False),
    ],
    n_threads: int,
) -> Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")]: ...
def final_block(
    stream: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
) -> tuple[int, int]: ...
def lzw(
    indices: Annotated[
        Buffer | NDArray[numpy.uint8],
        dict(dtype="uint8", shape=(None,), order="C", device="cpu", writable=False),
    ],
    code_size: int,
) -> Annotated[memoryview, dict(dtype="uint8", shape=(None,), order="C")]: ...
def keep_freed_memory() -> None: ...
