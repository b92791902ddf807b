"""``fewcolors batch``: a folder or a bucket of pictures, by an engine of one's choice."""

import argparse
import contextlib
import sys
import time
from typing import TYPE_CHECKING, Any

from ..distributed.engines import ENGINES, EngineError
from ..formats import FORMAT_CHOICES
from ..options import Options
from .choices import add_choices, add_kept, add_picture_limits, add_recipe, given_palette
from .faults import Fault, escaped, in_options, quoted_name
from .files.inputs import is_picture
from .files.progress import Progress
from .files.report import Report, Totals, summary_line
from .streams import print_error, print_line

if TYPE_CHECKING:
    from ..distributed.batch.run import Batch
    from ..distributed.batch.work import Entry

__all__ = ["add_parser"]

SOURCE_OF = {"distributed": "fewcolors[dask]", "pyspark": "fewcolors[spark]"}
"""What brings the package of an engine; the extra ``batch`` brings the others."""


def add_parser(
    subcommands: "argparse._SubParsersAction[Any]", formatter: type[argparse.HelpFormatter]
) -> None:
    """Declares the subcommand."""
    parser = subcommands.add_parser(
        "batch",
        help="compress a folder or a bucket, on threads, Dask or Spark",
        description="Compress all pictures of a folder or a bucket. Each keeps its name and its "
        "place in the tree, with the suffix of its result. TARGET/manifest tells in Parquet what "
        "became of each; what it says is done is not done again, so that a run that was killed "
        "goes on where it was. Files in TARGET with the names of results are replaced.",
        formatter_class=formatter,
        epilog="Exit status: 0 all pictures have a result, 1 some has none, 2 wrong usage, "
        "130 interrupted.",
    )
    parser.set_defaults(run=run_batch, error=parser.error)
    parser.add_argument(
        "source",
        metavar="SOURCE",
        help="a folder, with all below it, or a pattern such as 's3://bucket/photos/*.jpg'",
    )
    parser.add_argument(
        "target", metavar="TARGET", help="a folder, here or in a store: s3://bucket/small, gs://..."
    )
    parser.add_argument(
        "--engine", choices=ENGINES, default="local", help="who works (default: %(default)s)"
    )
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="Dask's scheduler or Spark's master, such as tcp://host:8786 or yarn "
        "(default: this machine)",
    )
    parser.add_argument(
        "--retry-errors",
        action="store_true",
        help="try pictures again that could not be compressed",
    )
    add_choices(parser)
    parser.add_argument(
        "--format",
        choices=FORMAT_CHOICES,
        help="of the results; auto is the smaller of png and webp (default: png; an animation "
        "keeps its format)",
    )
    add_kept(parser)
    parser.add_argument("--quiet", action="store_true", help="report nothing but errors")
    add_recipe(parser)
    limits = add_picture_limits(parser)
    limits.add_argument(
        "--allow-damaged",
        action="store_true",
        help="take what can be decoded of a damaged picture",
    )


def run_batch(arguments: argparse.Namespace) -> int:
    """Compresses every picture that is not done yet.

    Returns:
        The exit status.
    """
    if arguments.cluster is not None and arguments.engine == "local":
        arguments.error("--cluster needs --engine dask or spark")
    try:
        arguments.palette = given_palette(arguments)
        options = Options(**{name: getattr(arguments, name) for name in Options._fields})
    except Fault as fault:
        print_error(str(fault))
        return fault.status
    except ValueError as error:
        arguments.error(in_options(error))
    try:
        from ..distributed.batch.place import PlaceError
        from ..distributed.batch.run import plan
    except ModuleNotFoundError as error:
        return _missing(error)
    try:
        batch = plan(
            arguments.source,
            arguments.target,
            options,
            is_picture,
            retry_errors=arguments.retry_errors,
        )
        return _compress(batch, arguments, options.threads)
    except ModuleNotFoundError as error:
        return _missing(error)
    except (EngineError, PlaceError) as error:
        print_error(escaped(str(error)))
        return 1


def _compress(batch: "Batch", arguments: argparse.Namespace, n_threads: int) -> int:
    from ..distributed.batch.run import run

    totals, start = Totals(), time.monotonic()
    totals.counts["skipped"] = batch.n_done
    progress = Progress(len(batch.pictures) + batch.n_done, totals, wanted=not arguments.quiet)
    if batch.pictures:
        steps = run(batch, arguments.engine, n_threads, arguments.cluster)
        with contextlib.closing(steps):
            for entries in steps:
                for entry in entries:
                    _tell(entry, totals, progress)
                progress.draw()
    progress.clear()
    if not arguments.quiet:
        print_line(escaped(_summary(batch, totals, time.monotonic() - start)), sys.stdout)
    return int(totals.counts["failed"] + batch.n_failed > 0)


def _tell(entry: "Entry", totals: Totals, progress: Progress) -> None:
    """Counts a picture, and tells of its fault if it has one."""
    if entry.error is None:
        totals.add(Report("written", "", None, entry.bytes_in or 0, entry.bytes_out or 0))
        return
    totals.add(Report("failed", ""))
    progress.clear()
    print_error(f"{quoted_name(entry.file)}: {in_options(entry.error)}")


def _summary(batch: "Batch", totals: Totals, seconds: float) -> str:
    line = summary_line(totals, seconds)
    if batch.n_failed:
        line += f"; {batch.n_failed:,} failed before (--retry-errors tries them again)"
    return line


def _missing(error: ModuleNotFoundError) -> int:
    """Tells which package is missing, and how to install it."""
    package = (error.name or "").partition(".")[0]
    source = SOURCE_OF.get(package, "fewcolors[batch]")
    print_error(f'batch needs the package {package}; pip install "{source}" installs it')
    return 1
