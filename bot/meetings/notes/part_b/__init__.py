"""The confidential part of minutes: who may read it, and who opens it."""
