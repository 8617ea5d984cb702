"""The words that Trustbot gives to a language model, one named and versioned text a file."""

from prompts.loading import Prompt, load, names

__all__ = ["Prompt", "load", "names"]
