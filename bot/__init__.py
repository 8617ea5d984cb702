"""Everything that acts: Slack, the clock and the command line."""
