"""Whole days of work, over real HTTP and sockets, against a Slack workspace on this machine."""
