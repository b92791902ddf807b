"""Writes the figures of figures.json into README and docs, between the marks that stand there.

    python benchmarks/readme.py [--check]

`--check` writes nothing, and ends with 1 where a text has other figures. A region whose figures
were never measured is left as it is, and named.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from figures.lab import ROOT
from figures.record import Record, read_record
from figures.regions import REGIONS

TEXTS = ("README.md", "docs/quality.md", "docs/decisions.md")
REGION = re.compile(
    r"(?P<start><!-- figures: (?P<name>\w+) -->\n)(?P<body>.*?)(?P<end><!-- /figures -->)",
    re.DOTALL,
)


class Rewritten(NamedTuple):
    """A text with the figures of a record.

    Attributes:
        text: as it should be.
        unknown: the names of the regions whose figures are not in the record.
    """

    text: str
    unknown: tuple[str, ...]


def rewritten(text: str, record: Record) -> Rewritten:
    """Returns a text with the figures of a record in its regions."""
    unknown = []

    def body_of(region: re.Match[str]) -> str:
        name = region["name"]
        groups, write = REGIONS[name]
        if not all(group in record for group in groups):
            unknown.append(name)
            return region[0]
        try:
            body = write(record)
        except KeyError as missing:  # a run that left some of the group's figures out
            unknown.append(f"{name} ({missing.args[0]})")
            return region[0]
        return f"{region['start']}{body}\n{region['end']}"

    return Rewritten(REGION.sub(body_of, text), tuple(unknown))


def stale(record: Record, *, root: Path = ROOT, writes: bool) -> Iterator[str]:
    """Yields the texts whose figures are others, and writes them anew."""
    for name in TEXTS:
        path = root / name
        text = path.read_text(encoding="utf-8")
        new = rewritten(text, record)
        for region in new.unknown:
            print(f"{name}: {region} was never measured", file=sys.stderr)
        if new.text != text:
            if writes:
                path.write_text(new.text, encoding="utf-8")
            yield name


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="only say which texts are stale")
    arguments = parser.parse_args()
    found = list(stale(read_record(), writes=not arguments.check))
    for name in found:
        print(f"{name} {'has other figures' if arguments.check else 'written'}")
    return 1 if found and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
