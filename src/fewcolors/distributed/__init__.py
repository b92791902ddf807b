"""The same pipeline on engines that span processes and machines.

Pictures are compressed where they are. Where they share a palette, each part makes a histogram;
the histograms are merged, k-means runs once, and the palette is assigned part by part.
"""
