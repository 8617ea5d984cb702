"""A language model on this machine, for tests: scripted, over HTTP."""
