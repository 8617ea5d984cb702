"""Indexes over the library's passages, each derived from the database."""
