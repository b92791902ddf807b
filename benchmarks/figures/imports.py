"""What the command imports on the way of a plain PNG, and what starting costs."""

import statistics
import subprocess
import sys
from collections.abc import Iterator

from measure import command_of, run_process

from .lab import Lab

RUNS = 11
PICTURE = "kodim05"
CLASSIC = ("--method", "classic", "--effort", "fast")
RUN_COMMAND = "import sys; from fewcolors.cli import main; main(sys.argv[1:])"
LIST_MODULES = "; print(*sys.modules, file=sys.stderr)"


def measure(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields how many modules a run has loaded, and the times of starting."""
    target = lab.folder / "started.png"
    [picture] = lab.photos(PICTURE)
    run = ["compress", str(picture), "-k", "16", "--force", "--quiet", "-o", str(target)]
    modules = modules_after(RUN_COMMAND, *run) - modules_after("import sys")
    yield "modules", len(modules)
    yield "own_modules", sum(name.partition(".")[0] == "fewcolors" for name in modules)
    yield "numpy", "numpy" in modules
    if lab.is_timed:
        yield from times(run)


def modules_after(program: str, *arguments: str) -> set[str]:
    """Returns the names of the modules that a program leaves behind."""
    listed = subprocess.run(
        [sys.executable, "-c", program + LIST_MODULES, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(listed.stderr.split())


def times(run: list[str]) -> Iterator[tuple[str, float]]:
    """Yields medians of processor time; the commands run in turn."""
    python = [sys.executable, "-c"]
    commands = {
        "python": [*python, ""],
        "command": [command_of("fewcolors"), "--version"],
        "start": [*python, "import fewcolors.cli.compress, fewcolors.pipeline"],
        "kernels": [*python, "from fewcolors import _core"],
        "package": [*python, "import fewcolors"],
        "command_and_numpy": [*python, "import fewcolors.cli, PIL.Image, numpy"],
        "command_alone": [*python, "import fewcolors.cli, PIL.Image"],
        "run": [command_of("fewcolors"), *run, *CLASSIC],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, command in commands.items():
            taken[name].append(1000 * run_process(command).processor_seconds)
    median = {name: statistics.median(values) for name, values in taken.items()}
    for name in ("python", "command", "start", "run"):
        yield f"{name}.milliseconds", median[name]
    yield "kernels.milliseconds", median["kernels"] - median["package"]
    yield "start.share_of_run", median["start"] / median["run"]
    numpy = median["command_and_numpy"] - median["command_alone"]
    yield "numpy.share_of_start", numpy / median["command_and_numpy"]
