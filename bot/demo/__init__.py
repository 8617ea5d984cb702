"""The demo: a Slack on this machine, a sample trust in it, and the tour."""
