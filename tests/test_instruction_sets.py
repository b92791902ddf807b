"""Instruction sets: kernels compiled for a better processor give the plain one's bytes.

GCC compiles them for several, and the linker takes the best when the module is loaded. A copy of
the module is told that the processor has none of them, and its results are compared.
"""

import json
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import fewcolors
from fewcolors import _core

RELOCATIONS = 4  # a section of ELF with relocations, SHT_RELA
CHOSEN_WHEN_LOADED = 37  # R_X86_64_IRELATIVE: what the function at the addend returns
RETURN_ZERO = b"\x31\xc0\xc3"  # xor eax, eax; ret
CALL = 0xE8

WORK = """
import ctypes, hashlib, json, sys
import numpy as np
import fewcolors
from fewcolors import _core

rng = np.random.default_rng(0)
y, x = np.mgrid[:90, :131]
results = {}
for channels in (3, 4):
    waves = [128 + 90 * np.sin((x + c * y) / (23 + c)) for c in range(channels)]
    pixels = np.stack(waves, axis=2) + rng.normal(0, 9, (90, 131, channels))
    pixels = pixels.clip(0, 255).astype(np.uint8)
    for options in ({"quality": 60}, {"n_colors": 9, "method": "classic"}):
        result = fewcolors.compress(pixels, n_init=2, **options)
        digest = hashlib.sha256(result.data).hexdigest()
        results[f"{channels} {options}"] = [digest, result.score.hex()]
points = rng.normal(size=(3000, 9))
fit = _core.lloyd(points, np.ones(3000), points[:12].copy(), 30, 0.0, 2)
results["points"] = hashlib.sha256(np.asarray(fit[0]).tobytes()).hexdigest()

with open("/proc/self/maps") as maps:
    base = min(int(line.split("-")[0], 16) for line in maps if _core.__file__ in line)
slots = json.load(sys.stdin)
chosen = [
    int.from_bytes(ctypes.string_at(base + slot, 8), sys.byteorder) - base for slot in slots
]
print(json.dumps({"results": results, "chosen": chosen}))
"""


class Choice(NamedTuple):
    """A function of which the module has several versions.

    Attributes:
        slot: the address, in the loaded module, of the pointer to the one that is used.
        chooser: the place, in the file, of the function that returns it.
    """

    slot: int
    chooser: int


def choices_of(module: bytes) -> list[Choice]:
    sections, (size, count) = (
        struct.unpack_from("<Q", module, 0x28)[0],
        struct.unpack_from("<HH", module, 0x3A),
    )
    found = []
    for number in range(count):
        header = struct.unpack_from("<IIQQQQIIQQ", module, sections + number * size)
        kind, start, length, entry_size = header[1], header[4], header[5], header[9]
        if kind != RELOCATIONS:
            continue
        for place in range(start, start + length, entry_size):
            slot, info, addend = struct.unpack_from("<QQq", module, place)
            if info & 0xFFFFFFFF == CHOSEN_WHEN_LOADED:
                found.append(Choice(slot, addend))
    return found


def without_instruction_sets(module: bytes, choices: list[Choice]) -> bytes:
    """Returns the module with a look at the processor that sees nothing.

    Every chooser begins with a call of that look, which fills in what is then decided by.
    """
    patched = bytearray(module)
    for choice in choices:
        call = module.index(CALL, choice.chooser, choice.chooser + 16)
        (distance,) = struct.unpack_from("<i", module, call + 1)
        look = call + 5 + distance
        patched[look : look + len(RETURN_ZERO)] = RETURN_ZERO
    return bytes(patched)


def work(folder: Path, choices: list[Choice]) -> Any:
    run = subprocess.run(
        [sys.executable, "-c", WORK],
        input=json.dumps([choice.slot for choice in choices]).encode(),
        capture_output=True,
        env=os.environ | {"PYTHONPATH": os.fspath(folder)},
        timeout=60,
        check=True,
    )
    return json.loads(run.stdout)


@pytest.mark.long
def test_the_plain_kernels_give_the_same_bytes(tmp_path: Path) -> None:
    path = Path(_core.__file__)
    module = path.read_bytes()
    is_64_bit_elf = module[:6] == b"\x7fELF\x02\x01"
    is_x86 = is_64_bit_elf and struct.unpack_from("<H", module, 0x12)[0] == 62
    choices = choices_of(module) if is_x86 else []
    if not choices:
        pytest.skip("the kernels are compiled for one instruction set here")
    copy = tmp_path / "fewcolors"
    shutil.copytree(
        Path(fewcolors.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__")
    )
    usual = work(tmp_path, choices)
    (copy / path.name).write_bytes(without_instruction_sets(module, choices))
    plain = work(tmp_path, choices)
    if usual["chosen"] == plain["chosen"]:
        pytest.skip("this processor has the plain instruction set alone")
    differ = [a != b for a, b in zip(usual["chosen"], plain["chosen"], strict=True)]
    assert all(differ)
    assert plain["results"] == usual["results"]
