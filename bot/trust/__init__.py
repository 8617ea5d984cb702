"""The trust file in force: its versions in the database, the copy on this machine, and how a process sees it."""
