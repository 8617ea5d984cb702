"""A question, parsed."""
