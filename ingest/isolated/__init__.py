"""Reading in a process of its own what came from outside."""
