"""Answers that a language model writes and that this code holds to the documents' own words."""
