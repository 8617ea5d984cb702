"""Messages to Slack, each of which appears once."""
