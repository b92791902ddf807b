"""Lets ``python -m fewcolors`` stand for the command ``fewcolors``."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
