"""Files in: read, described, split and put into the library."""
