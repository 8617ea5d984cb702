"""Files of every kind that is read, turned into blocks."""
