"""The next agenda of a body, and when it meets."""
