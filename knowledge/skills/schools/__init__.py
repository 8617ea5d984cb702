"""Schools set side by side."""
