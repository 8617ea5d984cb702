"""What is kept of people and for how long: privacy, own data, audit, retention, holds, search for an administrator."""
