"""Likely pupils' names that stand near a concern are taken out of a text."""
