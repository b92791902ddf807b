"""Lets ``python -m fewcolors`` stand for the command ``fewcolors``."""

from .cli import run_process

if __name__ == "__main__":
    run_process()
