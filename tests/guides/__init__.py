"""What the project says of itself in Markdown, held to what there is."""
