"""The words that Trustbot gives to a language model, one named and versioned text a file."""
