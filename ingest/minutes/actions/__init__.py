"""Actions and decisions in minutes."""
