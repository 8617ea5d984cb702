"""The digest's chart and its caption."""
