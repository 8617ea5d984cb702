"""How minutes are laid out: lines, sections, tables."""
