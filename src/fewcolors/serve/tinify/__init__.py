"""The Tinify protocol, as its clients speak it.

routes.py      POST /shrink, GET and POST /output/NAME
commands.py    from JSON to checked commands
jobs.py        what a worker does: resize, then each format, then the smallest
resize.py      scale, fit, cover, thumb
lossy.py       JPEG, AVIF and WebP, at the quality that reaches the score
preserve.py    the part of the metadata that is asked for
"""
