"""Recognises words about a child at risk: patterns, and a small model beside them that was trained on sentences."""
