"""Colour management: from the colour space of a picture to sRGB.

`profiles` finds the space, from an ICC profile (`icc_read`) or from the chunks of a PNG
(`png_color_chunks`, for which `icc_write` writes a profile). `to_srgb` converts strips of the
picture, with `littlecms` or by the tone curve alone (`tone_curves`).
"""
