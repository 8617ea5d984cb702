"""What a digest says, and in which order."""
