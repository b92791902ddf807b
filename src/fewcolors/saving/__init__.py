"""Writes files whole or not at all: beside the target first, then renamed over it."""
