"""A folder or a bucket of pictures, compressed by any engine, with a manifest of what is done.

`run.py` is the story: the pictures of the source are listed, those that the manifest says are done
are left out, an engine compresses the others, and their rows are added to the manifest.
"""
