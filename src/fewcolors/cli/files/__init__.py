"""Many files: find them, skip what is done, compress each on a thread, write and report.

inputs -> targets -> run (threads -> one_file, skipping) -> report, progress
"""
