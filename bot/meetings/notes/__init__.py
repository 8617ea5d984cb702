"""From notes to a confirmed meeting."""
