"""The weekly digest: every week, every school, on the standard agenda items, exactly once."""
