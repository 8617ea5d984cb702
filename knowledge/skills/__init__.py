"""Conversation: a follow-up is made a whole question, by rule and without a model."""
