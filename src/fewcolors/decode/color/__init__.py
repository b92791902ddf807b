"""What the values of a picture mean: colour profiles, tone curves and the way to sRGB."""
