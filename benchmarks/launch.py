"""Runs a command and prints, as JSON, its status and what it took.

    python benchmarks/launch.py COMMAND...

A process of its own: Linux counts the memory of the process that starts another as the other's
peak, so that a small one has to start what is measured. What the command says on standard error
goes through.
"""

import json
import os
import subprocess
import sys
import time

start = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
seconds = time.perf_counter() - start
process.returncode = os.waitstatus_to_exitcode(status)
bytes_a_unit = 1 if sys.platform == "darwin" else 1024
print(
    json.dumps(
        [
            process.returncode,
            seconds,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss * bytes_a_unit,
        ]
    )
)
