"""How results look in a terminal: text for people, JSON for programs."""
