"""What a document is: kind, title, dates, school, version, family."""
