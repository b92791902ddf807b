"""Bytes and scores of pictures at several qualities, beside pngquant's, as JSON and as a table.

    python benchmarks/curves.py PICTURE... [--anchors FILE] [--effort balanced] [--output FILE]

The score is SSIMULACRA 2; with alpha, the mean of those on white, mid grey and black. The figure is
the Bjontegaard delta rate: the mean difference of the logarithms of bytes over the scores, from 30
up, that both curves reach, in per cent. Where that is less than three points, it is the difference
in bytes at the best score that both reach. pngquant's points come from the file of anchors, an
object of lists of [bytes, score] by "name bytes-of-file"; missing ones are measured (16 to 256
colours, dithered and not, then oxipng) and added to it. Also told: by how much bytes rise at most
as the quality falls, how far scores are from what was asked for, and processor seconds a picture.
"""

import argparse
import io
import json
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
from figures.pareto import pareto_front
from measure import Point, command_of
from PIL import Image

import fewcolors
from fewcolors import _core

QUALITIES = (30.0, 40.0, 50.0, 60.0, 70.0, 75.0, 80.0, 85.0, 90.0, 95.0)
COLORS = (16, 32, 64, 96, 128, 192, 256)
GROUNDS = (255, 128, 0)
LEAST_SCORE = 30.0
LEAST_RANGE = 3.0
STEPS = 200
OXIPNG_LEVEL = 4


def seen(image: Image.Image, has_alpha: bool) -> list[Image.Image]:
    """Returns a picture as it is seen: on each ground, or once if it is opaque."""
    if not has_alpha:
        return [image.convert("RGB")]
    rgba = image.convert("RGBA")
    return [
        Image.alpha_composite(Image.new("RGBA", image.size, (g, g, g, 255)), rgba).convert("RGB")
        for g in GROUNDS
    ]


class Original:
    """A picture, and how results score beside it."""

    def __init__(self, path: Path) -> None:
        """Reads it."""
        self.path = path
        with Image.open(path) as image:
            image.load()
            alphas = image.convert("RGBA").getchannel("A").getextrema()
            self.has_alpha = image.has_transparency_data and alphas != (255, 255)
            self.seen = seen(image, self.has_alpha)

    def score(self, data: bytes) -> float:
        """Returns the score of a file."""
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            views = seen(image, self.has_alpha)
        pairs = zip(self.seen, views, strict=True)
        return float(
            np.mean(
                [
                    _core.ssimulacra2(a.tobytes(), b.tobytes(), a.width, a.height, 1)
                    for a, b in pairs
                ]
            )
        )


def anchor_points(original: Original) -> list[tuple[int, float]]:
    """Returns bytes and scores of pngquant's results, made as small as oxipng can."""
    import oxipng

    points = []
    for colors in COLORS:
        for flags in ((), ("--nofs",)):
            command = [command_of("pngquant"), *flags, str(colors), "-"]
            made = subprocess.run(
                command, input=original.path.read_bytes(), capture_output=True, check=True
            ).stdout
            data = oxipng.optimize_from_memory(made, level=OXIPNG_LEVEL)
            points.append((len(data), round(original.score(data), 3)))
    return points


def our_points(original: Original, qualities: list[float], effort: Any) -> list[dict[str, float]]:
    """Returns what `compress` makes at each quality, on one thread."""
    points = []
    for quality in qualities:
        start = time.process_time()
        result = fewcolors.compress(original.path, quality=quality, effort=effort, n_threads=1)
        seconds = time.process_time() - start
        points.append(
            {
                "quality": quality,
                "bytes": len(result.data),
                "score": original.score(result.data),
                "told": result.score,
                "colors": result.n_colors,
                "seconds": seconds,
            }
        )
    return points


def delta_rate(theirs: list[Point], ours: list[Point]) -> tuple[float, float]:
    """Returns the difference in bytes in per cent, and the width of the range of scores."""
    a, p = (np.array(pareto_front(points)) for points in (theirs, ours))
    low, high = max(a[0, 1], p[0, 1], LEAST_SCORE), min(a[-1, 1], p[-1, 1])
    if high - low < LEAST_RANGE:
        top = min(a[-1, 1], p[-1, 1])
        sizes = [curve[np.searchsorted(curve[:, 1], top - 0.1), 0] for curve in (a, p)]
        return float((sizes[1] / sizes[0] - 1) * 100), max(0.0, float(high - low))
    grid = np.linspace(low, high, STEPS)
    logs = [np.interp(grid, curve[:, 1], np.log(curve[:, 0])) for curve in (a, p)]
    return float(np.exp((logs[1] - logs[0]).mean()) - 1) * 100, float(high - low)


def rise(points: list[dict[str, float]]) -> float:
    """Returns by how many per cent bytes rise at most while the quality falls."""
    ordered = sorted(points, key=lambda point: -point["quality"])
    least, most = float("inf"), 0.0
    for point in ordered:
        most = max(most, point["bytes"] / least - 1 if least < float("inf") else 0.0)
        least = min(least, point["bytes"])
    return 100 * most


def measured(path: Path, anchors: dict[str, Any] | None, arguments: Any) -> dict[str, Any]:
    """Measures one picture, and prints its line."""
    original = Original(path)
    points = our_points(original, arguments.qualities, arguments.effort)
    row: dict[str, Any] = {"picture": path.name, "points": points, "rise": rise(points)}
    reached = [point for point in points if point["quality"] <= max(p["score"] for p in points)]
    misses = [abs(point["score"] - point["quality"]) for point in reached]
    row["miss"] = float(np.mean(misses)) if misses else None
    row["seconds"] = float(np.mean([point["seconds"] for point in points]))
    if anchors is not None:
        key = f"{path.name} {path.stat().st_size}"
        if key not in anchors:
            anchors[key] = anchor_points(original)
        ours = [Point(int(point["bytes"]), point["score"]) for point in points]
        row["rate"], row["range"] = delta_rate([Point(*point[:2]) for point in anchors[key]], ours)
    rate = f"{row['rate']:+7.1f} % over {row['range']:4.1f} points" if "rate" in row else ""
    print(f"{path.name:28} {rate}  rise {row['rise']:.1f} %  {row['seconds']:.2f} s", flush=True)
    return row


def main() -> None:
    """Measures all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", nargs="+", type=Path)
    parser.add_argument("--anchors", type=Path)
    parser.add_argument("--effort", default="balanced")
    parser.add_argument("--output", type=Path)
    parser.add_argument(
        "--qualities",
        type=lambda text: [float(part) for part in text.split(",")],
        default=list(QUALITIES),
    )
    arguments = parser.parse_args()
    anchors = None
    if arguments.anchors is not None:
        has_some = arguments.anchors.exists()
        anchors = json.loads(arguments.anchors.read_text()) if has_some else {}
    known = len(anchors or {})
    rows = [measured(path, anchors, arguments) for path in arguments.pictures]
    if anchors is not None:
        if len(anchors) > known:
            arguments.anchors.write_text(json.dumps(anchors))
        rates = [row["rate"] for row in rows]
        print(f"mean {np.mean(rates):+.1f} %, worst {max(rates):+.1f} %")
    if arguments.output is not None:
        arguments.output.write_text(json.dumps(rows))


if __name__ == "__main__":
    main()
