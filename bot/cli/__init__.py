"""The command line: one file a group of verbs, and how results look."""
