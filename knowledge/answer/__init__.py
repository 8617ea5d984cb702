"""From a question to an answer: retrieve, quote, decide, cite."""
