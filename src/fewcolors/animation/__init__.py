"""Animations: the pipeline over many frames, with one palette for all of them.

    source -> sheet -> histogram -> palette -> indices -> patches -> APNG, GIF or WebP

Frames are read anew for each pass over them, so that one is in memory at a time.
"""
