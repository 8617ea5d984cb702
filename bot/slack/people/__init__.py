"""Who is who in the workspace, what they may read, and when they may be written to."""
