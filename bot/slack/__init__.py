"""The edge to Slack: the line, what it takes to acknowledge in time, forms, files and Block Kit."""
