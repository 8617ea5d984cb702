"""The index in Chroma, embedded or on a server."""
