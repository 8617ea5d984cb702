"""Cited answers: questions asked in Slack, answered from what the reader may read."""
