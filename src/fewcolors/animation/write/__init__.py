"""Frames of indices -> animated files: a writer for each format."""
