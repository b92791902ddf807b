"""Figures of a compression: the original beside the result."""
