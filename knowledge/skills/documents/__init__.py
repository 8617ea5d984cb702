"""Documents found by what people call them, and described."""
