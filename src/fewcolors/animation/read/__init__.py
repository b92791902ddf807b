"""Animated files -> frames, one at a time: a reader for each way to store them."""
