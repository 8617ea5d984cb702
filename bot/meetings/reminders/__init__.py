"""Who is reminded of what, and when: planned from records, sent once."""
