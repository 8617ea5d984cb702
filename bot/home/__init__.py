"""App Home, help, and what every app owes Slack: an answer to whatever it sends."""
