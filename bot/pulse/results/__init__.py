"""What is published of a wave, and what is not."""
