"""Lets ``python -m fewcolors`` stand for the command ``fewcolors``."""

if __name__ == "__main__":  # worker processes of the service run this file under another name
    from .cli import run_process

    run_process()
