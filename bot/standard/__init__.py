"""Standard answers: approved by an administrator, given first to those who may read them, reviewed on their day."""
