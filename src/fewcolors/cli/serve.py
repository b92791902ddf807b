"""``fewcolors serve``: a page and an API on this machine, and the Tinify protocol."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..limits import LARGEST_MAX_FRAMES, LARGEST_MAX_PIXELS, MAX_THREADS
from .arguments import integer, number, size
from .faults import Fault
from .streams import print_error, print_line

if TYPE_CHECKING:
    from ..serve.keys import Key
    from ..serve.settings import Settings

__all__ = ["add_parser"]

KEYS_VARIABLE = "FEWCOLORS_API_KEYS"
MOST_WAITING = 100_000
LONGEST_SECONDS = 86_400.0
MOST_HOURS = 100_000.0


def add_parser(
    subcommands: "argparse._SubParsersAction[Any]", formatter: type[argparse.HelpFormatter]
) -> None:
    """Declares the subcommand."""
    parser = subcommands.add_parser(
        "serve",
        help="a page to drop pictures on, an API, and the Tinify protocol",
        description="Serve a page to drop pictures on, an API and the Tinify protocol. It prints "
        "its address, and ends with Ctrl-C. Only this machine reaches it, unless --host says "
        "otherwise.",
        formatter_class=formatter,
        epilog=f"API keys come from --keys, or from {KEYS_VARIABLE}, with commas between them.",
    )
    parser.set_defaults(run=run, error=parser.error)
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="listen here (default: %(default)s)"
    )
    parser.add_argument(
        "--port",
        type=integer("--port", 0, 65535),
        default=8000,
        metavar="N",
        help="listen here; 0 for any that is free (default: %(default)s)",
    )
    parser.add_argument(
        "--state",
        metavar="DIR",
        help="where counts and outputs are kept (default: the user's state folder)",
    )
    parser.add_argument("--certificate", metavar="FILE", help="speak TLS, with this certificate")
    parser.add_argument("--private-key", metavar="FILE", help="that of --certificate")
    access = parser.add_argument_group("access")
    access.add_argument("--keys", metavar="FILE", help="who may use it: see --new-key")
    access.add_argument(
        "--new-key", metavar="NAME", help="print a key and its line for --keys, and end"
    )
    access.add_argument(
        "--quota",
        metavar="N",
        type=integer("--quota", 0, 10**12),
        help="with --new-key: pictures a month",
    )
    access.add_argument(
        "--insecure", action="store_true", help="let everybody use it who reaches --host"
    )
    access.add_argument(
        "--allow-host",
        metavar="NAME",
        action="append",
        default=[],
        help="answer under this name too, such as that of a proxy; may be repeated",
    )
    access.add_argument(
        "--allow-urls",
        action="store_true",
        help="fetch pictures from public addresses that clients of the Tinify protocol name",
    )
    _add_limits(parser)
    _add_disk(parser)


def _add_limits(parser: argparse.ArgumentParser) -> None:
    limits = parser.add_argument_group("limits")
    limits.add_argument(
        "--workers",
        metavar="N",
        type=integer("--workers", 1, MAX_THREADS),
        help="processes that compress (default: one a processor)",
    )
    limits.add_argument(
        "--queue",
        metavar="N",
        type=integer("--queue", 0, MOST_WAITING),
        default=32,
        help="pictures that may wait; more are answered with 429 (default: %(default)s)",
    )
    limits.add_argument(
        "--max-pixels",
        metavar="N",
        type=integer("--max-pixels", 1, LARGEST_MAX_PIXELS),
        default=25_000_000,
        help="refuse larger pictures (default: %(default)s)",
    )
    limits.add_argument(
        "--max-frames",
        metavar="N",
        type=integer("--max-frames", 1, LARGEST_MAX_FRAMES),
        default=500,
        help="refuse animations of more frames (default: %(default)s)",
    )
    limits.add_argument(
        "--max-file-bytes",
        metavar="SIZE",
        type=size("--max-file-bytes"),
        default=50_000_000,
        help="refuse larger files (default: 50MB)",
    )
    limits.add_argument(
        "--seconds",
        metavar="N",
        type=number("--seconds", 0.1, LONGEST_SECONDS),
        default=30.0,
        help="time of a picture, after which its worker is killed (default: %(default)s)",
    )
    limits.add_argument(
        "--worker-memory",
        metavar="SIZE",
        type=size("--worker-memory"),
        default=2 << 30,
        help="address space of a worker (default: 2GiB)",
    )


def _add_disk(parser: argparse.ArgumentParser) -> None:
    disk = parser.add_argument_group("results that wait to be fetched")
    disk.add_argument(
        "--keep-hours",
        metavar="N",
        type=number("--keep-hours", 0, MOST_HOURS),
        default=24.0,
        help="how long results of /shrink are kept (default: %(default)s)",
    )
    disk.add_argument(
        "--keep-bytes",
        metavar="SIZE",
        type=size("--keep-bytes"),
        default=1 << 30,
        help="of all these together; the oldest go first (default: 1GiB)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serves until it is interrupted.

    Returns:
        The exit status.
    """
    try:
        from ..serve.keys import key_line, new_key
        from ..serve.run import serve
    except ModuleNotFoundError as error:
        needed = 'pip install "fewcolors[server]" installs it'
        print_error(f"serve needs the package {error.name}; {needed}")
        return 1
    if arguments.new_key is not None:
        if len(arguments.new_key.split()) != 1 or "#" in arguments.new_key:
            arguments.error("--new-key takes a name without spaces and #")
        key = new_key()
        print_error(key, start="the key, which is not shown again: ")
        print_line(key_line(arguments.new_key, key, arguments.quota), sys.stdout)
        return 0
    if arguments.quota is not None:
        arguments.error("--quota needs --new-key")
    if (arguments.certificate is None) != (arguments.private_key is None):
        arguments.error("--certificate and --private-key go together")
    try:
        settings = _settings(arguments)
        serve(settings, lambda address: print_line(address, sys.stdout))
    except Fault as fault:
        print_error(str(fault))
        return fault.status
    except OSError as error:
        print_error(f"cannot serve on {arguments.host} port {arguments.port}: {error.strerror}")
        return 1
    return 0


def _settings(arguments: argparse.Namespace) -> "Settings":
    from ..serve.settings import Settings, default_state_folder

    keys = _keys(arguments)
    given = {} if arguments.workers is None else {"workers": arguments.workers}
    state = Path(arguments.state) if arguments.state is not None else default_state_folder()
    try:
        return Settings(
            host=arguments.host,
            port=arguments.port,
            state=state,
            keys=keys,
            insecure=arguments.insecure,
            host_names=tuple(arguments.allow_host),
            queue=arguments.queue,
            max_pixels=arguments.max_pixels,
            max_frames=arguments.max_frames,
            max_file_bytes=arguments.max_file_bytes,
            max_buffered_bytes=8 * arguments.max_file_bytes,
            keep_seconds=3600 * arguments.keep_hours,
            keep_bytes=arguments.keep_bytes,
            allow_urls=arguments.allow_urls,
            certificate=arguments.certificate,
            private_key=arguments.private_key,
            seconds=arguments.seconds,
            worker_bytes=arguments.worker_memory,
            **given,
        )
    except ValueError as error:
        arguments.error(str(error))
        raise AssertionError from error  # error() has ended the program


def _keys(arguments: argparse.Namespace) -> "tuple[Key, ...]":
    """Reads the keys, and takes those of the environment out of it: workers need none."""
    from ..serve.keys import Key, digest_of, read_keys

    named = os.environ.pop(KEYS_VARIABLE, "").split(",")
    keys = tuple(
        Key(f"{KEYS_VARIABLE}-{number}", digest_of(key.strip()))
        for number, key in enumerate(named, 1)
        if key.strip()
    )
    if arguments.keys is None:
        return keys
    try:
        with open(arguments.keys, encoding="utf-8") as file:
            return (*keys, *read_keys(file))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "no text"
        raise Fault(f"{arguments.keys}: cannot be read ({reason}); check --keys") from None
    except ValueError as error:
        raise Fault(f"{arguments.keys}: {error}") from None
