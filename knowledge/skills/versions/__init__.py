"""What has changed, and how two versions differ."""
