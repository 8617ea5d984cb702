"""Blocks and messages as HTML."""
