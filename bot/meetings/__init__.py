"""The meetings room: from notes to followed-up actions, and on to the next agenda."""
