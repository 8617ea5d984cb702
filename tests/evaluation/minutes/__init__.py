"""How well minutes are read, in figures: minutes that we write ourselves, in many layouts and formats, with gold."""
