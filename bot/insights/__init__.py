"""Insights: what is asked, what the documents do not answer yet, what was unhelpful, what is stale or at odds."""
