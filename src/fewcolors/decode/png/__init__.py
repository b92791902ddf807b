"""PNG: its chunks are checked here, and plain pixels are decoded; all others are by Pillow.

Pillow would decode the whole picture at once, refuse it for a damaged text, and take one whose
pixels end early. So `chunks` reads the file, and `rows` hands Pillow a strip of rows at a time as a
small PNG of its own. Two copies of a large picture never exist at once.
"""
