"""One file per source format, all of the shape described in `base`."""
