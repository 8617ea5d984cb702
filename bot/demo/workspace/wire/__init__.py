"""How events reach the app and answers come back."""
