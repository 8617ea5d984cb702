"""Slack's rules for blocks, and the check of a message or view."""
