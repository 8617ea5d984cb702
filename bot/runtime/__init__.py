"""What a process needs to run for long: database, inbox, scheduler, failures."""
