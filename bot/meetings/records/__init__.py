"""What is recorded of meetings: answered from, explained, listed and exported."""
