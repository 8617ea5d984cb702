"""Actions as their owners see them, and what becomes of each."""
