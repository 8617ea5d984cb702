"""The workspace as a page in the browser: what a person of it sees, and the doors through which they act."""
